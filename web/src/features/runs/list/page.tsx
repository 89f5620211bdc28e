import { Button, SegmentedControl, Text, useComputedColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFlask } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { ApiError } from '@/api/errors';
import type { Run, RunColumns } from '@/api/types';
import { colorOf } from '@/charts/colors';
import { projectPath, useMay, useProject } from '@/frame/project';
import { choice, list, text, useUrlState } from '@/frame/url-state';
import { Page } from '@/ui/page';
import { EmptyState, ErrorState } from '@/ui/states';
import { ColumnChooser } from '@/ui/table/column-chooser';
import { DataTable } from '@/ui/table/data-table';
import { parseSort, writeSort } from '@/ui/table/sort';
import { runs as queries } from '../queries';
import { ChartWall } from '../wall/wall';
import { BulkBar } from './bulk-bar';
import { columnsOf, columnsQuery, firstShown, nameColumn } from './columns';
import { writeTest } from './filter';
import { FilterBar } from './filter-bar';
import classes from './list.module.css';
import { Split } from './split';
import { useRuns } from './use-runs';

const TEXT = text();
const CHOSEN = list();
const VIEW = choice(['both', 'table', 'charts'], 'both');
const NO_COLUMNS: RunColumns = { params: [], metrics: [], tags: [] };
/** Curves are drawn of the selected runs, or else of the first ones. */
const DRAWN = 10;

export default function RunsPage() {
  const project = useProject();
  const navigate = useNavigate();
  const may = useMay();
  const dark = useComputedColorScheme('light') === 'dark';
  const phone = useMediaQuery('(max-width: 62em)') ?? false;
  const [filter, setFilter] = useUrlState('filter', TEXT, { push: true });
  const [search, setSearch] = useUrlState('search', TEXT);
  const [sortText, setSort] = useUrlState('sort', TEXT);
  const [chosen, setChosen] = useUrlState('columns', CHOSEN);
  const [wanted, setView] = useUrlState('view', VIEW);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const view = phone && wanted === 'both' ? 'table' : wanted;

  const known = useQuery({ ...queries.columns(project), placeholderData: keepPreviousData });
  const columns = known.data ?? NO_COLUMNS;
  const shown = useMemo(() => (chosen.length > 0 ? chosen : firstShown(columns)), [chosen, columns]);
  const all = useMemo(() => columnsOf(columns), [columns]);
  const table = useMemo(() => {
    const byId = new Map(all.map((column) => [column.id, column]));
    const others = shown.flatMap((id) => byId.get(id) ?? []);
    return [nameColumn(project, view === 'table' ? undefined : (run) => colorOf(run.id, dark)), ...others];
  }, [all, shown, project, dark, view]);
  const sort = useMemo(() => parseSort(sortText), [sortText]);
  const query = useMemo(
    () => ({
      filter: [filter, search && writeTest({ field: 'name', operator: 'ilike', value: `%${search}%` })]
        .filter(Boolean)
        .map((part, _, parts) => (parts.length > 1 ? `(${part})` : part))
        .join(' and '),
      order: sort.map(({ id, descending }) => (descending ? `${id} desc` : id)).join(', '),
      columns: columnsQuery(shown),
    }),
    [filter, search, sort, shown],
  );
  const { rows, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useRuns(
    project,
    query,
    // Which columns are shown decides what comes along: asked once it is known, not twice.
    chosen.length > 0 || !known.isPending,
  );
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const refused = error instanceof ApiError && error.status === 422 ? error.message : null;
  const drawn = useMemo(
    () => (selected.size > 0 ? rows.filter(({ id }) => selected.has(id)) : rows.slice(0, DRAWN)),
    [rows, selected],
  );

  const grid = (
    <DataTable<Run>
      name="runs"
      label="Runs"
      columns={table}
      rows={rows}
      rowId={idOf}
      open={(run) => void navigate({ to: projectPath(project, `runs/${run.id}`) })}
      sort={sort}
      setSort={(next) => {
        setSort(writeSort(next));
      }}
      selection={may.write ? { ids: selected, set: setSelected } : undefined}
      more={more}
      loading={(isPending && !error) || isFetchingNextPage}
      empty={error ? null : <NoRuns project={project} filtered={query.filter !== ''} />}
    />
  );
  const charts = <ChartWall project={project} runs={drawn} />;

  return (
    <Page
      title="Runs"
      fill
      aside={
        <Text size="sm" c="dimmed">
          {rows.length > 0 && `${rows.length.toLocaleString('en-US')}${hasNextPage ? '+' : ''}`}
        </Text>
      }
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Show"
          data={[
            ...(phone ? [] : [{ value: 'both', label: 'Both' }]),
            { value: 'table', label: 'Table' },
            { value: 'charts', label: 'Charts' },
          ]}
          value={view}
          onChange={(next) => {
            setView(next as typeof view);
          }}
        />
      }
    >
      <FilterBar
        filter={filter}
        setFilter={setFilter}
        search={search}
        setSearch={setSearch}
        columns={columns}
        error={refused}
      >
        <ColumnChooser
          columns={all}
          shown={shown}
          setShown={setChosen}
          reset={() => {
            setChosen([]);
          }}
        />
      </FilterBar>
      {error && !refused && <ErrorState error={error} retry={() => void refetch()} />}
      {view === 'both' && <Split left={grid} right={charts} />}
      {view === 'table' && <div className={classes['whole']}>{grid}</div>}
      {view === 'charts' && <div className={classes['whole']}>{charts}</div>}
      <BulkBar
        project={project}
        ids={selected}
        clear={() => {
          setSelected(new Set());
        }}
      />
    </Page>
  );
}

const idOf = (run: Run) => run.id;

function NoRuns({ project, filtered }: { project: string; filtered: boolean }) {
  if (filtered) return <EmptyState title="No run matches" icon={IconFlask} />;
  return (
    <EmptyState
      title="No run yet"
      icon={IconFlask}
      action={
        <Button component={Link} to={projectPath(project)} variant="default">
          How to log the first one
        </Button>
      }
    >
      Runs appear here as soon as a script or a program logs one.
    </EmptyState>
  );
}
