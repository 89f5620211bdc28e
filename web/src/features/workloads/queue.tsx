import { Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { IconSearch, IconStack2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { projectPath, projects } from '@/frame/project';
import { choice, text, useUrlState } from '@/frame/url-state';
import { EmptyState, ErrorState } from '@/ui/states';
import { StatusPill } from '@/ui/status';
import { DataTable, type Column } from '@/ui/table/data-table';
import { Duration, RelativeTime } from '@/ui/values';
import { ENDED, ONGOING, useQueue, type Status, type Workload } from './queries';
import { Slots } from './slots';
import { StopWorkload } from './stop';
import { wanted } from './words';
import classes from './workloads.module.css';

const SHOW = choice(['ongoing', 'ended', 'all'] as const, 'ongoing');
const NAME = text();
const STATUSES: Record<'ongoing' | 'ended' | 'all', Status[]> = { ongoing: ONGOING, ended: ENDED, all: [] };

/** What runs where, what waits and why. `project` null: of every project the user may see. */
export function Queue({ project }: { project: string | null }) {
  const [show, setShow] = useUrlState('show', SHOW);
  const [name, setName] = useUrlState('name', NAME);
  const query = useQueue({ project, status: STATUSES[show], text: name });
  const navigate = useNavigate();
  const nameOf = useProjectNames(project === null);
  const columns = useMemo(() => columnsOf(project, nameOf), [project, nameOf]);
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <>
      <Slots />
      <Group mb="sm" gap="sm">
        <SegmentedControl
          size="xs"
          aria-label="Which workloads"
          value={show}
          onChange={(value) => {
            setShow(value as typeof show);
          }}
          data={[
            { value: 'ongoing', label: 'Now' },
            { value: 'ended', label: 'Ended' },
            { value: 'all', label: 'All' },
          ]}
        />
        <TextInput
          size="xs"
          placeholder="Find by name"
          aria-label="Find a workload by name"
          leftSection={<IconSearch size={14} />}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
      </Group>
      {query.error && rows.length === 0 ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : (
        <DataTable
          name={project === null ? 'all-work' : 'queue'}
          label="Workloads"
          columns={columns}
          rows={rows}
          rowId={(row) => row.id}
          open={(row) =>
            void navigate({ to: projectPath(project ?? nameOf(row.project), `queue/${row.id}`), search: {} })
          }
          more={more}
          loading={query.isPending || isFetchingNextPage}
          empty={<NothingHere filtered={name !== ''} show={show} />}
        />
      )}
    </>
  );
}

function NothingHere({ filtered, show }: { filtered: boolean; show: string }) {
  if (filtered) return <EmptyState title="No workload of that name" />;
  return (
    <EmptyState title={show === 'ongoing' ? 'Nothing runs and nothing waits' : 'Nothing ran yet'} icon={IconStack2}>
      Programs, model servers and other jobs show here from the moment they are queued.
    </EmptyState>
  );
}

function columnsOf(project: string | null, nameOf: (id: string) => string): Column<Workload>[] {
  return [
    { id: 'status', label: 'Status', width: 116, cell: (row) => <StatusPill status={row.status} /> },
    { id: 'name', label: 'Name', width: 200, cell: (row) => row.name },
    ...(project === null
      ? [{ id: 'project', label: 'Project', width: 120, cell: (row: Workload) => nameOf(row.project) }]
      : []),
    { id: 'kind', label: 'Kind', width: 76, cell: (row) => row.kind },
    { id: 'wanted', label: 'Slots', width: 120, cell: (row) => wanted(row.spec.resources) },
    {
      id: 'reason',
      label: 'Why',
      width: 260,
      cell: (row) => (
        <span className={classes['waits']} title={row.reason}>
          {row.reason || (row.place ? `on ${row.place}` : '')}
        </span>
      ),
    },
    {
      id: 'duration',
      label: 'Ran for',
      width: 90,
      align: 'right',
      cell: (row) => <Duration from={row.started_at} to={row.finished_at} />,
    },
    { id: 'created', label: 'Queued', width: 124, cell: (row) => <RelativeTime at={row.created_at} /> },
    { id: 'by', label: 'By', width: 86, cell: (row) => row.created_by },
    {
      id: 'stop',
      label: '',
      width: 52,
      cell: (row) => <StopWorkload workload={row} project={project ?? row.project} small />,
    },
  ];
}

function useProjectNames(needed: boolean): (id: string) => string {
  const { data } = useQuery({ ...projects.list(), enabled: needed });
  return useMemo(() => {
    const names = new Map(data?.items.map(({ id, name }) => [id, name]));
    return (id) => names.get(id) ?? id;
  }, [data]);
}

/** Beside the title: how much goes on. */
export function QueueNote({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed" component="span" visibleFrom="sm">
      {children}
    </Text>
  );
}
