/** How a long list stays true without being read again. Pure. */
import type { InfiniteData } from '@tanstack/react-query';
import type { Run } from '@/api/types';
import { isLive } from '@/ui/status';
import type { RunPage } from '../queries';

export type Pages = InfiniteData<RunPage, string | null>;

/** The pages worth reading again after an event: the first one (new runs) and those with runs that still change. */
export function pagesToRefresh(pages: Pages, most = 5): number[] {
  const live = pages.pages.flatMap(({ items }, index) =>
    index > 0 && items.some(({ status }) => isLive(status)) ? [index] : [],
  );
  return [0, ...live].slice(0, most);
}

/** Known runs are replaced where they stand, unknown ones of the first page come to the front, deleted ones go. */
export function merge(pages: Pages, fresh: readonly (readonly Run[])[], deleted: ReadonlySet<string>): Pages {
  const byId = new Map(fresh.flat().map((run) => [run.id, run]));
  const known = new Set(pages.pages.flatMap(({ items }) => items.map(({ id }) => id)));
  const added = (fresh[0] ?? []).filter(({ id }) => !known.has(id));
  return {
    ...pages,
    pages: pages.pages.map((page, index) => ({
      ...page,
      items: [...(index === 0 ? added : []), ...page.items.map((run) => byId.get(run.id) ?? run)].filter(
        ({ id }) => !deleted.has(id),
      ),
    })),
  };
}
