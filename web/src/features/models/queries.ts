import { api, client } from '@/api/client';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];

export type RegisteredModel = Schemas['RegisteredModel'];
export type ModelVersion = Schemas['ModelVersion'];
export type Tensor = Schemas['Tensor'];

export const MODELS = '/api/v1/projects/{project}/models';
const ALL = 1000;

export const models = {
  list: (project: string) => api.queryOptions('get', MODELS, { params: { path: { project }, query: { limit: ALL } } }),
  one: (project: string, model: string) =>
    api.queryOptions('get', `${MODELS}/{model}`, { params: { path: { project, model } } }),
  versions: (project: string, model: string) =>
    api.queryOptions('get', `${MODELS}/{model}/versions`, {
      params: { path: { project, model }, query: { limit: ALL } },
    }),
  version: (project: string, model: string, version: string) =>
    api.queryOptions('get', `${MODELS}/{model}/versions/{version}`, {
      params: { path: { project, model, version } },
    }),
  create: (project: string, body: Schemas['NewModel']) => client.POST(MODELS, { params: { path: { project } }, body }),
  change: (project: string, model: string, body: Schemas['ModelChange']) =>
    client.PATCH(`${MODELS}/{model}`, { params: { path: { project, model } }, body }),
  remove: (project: string, model: string) =>
    client.DELETE(`${MODELS}/{model}`, { params: { path: { project, model } } }),
  removeVersion: (project: string, model: string, version: string) =>
    client.DELETE(`${MODELS}/{model}/versions/{version}`, { params: { path: { project, model, version } } }),
  changeNotes: (project: string, model: string, version: string, notes: string) =>
    client.PATCH(`${MODELS}/{model}/versions/{version}`, {
      params: { path: { project, model, version } },
      body: { notes },
    }),
  setAlias: (project: string, model: string, alias: string, version: string) =>
    client.PUT(`${MODELS}/{model}/aliases/{alias}`, {
      params: { path: { project, model, alias } },
      body: { version },
    }),
  removeAlias: (project: string, model: string, alias: string) =>
    client.DELETE(`${MODELS}/{model}/aliases/{alias}`, { params: { path: { project, model, alias } } }),
};

export async function registerVersion(
  project: string,
  model: string,
  body: Schemas['NewVersion'],
): Promise<ModelVersion> {
  const { data } = await client.POST(`${MODELS}/{model}/versions`, { params: { path: { project, model } }, body });
  if (!data) throw new Error('The server registered nothing.');
  return data;
}
