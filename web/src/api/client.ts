/** The one typed client of our own API. `api.queryOptions('get', path, {params})` for reading, `send` for changes. */
import createClient, { type Middleware } from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';
import { csrfToken, signedOut } from './credentials';
import { ApiError } from './errors';
import type { paths } from './schema';

/** The folder the app is served from, "" at the root: the server writes it into <base href>. */
export const basePath = new URL(document.baseURI).pathname.replace(/\/$/, '');

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

const guard: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method)) request.headers.set('X-CSRF-Token', csrfToken());
    return request;
  },
  async onResponse({ response, schemaPath }) {
    if (response.ok) return;
    if (response.status === 401 && schemaPath !== '/api/v1/session') signedOut();
    throw await ApiError.from(response);
  },
};

// Looked up at call time, so that tests may replace it.
export const client = createClient<paths>({ baseUrl: basePath, fetch: (request) => globalThis.fetch(request) });
client.use(guard);

export const api = createQueryClient(client);

/** For bodies that the typed client does not speak: files, byte streams, ranges. Same cookie, same CSRF token, same errors. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (!SAFE.has(init.method ?? 'GET')) headers.set('X-CSRF-Token', csrfToken());
  const response = await fetch(basePath + path, { ...init, headers });
  if (response.ok) return response;
  if (response.status === 401) signedOut();
  throw await ApiError.from(response);
}

/** Fills {names} of a path; `path` ones keep their slashes. For addresses that a browser opens itself (downloads, images). */
export function addressOf(template: string, names: Record<string, string>): string {
  const filled = template.replace(/\{(\w+)(:path)?\}/g, (_, name: string, path?: string) => {
    const value = names[name] ?? '';
    return path ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
  });
  return basePath + filled;
}
