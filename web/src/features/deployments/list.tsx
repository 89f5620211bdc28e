import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRocket } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { projectPath, useMay, useProject } from '@/frame/project';
import { useUrlState } from '@/frame/url-state';
import { Page } from '@/ui/page';
import { EmptyState, ErrorState } from '@/ui/states';
import { StatusPill } from '@/ui/status';
import { DataTable, type Column } from '@/ui/table/data-table';
import { parseSort, sorted, writeSort, type Sort } from '@/ui/table/sort';
import { RelativeTime } from '@/ui/values';
import { DeployModel } from './deploy';
import { deployments, type Deployment } from './queries';

const SORT = { parse: parseSort, write: (sort: Sort[]) => writeSort(sort) || null };

export default function DeploymentsPage() {
  const project = useProject();
  const { write } = useMay();
  const query = useQuery(deployments.list(project));
  const navigate = useNavigate();
  const [sort, setSort] = useUrlState('sort', SORT);
  const [deploying, { open, close }] = useDisclosure();
  const columns = columnsOf(project);
  const deploy = write && (
    <Button leftSection={<IconRocket size={14} />} onClick={open}>
      Deploy a model
    </Button>
  );
  return (
    <Page title="Deployments" actions={deploy} fill>
      {query.error ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : (
        <DataTable
          name="deployments"
          label="Deployments"
          columns={columns}
          rows={sorted(query.data?.items ?? [], sort, (row, id) =>
            columns.find((column) => column.id === id)?.value?.(row),
          )}
          rowId={(row) => row.id}
          open={(row) => void navigate({ to: projectPath(project, `deployments/${encodeURIComponent(row.name)}`) })}
          sort={sort}
          setSort={setSort}
          loading={query.isPending}
          empty={
            <EmptyState title="Nothing is served yet" icon={IconRocket} action={deploy}>
              A deployment serves a model version over HTTP, in a process and an environment of its own. A new version
              takes over only once it answers; the one before is a click away.
            </EmptyState>
          }
        />
      )}
      <DeployModel project={project} opened={deploying} close={close} />
    </Page>
  );
}

function columnsOf(project: string): Column<Deployment>[] {
  return [
    {
      id: 'status',
      label: 'Status',
      width: 120,
      value: ({ status }) => status,
      cell: ({ status, reason }) => <StatusPill status={status} reason={reason} />,
    },
    {
      id: 'name',
      label: 'Name',
      width: 200,
      value: ({ name }) => name,
      cell: ({ name }) => (
        <Link to={projectPath(project, `deployments/${encodeURIComponent(name)}`)} className="quiet-link" tabIndex={-1}>
          {name}
        </Link>
      ),
    },
    { id: 'model', label: 'Serves', width: 180, value: ({ model }) => model, cell: ({ model }) => model },
    {
      id: 'revision',
      label: 'Revision',
      width: 110,
      sortable: false,
      cell: ({ live, target }) =>
        target != null && target !== live ? `${(live ?? '–').toString()} → ${target.toString()}` : (live ?? '–'),
    },
    { id: 'reason', label: 'Why', width: 300, sortable: false, cell: ({ reason }) => reason },
    {
      id: 'created',
      label: 'Since',
      width: 130,
      value: ({ created_at }) => created_at,
      cell: ({ created_at }) => <RelativeTime at={created_at} />,
    },
    { id: 'by', label: 'By', width: 110, value: ({ created_by }) => created_by, cell: ({ created_by }) => created_by },
  ];
}
