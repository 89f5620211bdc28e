import { Code } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { projectPath, useMay, useProject } from '@/frame/project';
import { useUrlState } from '@/frame/url-state';
import { Page } from '@/ui/page';
import { EmptyState, ErrorState } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table/data-table';
import { parseSort, sorted, writeSort, type Sort } from '@/ui/table/sort';
import { RelativeTime } from '@/ui/values';
import { programs, type Program } from './queries';
import { DropArea } from './upload/drop-area';

const SORT = { parse: parseSort, write: (sort: Sort[]) => writeSort(sort) || null };

export default function ProgramsPage() {
  const project = useProject();
  const { write } = useMay();
  const query = useQuery(programs.list(project));
  const navigate = useNavigate();
  const [sort, setSort] = useUrlState('sort', SORT);
  const columns = columnsOf(project);
  return (
    <Page title="Programs" fill>
      {write && <DropArea project={project} />}
      {query.error ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : (
        <DataTable
          name="programs"
          label="Programs"
          columns={columns}
          rows={sorted(query.data?.items ?? [], sort, (row, id) =>
            columns.find((column) => column.id === id)?.value?.(row),
          )}
          rowId={(row) => row.id}
          open={(row) => void navigate({ to: projectPath(project, `programs/${encodeURIComponent(row.name)}`) })}
          sort={sort}
          setSort={setSort}
          loading={query.isPending}
          empty={
            <EmptyState title="No program yet" icon={IconPackage}>
              A program is a folder that can be run anywhere: code, environment, typed parameters, steps. From a shell:{' '}
              <Code>wardian create program -f FOLDER</Code>
            </EmptyState>
          }
        />
      )}
    </Page>
  );
}

function columnsOf(project: string): Column<Program>[] {
  return [
    {
      id: 'name',
      label: 'Name',
      width: 200,
      value: ({ name }) => name,
      cell: ({ name }) => (
        <Link to={projectPath(project, `programs/${encodeURIComponent(name)}`)} className="quiet-link" tabIndex={-1}>
          {name}
        </Link>
      ),
    },
    { id: 'latest', label: 'Newest', width: 110, value: ({ latest }) => latest, cell: ({ latest }) => latest },
    {
      id: 'versions',
      label: 'Versions',
      width: 90,
      align: 'right',
      value: ({ versions }) => versions.length,
      cell: ({ versions }) => versions.length,
    },
    {
      id: 'description',
      label: 'About',
      width: 420,
      value: ({ description }) => description,
      cell: ({ description }) => <span title={description}>{description}</span>,
    },
    {
      id: 'changed',
      label: 'Newest since',
      width: 130,
      value: ({ versions }) => versions[0]?.created_at,
      cell: ({ versions }) => <RelativeTime at={versions[0]?.created_at} />,
    },
    { id: 'by', label: 'By', width: 110, value: ({ created_by }) => created_by, cell: ({ created_by }) => created_by },
  ];
}
