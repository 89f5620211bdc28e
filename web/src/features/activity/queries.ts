import { api } from '@/api/client';
import type { components } from '@/api/schema';

export type TrailEvent = components['schemas']['SealedEvent'];

export interface TrailFilter {
  /** Name or id; null: everything the user may see. */
  project: string | null;
  actor: string;
  noun: string;
  verb: string;
  text: string;
}

const PAGE = 100;
export const EVENTS = '/api/v1/events';

/** Newest first, page by page. */
export function useEvents({ project, actor, noun, verb, text }: TrailFilter) {
  const wanted = {
    project: project ?? undefined,
    actor: actor || undefined,
    noun: noun || undefined,
    verb: verb || undefined,
    text: text || undefined,
  };
  return api.useInfiniteQuery(
    'get',
    EVENTS,
    { params: { query: { ...wanted, limit: PAGE } } },
    { pageParamName: 'cursor', initialPageParam: null, getNextPageParam: (page) => page.next ?? undefined },
  );
}

export const people = {
  list: () => api.queryOptions('get', '/api/v1/users', { params: { query: { limit: 1000 } } }),
};
