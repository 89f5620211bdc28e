import { useQueryClient } from '@tanstack/react-query';

/** Looks again at every query below a path of the API, after a change of what it shows. */
export function useRefresh(path: string): () => Promise<void> {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: ({ queryKey }) => typeof queryKey[1] === 'string' && queryKey[1].startsWith(path),
    });
}
