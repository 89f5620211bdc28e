/** The Overview's part about runs: what runs now and the latest; in an empty project, how to log the first. */
import { Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Run } from '@/api/types';
import { projectPath, useProject } from '@/frame/project';
import { formatNumber } from '@/ui/format';
import { Loaded, SkeletonRows } from '@/ui/states';
import { isLive, StatusIcon } from '@/ui/status';
import { Duration, RelativeTime } from '@/ui/values';
import { FirstRun } from './first-run';
import { runs } from './queries';
import classes from './overview.module.css';

const ROW = 40;
const SHOWN = 8;

export default function RunsCard() {
  const project = useProject();
  const latest = useQuery(runs.latest(project, '', SHOWN));
  const live = useQuery(runs.latest(project, "status in ('queued', 'starting', 'running', 'stopping')", SHOWN));
  return (
    <Loaded query={latest} skeleton={<SkeletonRows rows={SHOWN} height={ROW} />}>
      {({ items }) => {
        if (items.length === 0) return <FirstRun />;
        const now = live.data?.items ?? items.filter(({ status }) => isLive(status));
        return (
          <>
            {now.length > 0 && <RunList title="Now running" runs={now} project={project} />}
            <RunList title="Latest runs" runs={items.filter(({ status }) => !isLive(status))} project={project} />
          </>
        );
      }}
    </Loaded>
  );
}

function RunList({ title, runs: shown, project }: { title: string; runs: readonly Run[]; project: string }) {
  if (shown.length === 0) return null;
  return (
    <section className={classes['list']} aria-label={title}>
      <Group justify="space-between" className={classes['head']}>
        <Title order={2}>{title}</Title>
        <Link to={projectPath(project, 'runs')} className="link">
          <Text span size="sm">
            All runs
          </Text>
        </Link>
      </Group>
      <ul>
        {shown.map((run) => (
          <li key={run.id}>
            <Link to={projectPath(project, `runs/${run.id}`)} className={classes['row']}>
              <StatusIcon status={run.status} />
              <span className="truncate">
                <b>{run.name}</b>
                <span className={classes['faint']}> {run.experiment}</span>
              </span>
              <span className={classes['metrics']}>
                {metricsOf(run).map(([key, value]) => (
                  <span key={key}>
                    <span className={classes['faint']}>{key}</span> {value}
                  </span>
                ))}
              </span>
              <span className={classes['faint']}>
                <Duration from={run.started_at} to={run.finished_at} />
              </span>
              <span className={classes['when']}>
                <RelativeTime at={run.created_at} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function metricsOf(run: Run): [string, string][] {
  return Object.entries(run.metrics)
    .filter(([key]) => !key.startsWith('system/'))
    .slice(0, 3)
    .map(([key, { last }]) => [key, formatNumber(last, 4)]);
}
