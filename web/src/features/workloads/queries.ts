import { client, api } from '@/api/client';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];

export type Workload = Schemas['Workload'];
export type Executor = Schemas['ExecutorInfo'];
export type Status = Workload['status'];

export const ONGOING: Status[] = ['queued', 'starting', 'running', 'stopping'];
export const ENDED: Status[] = ['succeeded', 'failed', 'stopped', 'lost'];

export interface QueueFilter {
  /** null: every project the user may see. */
  project: string | null;
  status: Status[];
  text: string;
}

const PAGE = 200;

export const workloads = {
  one: (project: string, workload_id: string) =>
    api.queryOptions('get', '/api/v1/projects/{project}/workloads/{workload_id}', {
      params: { path: { project, workload_id } },
    }),
  executors: () => api.queryOptions('get', '/api/v1/executors'),
};

/** Page by page, newest first. */
export function useQueue({ project, status, text }: QueueFilter) {
  return api.useInfiniteQuery(
    'get',
    '/api/v1/workloads',
    { params: { query: { project, status, text, limit: PAGE } } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: (page) => page.next ?? undefined,
    },
  );
}

export function stopWorkload(project: string, workload_id: string) {
  return client.POST('/api/v1/projects/{project}/workloads/{workload_id}/stop', {
    params: { path: { project, workload_id } },
  });
}

export function deleteWorkload(project: string, workload_id: string) {
  return client.DELETE('/api/v1/projects/{project}/workloads/{workload_id}', {
    params: { path: { project, workload_id } },
  });
}
