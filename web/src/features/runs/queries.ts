import { infiniteQueryOptions } from '@tanstack/react-query';
import { addressOf, api, client } from '@/api/client';
import type { Run } from '@/api/types';

const BASE = '/api/v1/projects/{project}/runs';

export interface RunFilter {
  filter: string;
  order: string;
  /** Only these parameters, metrics and tags come along. */
  columns: string;
}

export interface RunPage {
  items: Run[];
  next: string | null;
}

export const PAGE_SIZE = 200;

export async function fetchRuns(project: string, filter: RunFilter, cursor: string | null): Promise<RunPage> {
  const query = { ...filter, limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) };
  const { data } = await client.GET(BASE, { params: { path: { project }, query } });
  return { items: data?.items ?? [], next: data?.next ?? null };
}

export const runs = {
  /** Kept fresh by hand (`use-runs.ts`): asking again for hundreds of pages at each event would be no kindness. */
  pages: (project: string, filter: RunFilter) =>
    infiniteQueryOptions({
      queryKey: ['run-pages', project, filter],
      queryFn: ({ pageParam }) => fetchRuns(project, filter, pageParam),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
      staleTime: Infinity,
    }),
  latest: (project: string, filter = '', limit = 10) =>
    api.queryOptions('get', BASE, { params: { path: { project }, query: { filter, limit } } }),
  columns: (project: string) => api.queryOptions('get', `${BASE}/columns`, { params: { path: { project } } }),
  one: (project: string, run_id: string) =>
    api.queryOptions('get', `${BASE}/{run_id}`, { params: { path: { project, run_id } } }),
  series: (project: string, run_id: string) =>
    api.queryOptions('get', `${BASE}/{run_id}/series`, {
      params: { path: { project, run_id }, query: { limit: 1000 } },
    }),
  curve: (
    project: string,
    run_id: string,
    key: string,
    query: { pixels: number; x: 'step' | 'time'; start?: number; end?: number },
  ) => api.queryOptions('get', `${BASE}/{run_id}/series/{key}`, { params: { path: { project, run_id, key }, query } }),
  artifacts: (project: string, run_id: string) =>
    api.queryOptions('get', `${BASE}/{run_id}/artifacts`, {
      params: { path: { project, run_id }, query: { limit: 1000 } },
    }),
  media: (project: string, run_id: string) =>
    api.queryOptions('get', `${BASE}/{run_id}/media`, {
      params: { path: { project, run_id }, query: { limit: 1000 } },
    }),
  lineage: (project: string, run_id: string) =>
    api.queryOptions('get', `${BASE}/{run_id}/lineage`, { params: { path: { project, run_id } } }),
};

export function artifactAddress(project: string, run: string, path: string): string {
  return addressOf(`${BASE}/{run}/artifacts/{path:path}`, { project, run, path });
}

export function logAddress(project: string, run: string): string {
  return addressOf(`${BASE}/{run}/log/download`, { project, run });
}
