import { notifications } from '@mantine/notifications';
import { MutationCache, QueryClient } from '@tanstack/react-query';
import { ApiError, messageOf } from './errors';

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: {
      /** The form shows the error itself. */
      quiet?: boolean;
      /** Shown when it worked. */
      done?: string;
    };
  }
}

/** One retry for what may pass (server away, too much); an answer is an answer. */
export function shouldRetry(failures: number, error: unknown): boolean {
  if (error instanceof ApiError && error.status < 500 && error.status !== 429) return false;
  return failures < 2;
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: shouldRetry, staleTime: 5_000, refetchOnWindowFocus: true } },
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        if (!mutation.meta?.quiet)
          notifications.show({ color: 'red', title: 'That did not work', message: messageOf(error) });
      },
      onSuccess: (_data, _variables, _context, mutation) => {
        if (mutation.meta?.done) notifications.show({ color: 'fern', message: mutation.meta.done });
      },
    }),
  });
}
