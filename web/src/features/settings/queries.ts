import { api, client } from '@/api/client';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];

export type Member = Schemas['Member'];
export type Role = Schemas['Role'];
export type User = Schemas['User'];
export type Key = Schemas['Key'];
export type NewSecret = Schemas['NewSecret'];

const ALL = 1000;

export const members = {
  list: (project: string) =>
    api.queryOptions('get', '/api/v1/projects/{project}/members', { params: { path: { project } } }),
  set: (project: string, user: string, role: Role) =>
    client.PUT('/api/v1/projects/{project}/members/{user}', { params: { path: { project, user } }, body: { role } }),
  remove: (project: string, user: string) =>
    client.DELETE('/api/v1/projects/{project}/members/{user}', { params: { path: { project, user } } }),
};

export const users = {
  list: () => api.queryOptions('get', '/api/v1/users', { params: { query: { limit: ALL } } }),
  create: (body: Schemas['NewUser']) => client.POST('/api/v1/users', { body }),
  change: (user: string, body: Schemas['UserChange']) =>
    client.PATCH('/api/v1/users/{user}', { params: { path: { user } }, body }),
  setPassword: (user: string, body: Schemas['PasswordChange']) =>
    client.POST('/api/v1/users/{user}/password', { params: { path: { user } }, body }),
  remove: (user: string) => client.DELETE('/api/v1/users/{user}', { params: { path: { user } } }),
};

export const keys = {
  list: () => api.queryOptions('get', '/api/v1/keys', { params: { query: { limit: ALL } } }),
  remove: (key_id: string) => client.DELETE('/api/v1/keys/{key_id}', { params: { path: { key_id } } }),
};

export async function createKey(name: string, days: number | null): Promise<NewSecret> {
  const { data } = await client.POST('/api/v1/keys', { body: { name, days } });
  if (!data) throw new Error('The server made no key.');
  return data;
}
