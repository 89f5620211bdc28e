import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { projectPath } from '@/frame/project';
import { formatNumber, formatValue } from '@/ui/format';
import { EmptyState, ErrorState } from '@/ui/states';
import { StatusPill } from '@/ui/status';
import { DataTable, type Column } from '@/ui/table/data-table';
import { Duration, RelativeTime } from '@/ui/values';
import { programs, type Run } from './queries';

interface HistoryProps {
  program: string;
  project: string;
}

/** Every run of the program, whatever its version, newest first. */
export function History({ program, project }: HistoryProps) {
  const query = useQuery(programs.history(project, program));
  const navigate = useNavigate();
  const rows = useMemo(() => query.data?.items ?? [], [query.data]);
  const columns = useMemo(() => columnsOf(project, rows), [project, rows]);
  if (query.error) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return (
    <DataTable
      name="program-runs"
      label={`Runs of ${program}`}
      columns={columns}
      rows={rows}
      rowId={(row) => row.id}
      open={(row) => void navigate({ to: projectPath(project, `runs/${row.id}`) })}
      loading={query.isPending}
      empty={
        <EmptyState
          title="It has not run yet"
          action={
            <Button
              component={Link}
              to={projectPath(project, `programs/${encodeURIComponent(program)}/run`)}
              leftSection={<IconPlayerPlay size={14} />}
            >
              Run it
            </Button>
          }
        />
      }
    />
  );
}

const PARAMETERS_SHOWN = 6;
const METRICS_SHOWN = 4;

function columnsOf(project: string, rows: readonly Run[]): Column<Run>[] {
  return [
    {
      id: 'status',
      label: 'Status',
      width: 116,
      cell: ({ status, reason }) => <StatusPill status={status} reason={reason} />,
    },
    {
      id: 'name',
      label: 'Name',
      width: 200,
      cell: ({ id, name }) => (
        <Link to={projectPath(project, `runs/${id}`)} className="quiet-link" tabIndex={-1}>
          {name}
        </Link>
      ),
    },
    { id: 'version', label: 'Version', width: 90, cell: ({ program }) => program?.version ?? '–' },
    ...often(rows.map(({ params }) => params))
      .slice(0, PARAMETERS_SHOWN)
      .map((key): Column<Run> => ({
        id: `params.${key}`,
        label: key,
        width: 100,
        align: 'right',
        cell: ({ params }) => formatValue(params[key]),
      })),
    ...often(rows.map(({ metrics }) => metrics))
      .filter((key) => !key.startsWith('system/'))
      .slice(0, METRICS_SHOWN)
      .map((key): Column<Run> => ({
        id: `metrics.${key}`,
        label: key,
        width: 120,
        align: 'right',
        cell: ({ metrics }) => formatNumber(metrics[key]?.last),
      })),
    {
      id: 'duration',
      label: 'Ran for',
      width: 100,
      align: 'right',
      cell: ({ started_at, finished_at }) => <Duration from={started_at} to={finished_at} />,
    },
    { id: 'created', label: 'When', width: 130, cell: ({ created_at }) => <RelativeTime at={created_at} /> },
    { id: 'by', label: 'By', width: 110, cell: ({ created_by }) => created_by },
  ];
}

/** Keys of the records, those that most of them have first. */
function often(records: readonly Record<string, unknown>[]): string[] {
  const counts = new Map<string, number>();
  for (const record of records) for (const key of Object.keys(record)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([key]) => key);
}
