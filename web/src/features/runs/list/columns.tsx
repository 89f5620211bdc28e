/** The columns that the run table may show: facts of every run, and whatever parameters, metrics and tags there are. */
import { Badge } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Run, RunColumns } from '@/api/types';
import { projectPath } from '@/frame/project';
import { formatNumber, formatValue } from '@/ui/format';
import { StatusIcon } from '@/ui/status';
import type { Column } from '@/ui/table/data-table';
import { Duration, RelativeTime } from '@/ui/values';
import { writeField } from './filter';

/** Until somebody chooses, the first few of each kind are shown. */
const FIRST_METRICS = 4;
const FIRST_PARAMS = 3;

/** Always there: the name leads to the run. */
export function nameColumn(project: string, colorOf?: (run: Run) => string): Column<Run> {
  return {
    id: 'name',
    label: 'Name',
    width: 220,
    cell: (run) => (
      <span style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
        {colorOf && (
          <span
            style={{ flex: 'none', width: 8, height: 8, borderRadius: '50%', background: colorOf(run) }}
            aria-hidden
          />
        )}
        <Link to={projectPath(project, `runs/${run.id}`)} className="quiet-link truncate" title={run.name}>
          {run.name}
        </Link>
      </span>
    ),
  };
}

const FACTS: Column<Run>[] = [
  {
    id: 'status',
    label: 'Status',
    width: 120,
    cell: ({ status, reason }) => (
      <span style={{ display: 'flex', alignItems: 'center', gap: 6 }} title={reason || undefined}>
        <StatusIcon status={status} />
        {status}
      </span>
    ),
  },
  { id: 'experiment', label: 'Experiment', cell: ({ experiment }) => experiment },
  { id: 'created_at', label: 'Created', width: 132, cell: ({ created_at }) => <RelativeTime at={created_at} /> },
  {
    id: 'duration',
    label: 'Duration',
    width: 96,
    align: 'right',
    cell: ({ started_at, finished_at }) => <Duration from={started_at} to={finished_at} />,
  },
  { id: 'created_by', label: 'By', width: 96, cell: ({ created_by }) => created_by },
  { id: 'program', label: 'Program', cell: ({ program }) => (program ? `${program.name}:${program.version}` : '') },
  { id: 'kind', label: 'Kind', width: 96, cell: ({ kind }) => kind },
  { id: 'started_at', label: 'Started', width: 132, cell: ({ started_at }) => <RelativeTime at={started_at} /> },
  { id: 'finished_at', label: 'Finished', width: 132, cell: ({ finished_at }) => <RelativeTime at={finished_at} /> },
  { id: 'notes', label: 'Notes', width: 220, cell: ({ notes }) => notes },
  { id: 'id', label: 'Id', width: 260, cell: ({ id }) => <span className="mono">{id}</span> },
];

export function columnsOf(known: RunColumns): Column<Run>[] {
  return [
    ...FACTS.map((column) => ({ ...column, group: 'Run' })),
    ...known.metrics.flatMap(metricColumns),
    ...known.params.map(paramColumn),
    ...known.tags.map(tagColumn),
  ];
}

/** What to show before anybody chose. Metrics of the machine are there, but not at first. */
export function firstShown(known: RunColumns): string[] {
  const metrics = known.metrics.filter((key) => !key.startsWith('system/')).slice(0, FIRST_METRICS);
  return [
    'status',
    ...metrics.map((key) => writeField('metrics', key)),
    ...known.params.slice(0, FIRST_PARAMS).map((key) => writeField('params', key)),
    'duration',
    'created_at',
    'created_by',
  ];
}

/** What of parameters, metrics and tags must come along for these columns. */
export function columnsQuery(shown: readonly string[]): string {
  const fields = shown.filter((id) => /^(metrics|params|tags)\./.test(id)).map((id) => id.replace(/\.(min|max)$/, ''));
  return [...new Set([...fields])].join(', ');
}

const STATISTICS = [
  { name: 'last', suffix: '', label: '' },
  { name: 'min', suffix: '.min', label: ' (min)' },
  { name: 'max', suffix: '.max', label: ' (max)' },
] as const;

function metricColumns(key: string): Column<Run>[] {
  const group = key.startsWith('system/') ? 'System' : 'Metrics';
  return STATISTICS.map(({ name, suffix, label }) => ({
    id: writeField('metrics', key) + suffix,
    label: key + label,
    group,
    width: 116,
    align: 'right',
    cell: ({ metrics }) => (metrics[key] ? formatNumber(metrics[key][name]) : ''),
  }));
}

function paramColumn(key: string): Column<Run> {
  return {
    id: writeField('params', key),
    label: key,
    group: 'Parameters',
    width: 116,
    align: 'right',
    cell: ({ params }) => (key in params ? formatValue(params[key]) : ''),
  };
}

function tagColumn(key: string): Column<Run> {
  return {
    id: writeField('tags', key),
    label: key,
    group: 'Tags',
    cell: ({ tags }) =>
      tags[key] === undefined ? (
        ''
      ) : (
        <Badge variant="default" size="sm" tt="none">
          {tags[key] || key}
        </Badge>
      ),
  };
}
