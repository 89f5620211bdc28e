/** Who is signed in. */
import { useSuspenseQuery, type QueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { setCsrfToken, signedOut } from '@/api/credentials';
import { ApiError } from '@/api/errors';
import type { Session } from '@/api/types';

export const session = {
  key: ['session'] as const,
  /** null: nobody. */
  options: () => ({ queryKey: session.key, queryFn: fetchSession, staleTime: Infinity }),
};

/** The server writes "none" when the browser brought no session cookie: then there is nobody to ask about. */
const broughtNoCookie = () => document.documentElement.dataset['session'] === 'none';

async function fetchSession(): Promise<Session | null> {
  if (broughtNoCookie()) return null;
  try {
    const { data } = await client.GET('/api/v1/session');
    if (!data) return null;
    setCsrfToken(data.csrf);
    return data;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export async function signIn(queries: QueryClient, name: string, password: string): Promise<void> {
  const { data } = await client.POST('/api/v1/session', { body: { name, password } });
  if (!data) return;
  delete document.documentElement.dataset['session'];
  setCsrfToken(data.csrf);
  queries.setQueryData(session.key, data);
}

export async function signOut(): Promise<void> {
  await client.DELETE('/api/v1/session');
  signedOut();
}

/** The session of whoever is signed in. Only below the shell, where somebody is for sure. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(session.options());
  if (!data) throw new ApiError('Nobody is signed in.', 401, 'not_signed_in', {}, null);
  return data;
}

export function useUser(): Session['user'] {
  return useSession().user;
}
