import { Text } from '@mantine/core';
import { IconFlask, IconHierarchy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { projectPath } from '@/frame/project';
import { shortId } from '@/ui/format';
import { EmptyState, Loaded } from '@/ui/states';
import { runs } from '../queries';
import { useRun } from './context';
import { EdgeName } from './edges';
import classes from './lineage.module.css';

/** Where the run came from at the left, the run, what came of it at the right. */
export default function LineageTab() {
  const { run, project } = useRun();
  return (
    <Loaded query={useQuery(runs.lineage(project, run.id))}>
      {({ program, source, parent, children, inputs, outputs }) => {
        const from: [string, ReactNode][] = [];
        if (program) {
          from.push([
            'program',
            <Link key="program" to={projectPath(project, `programs/${program.name}`)} className="link">
              {program.name}:{program.version}
            </Link>,
          ]);
        }
        if (source?.commit)
          from.push([
            'commit',
            <span key="commit" className="mono">
              {source.commit.slice(0, 12)}
            </span>,
          ]);
        if (parent) from.push(['parent run', <RunLink key="parent" project={project} id={parent} />]);
        for (const edge of inputs) from.push([edge.kind, <EdgeName key={edge.name} edge={edge} project={project} />]);
        const to: [string, ReactNode][] = [
          ...outputs.map((edge): [string, ReactNode] => [
            edge.kind,
            <EdgeName key={edge.name} edge={edge} project={project} />,
          ]),
          ...children.map((id): [string, ReactNode] => ['run', <RunLink key={id} project={project} id={id} />]),
        ];
        if (from.length + to.length === 0) {
          return (
            <EmptyState title="Nothing is linked yet" icon={IconHierarchy}>
              Programs, commits, data and models that this run used or made appear here.
            </EmptyState>
          );
        }
        return (
          <div className={classes['graph']}>
            <Side label="From" things={from} />
            <div className={classes['run']}>
              <IconFlask size={16} aria-hidden />
              <span className="truncate">{run.name}</span>
            </div>
            <Side label="Made" things={to} />
          </div>
        );
      }}
    </Loaded>
  );
}

function RunLink({ project, id }: { project: string; id: string }) {
  return (
    <Link to={projectPath(project, `runs/${id}`)} className="link">
      {shortId(id)}
    </Link>
  );
}

function Side({ label, things }: { label: string; things: [string, ReactNode][] }) {
  return (
    <section aria-label={label} className={classes['side']} data-empty={things.length === 0 || undefined}>
      {things.length === 0 && (
        <Text size="sm" c="dimmed">
          {label === 'From' ? 'Nothing was noted' : 'Nothing yet'}
        </Text>
      )}
      {things.map(([kind, thing], index) => (
        <div key={index} className={classes['thing']}>
          <Text size="xs" c="dimmed">
            {kind}
          </Text>
          <div className="truncate">{thing}</div>
        </div>
      ))}
    </section>
  );
}
