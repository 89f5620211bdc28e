import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { useTrail } from '@/frame/context';
import { fetchRuns, runs, type RunFilter } from '../queries';
import { merge, pagesToRefresh, type Pages } from './pages';

const COALESCE_MS = 700;

/** Runs of a project, page by page, kept true by the events of the project. */
export function useRuns(project: string, filter: RunFilter, enabled: boolean) {
  const queries = useQueryClient();
  const options = runs.pages(project, filter);
  const query = useInfiniteQuery({ ...options, enabled });
  const deleted = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const refresh = async () => {
    timer.current = undefined;
    const pages = queries.getQueryData<Pages>(options.queryKey);
    if (!pages) return;
    const cursors = pagesToRefresh(pages).map((index) => pages.pageParams[index] ?? null);
    const fresh = await Promise.all(cursors.map((cursor) => fetchRuns(project, filter, cursor)));
    queries.setQueryData<Pages>(
      options.queryKey,
      (now) =>
        now &&
        merge(
          now,
          fresh.map(({ items }) => items),
          deleted.current,
        ),
    );
  };

  useTrail((event) => {
    if (event.noun !== 'run') return;
    if (event.verb === 'run.deleted') deleted.current.add(event.thing);
    timer.current ??= setTimeout(() => void refresh(), COALESCE_MS);
  });

  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  return { ...query, rows };
}
