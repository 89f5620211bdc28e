import { Button, Code, Group, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBox, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { projectPath, useMay, useProject } from '@/frame/project';
import { text, useUrlState } from '@/frame/url-state';
import { Page } from '@/ui/page';
import { EmptyState, ErrorState } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table/data-table';
import { parseSort, sorted, writeSort, type Sort } from '@/ui/table/sort';
import { RelativeTime } from '@/ui/values';
import { AliasPill } from './alias-pill';
import { models, type RegisteredModel } from './queries';
import { RegisterModel } from './register';

const NAME = text();
const SORT = { parse: parseSort, write: (sort: Sort[]) => writeSort(sort) || null };

export default function ModelsPage() {
  const project = useProject();
  const { write } = useMay();
  const query = useQuery(models.list(project));
  const navigate = useNavigate();
  const [name, setName] = useUrlState('name', NAME);
  const [sort, setSort] = useUrlState('sort', SORT);
  const [registering, { open, close }] = useDisclosure();
  const rows = (query.data?.items ?? []).filter((model) => model.name.includes(name.toLowerCase()));
  const columns = columnsOf(project);
  const register = write && (
    <Button leftSection={<IconPlus size={14} />} onClick={open}>
      Register a version
    </Button>
  );
  return (
    <Page title="Models" actions={register} fill>
      {query.error ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : (
        <>
          <TextInput
            size="xs"
            mb="sm"
            maw={260}
            placeholder="Find by name"
            aria-label="Find a model by name"
            leftSection={<IconSearch size={14} />}
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <DataTable
            name="models"
            label="Models"
            columns={columns}
            rows={sorted(rows, sort, (row, id) => columns.find((column) => column.id === id)?.value?.(row))}
            rowId={(row) => row.id}
            open={(row) => void navigate({ to: projectPath(project, `models/${encodeURIComponent(row.name)}`) })}
            sort={sort}
            setSort={setSort}
            loading={query.isPending}
            empty={name ? <EmptyState title="No model of that name" /> : <NoModels action={register} />}
          />
        </>
      )}
      <RegisterModel project={project} opened={registering} close={close} />
    </Page>
  );
}

function NoModels({ action }: { action: React.ReactNode }) {
  return (
    <EmptyState title="No model yet" icon={IconBox} action={action}>
      A run puts out a model with <Code>run.log_model(model, &quot;model&quot;)</Code>; registering it makes a version
      that never changes and can be served.
    </EmptyState>
  );
}

function columnsOf(project: string): Column<RegisteredModel>[] {
  return [
    {
      id: 'name',
      label: 'Name',
      width: 220,
      value: ({ name }) => name,
      cell: ({ name }) => (
        <Link to={projectPath(project, `models/${encodeURIComponent(name)}`)} className="quiet-link" tabIndex={-1}>
          {name}
        </Link>
      ),
    },
    {
      id: 'latest',
      label: 'Newest',
      width: 110,
      value: ({ latest }) => latest,
      cell: ({ latest }) => latest ?? '–',
    },
    {
      id: 'versions',
      label: 'Versions',
      width: 100,
      align: 'right',
      value: ({ versions }) => versions,
      cell: ({ versions }) => versions,
    },
    {
      id: 'aliases',
      label: 'Aliases',
      width: 260,
      sortable: false,
      cell: ({ aliases }) => (
        <Group gap={6} wrap="nowrap">
          {Object.entries(aliases ?? {}).map(([alias, version]) => (
            <span key={alias}>
              <AliasPill alias={alias} /> {version}
            </span>
          ))}
        </Group>
      ),
    },
    {
      id: 'description',
      label: 'Card',
      width: 280,
      value: ({ description }) => description,
      cell: ({ description }) => firstLine(description),
    },
    {
      id: 'created',
      label: 'Since',
      width: 130,
      value: ({ created_at }) => created_at,
      cell: ({ created_at }) => <RelativeTime at={created_at} />,
    },
  ];
}

function firstLine(markdown: string): string {
  return (markdown.split('\n').find((line) => line.trim()) ?? '').replace(/^#+\s*/, '');
}
