import { Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { projectPath } from '@/frame/project';
import { formatNumber } from '@/ui/format';
import { DataTable, type Column } from '@/ui/table/data-table';
import { Bytes, RelativeTime } from '@/ui/values';
import { AliasPill } from './alias-pill';
import type { ModelVersion } from './queries';

interface VersionsTableProps {
  versions: readonly ModelVersion[];
  project: string;
  chosen: string;
  choose: (version: string) => void;
}

const METRICS_SHOWN = 4;

export function VersionsTable({ versions, project, chosen, choose }: VersionsTableProps) {
  const columns = useMemo(() => columnsOf(project, versions), [project, versions]);
  const selection = { ids: new Set([versions.find(({ version }) => version === chosen)?.id ?? '']) };
  return (
    <DataTable
      name="model-versions"
      label="Versions"
      columns={columns}
      rows={versions}
      rowId={(row) => row.id}
      open={(row) => {
        choose(row.version);
      }}
      marked={selection.ids}
      inline
    />
  );
}

function columnsOf(project: string, versions: readonly ModelVersion[]): Column<ModelVersion>[] {
  return [
    { id: 'version', label: 'Version', width: 110, cell: ({ version }) => <b>{version}</b> },
    {
      id: 'aliases',
      label: 'Aliases',
      width: 170,
      cell: ({ aliases = [] }) => (
        <Group gap={4} wrap="nowrap">
          {aliases.map((alias) => (
            <AliasPill key={alias} alias={alias} />
          ))}
        </Group>
      ),
    },
    { id: 'flavour', label: 'Flavour', width: 90, cell: ({ flavour }) => flavour },
    ...metricsOf(versions).map((key): Column<ModelVersion> => ({
      id: `metrics.${key}`,
      label: key,
      width: 120,
      align: 'right',
      cell: ({ metrics }) => formatNumber(metrics?.[key] ?? (metrics && key in metrics ? 'NaN' : null)),
    })),
    {
      id: 'run',
      label: 'From run',
      width: 110,
      cell: ({ run }) => (
        <Link to={projectPath(project, `runs/${run}`)} className="link">
          {run.slice(-8)}
        </Link>
      ),
    },
    { id: 'by', label: 'By', width: 110, cell: ({ created_by }) => created_by },
    { id: 'created', label: 'When', width: 130, cell: ({ created_at }) => <RelativeTime at={created_at} /> },
    { id: 'size', label: 'Size', width: 90, align: 'right', cell: ({ size }) => <Bytes value={size} /> },
  ];
}

/** The metrics that most versions have, a few of them; those of the machine are not about the model. */
function metricsOf(versions: readonly ModelVersion[]): string[] {
  const counts = new Map<string, number>();
  for (const { metrics = {} } of versions) {
    for (const key of Object.keys(metrics)) {
      if (!key.startsWith('system/')) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, METRICS_SHOWN)
    .map(([key]) => key);
}
