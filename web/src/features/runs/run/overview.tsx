import { Button, ScrollArea, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { projectPath } from '@/frame/project';
import { formatNumber, formatValue, plural } from '@/ui/format';
import { Markdown } from '@/ui/markdown';
import { CopyableId, Duration, RelativeTime } from '@/ui/values';
import { runs } from '../queries';
import { useRun } from './context';
import { EdgeList } from './edges';
import classes from './run.module.css';

const FIRST_PARAMS = 12;

export default function OverviewTab() {
  const { run, project } = useRun();
  const lineage = useQuery(runs.lineage(project, run.id));
  const params = Object.entries(run.params);
  return (
    <div className={classes['columns']}>
      <Stack gap="md" miw={0}>
        {run.reason && (
          <Block title={run.status === 'failed' ? 'Why it failed' : 'Why'}>
            <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
              {run.reason}
            </Text>
          </Block>
        )}
        <Metrics />
        {Object.keys(run.summary).length > 0 && (
          <Block title="Summary">
            <Values entries={Object.entries(run.summary)} />
          </Block>
        )}
        {run.notes && (
          <Block title="Notes">
            <Markdown text={run.notes} />
          </Block>
        )}
      </Stack>
      <Stack gap="md" miw={0}>
        <Block title="Run">
          <dl className={classes['values']}>
            <Row label="Id">
              <CopyableId id={run.id} />
            </Row>
            <Row label="Experiment">{run.experiment}</Row>
            <Row label="Created">
              <RelativeTime at={run.created_at} /> by {run.created_by}
            </Row>
            <Row label="Duration">
              <Duration from={run.started_at} to={run.finished_at} />
            </Row>
            {run.program && (
              <Row label="Program">
                <Link to={projectPath(project, `programs/${run.program.name}`)} className="link">
                  {run.program.name}:{run.program.version}
                </Link>
              </Row>
            )}
            {run.workload && (
              <Row label="Workload">
                <CopyableId id={run.workload} />
              </Row>
            )}
            {run.parent && (
              <Row label="Parent">
                <Link to={projectPath(project, `runs/${run.parent}`)} className="link">
                  {run.parent.slice(0, 8)}
                </Link>
              </Row>
            )}
          </dl>
        </Block>
        <Block title="Parameters">
          {params.length === 0 ? (
            <Text size="sm" c="dimmed">
              None were logged.
            </Text>
          ) : (
            <Values entries={params.slice(0, FIRST_PARAMS)} />
          )}
          {params.length > FIRST_PARAMS && (
            <Button component={Link} to={projectPath(project, `runs/${run.id}/parameters`)} variant="subtle" mt="xs">
              All {plural(params.length, 'parameter')}
            </Button>
          )}
        </Block>
        {lineage.data && lineage.data.inputs.length + lineage.data.outputs.length > 0 && (
          <Block title="Inputs and outputs">
            <EdgeList edges={[...lineage.data.inputs, ...lineage.data.outputs]} project={project} />
          </Block>
        )}
      </Stack>
    </div>
  );
}

function Metrics() {
  const { run } = useRun();
  const metrics = Object.entries(run.metrics)
    .filter(([key]) => !key.startsWith('system/'))
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  return (
    <Block title="Metrics">
      {metrics.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet.
        </Text>
      ) : (
        <ScrollArea.Autosize mah={460} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Metrics' }}>
          <table className={classes['table']}>
            <thead>
              <tr>
                <th scope="col">Metric</th>
                {['Last', 'Min', 'Max', 'Step'].map((label) => (
                  <th key={label} scope="col" className={classes['number']}>
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {metrics.map(([key, { last, min, max, last_step }]) => (
                <tr key={key}>
                  <td style={{ whiteSpace: 'nowrap' }}>{key}</td>
                  <td className={classes['number']}>
                    <b>{formatNumber(last)}</b>
                  </td>
                  <td className={classes['number']}>{formatNumber(min)}</td>
                  <td className={classes['number']}>{formatNumber(max)}</td>
                  <td className={classes['number']}>{formatNumber(last_step)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea.Autosize>
      )}
    </Block>
  );
}

export function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes['block']}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

export function Values({ entries }: { entries: [string, unknown][] }) {
  return (
    <dl className={classes['values']}>
      {entries.map(([key, value]) => (
        <Row key={key} label={key}>
          <span className="mono">{formatValue(value)}</span>
        </Row>
      ))}
    </dl>
  );
}
