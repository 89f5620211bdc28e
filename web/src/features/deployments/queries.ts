import { api, client } from '@/api/client';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];

export type Deployment = Schemas['Deployment'];
export type Revision = Schemas['Revision'];
export type Traffic = Schemas['Traffic'];

export const DEPLOYMENTS = '/api/v1/projects/{project}/deployments';
const ALL = 1000;
const LOOK_AGAIN_MS = 5_000;

export const deployments = {
  list: (project: string) =>
    api.queryOptions('get', DEPLOYMENTS, { params: { path: { project }, query: { limit: ALL } } }),
  one: (project: string, deployment: string) =>
    api.queryOptions('get', `${DEPLOYMENTS}/{deployment}`, { params: { path: { project, deployment } } }),
  revisions: (project: string, deployment: string) =>
    api.queryOptions('get', `${DEPLOYMENTS}/{deployment}/revisions`, {
      params: { path: { project, deployment }, query: { limit: ALL } },
    }),
  /** Predictions make no events: looked at again and again while it is on screen. */
  traffic: (project: string, deployment: string, minutes: number) => ({
    ...api.queryOptions('get', `${DEPLOYMENTS}/{deployment}/traffic`, {
      params: { path: { project, deployment }, query: { minutes } },
    }),
    refetchInterval: LOOK_AGAIN_MS,
  }),
  /** What happened to it, newest first. */
  events: (project: string, id: string) =>
    api.queryOptions('get', '/api/v1/events', {
      params: { query: { project, noun: 'deployment', thing: id, limit: ALL } },
    }),
  revise: (project: string, deployment: string, body: Schemas['NewRevision']) =>
    client.POST(`${DEPLOYMENTS}/{deployment}/revisions`, { params: { path: { project, deployment } }, body }),
  rollBack: (project: string, deployment: string) =>
    client.POST(`${DEPLOYMENTS}/{deployment}/rollback`, { params: { path: { project, deployment } } }),
  stop: (project: string, deployment: string) =>
    client.POST(`${DEPLOYMENTS}/{deployment}/stop`, { params: { path: { project, deployment } } }),
  start: (project: string, deployment: string) =>
    client.POST(`${DEPLOYMENTS}/{deployment}/start`, { params: { path: { project, deployment } } }),
  remove: (project: string, deployment: string) =>
    client.DELETE(`${DEPLOYMENTS}/{deployment}`, { params: { path: { project, deployment } } }),
};

export async function createDeployment(project: string, body: Schemas['NewDeployment']): Promise<Deployment> {
  const { data } = await client.POST(DEPLOYMENTS, { params: { path: { project } }, body });
  if (!data) throw new Error('The server made no deployment.');
  return data;
}

/** NAME:VERSION taken apart. */
export function modelOf(ref: string): { model: string; version: string } {
  const colon = ref.indexOf(':');
  return colon < 0 ? { model: ref, version: '' } : { model: ref.slice(0, colon), version: ref.slice(colon + 1) };
}
