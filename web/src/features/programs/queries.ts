import { addressOf, api, client, send } from '@/api/client';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];

export type Program = Schemas['Program'];
export type Version = Schemas['Version'];
export type Parameter = Schemas['Parameter'];
export type Report = Schemas['Report'];
export type Run = Schemas['Run'];

export const PROGRAMS = '/api/v1/projects/{project}/programs';
const VERSION = `${PROGRAMS}/{program}/versions/{version}` as const;
const ALL = 1000;
const RUNS_SHOWN = 200;

export const programs = {
  list: (project: string) =>
    api.queryOptions('get', PROGRAMS, { params: { path: { project }, query: { limit: ALL } } }),
  one: (project: string, program: string) =>
    api.queryOptions('get', `${PROGRAMS}/{program}`, { params: { path: { project, program } } }),
  version: (project: string, program: string, version: string) =>
    api.queryOptions('get', VERSION, { params: { path: { project, program, version } } }, { staleTime: Infinity }),
  readme: (project: string, program: string, version: string) => ({
    queryKey: ['get', `${VERSION}/readme`, project, program, version],
    queryFn: async () => (await send(atVersion(project, program, version, 'readme'))).text(),
    staleTime: Infinity,
  }),
  history: (project: string, program: string) =>
    api.queryOptions('get', '/api/v1/projects/{project}/runs', {
      params: { path: { project }, query: { filter: `program = '${program}'`, limit: RUNS_SHOWN } },
    }),
  run: (project: string, run_id: string) =>
    api.queryOptions('get', '/api/v1/projects/{project}/runs/{run_id}', { params: { path: { project, run_id } } }),
  remove: (project: string, program: string) =>
    client.DELETE(`${PROGRAMS}/{program}`, { params: { path: { project, program } } }),
  removeVersion: (project: string, program: string, version: string) =>
    client.DELETE(VERSION, { params: { path: { project, program, version } } }),
};

export async function startRun(
  project: string,
  program: string,
  version: string,
  body: Schemas['NewProgramRun'],
): Promise<Run> {
  const { data } = await client.POST(`${VERSION}/run`, { params: { path: { project, program, version } }, body });
  if (!data) throw new Error('The server started nothing.');
  return data;
}

/** Builds the environment if it was not built before: may take minutes. */
export async function verify(project: string, program: string, version: string): Promise<Report> {
  const { data } = await client.POST(`${VERSION}/verify`, { params: { path: { project, program, version } } });
  if (!data) throw new Error('The server sent no report.');
  return data;
}

export function exportAddress(
  project: string,
  program: string,
  version: string,
  { history, data }: { history: boolean; data: boolean },
): string {
  const query = new URLSearchParams({ history: String(history), data: String(data) });
  const path = '/api/v1/projects/{project}/programs/{program}/versions/{version}/export';
  return `${addressOf(path, { project, program, version })}?${query.toString()}`;
}

function atVersion(project: string, program: string, version: string, what: string): string {
  const parts = ['projects', project, 'programs', program, 'versions', version, what];
  return `/api/v1/${parts.map(encodeURIComponent).join('/')}`;
}
