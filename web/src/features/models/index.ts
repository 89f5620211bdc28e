import { IconBox } from '@tabler/icons-react';
import { client } from '@/api/client';
import type { Module } from '@/frame/module';
import { projectPath } from '@/frame/project';

const MODELS = '/api/v1/projects/{project}/models';

export const models: Module = {
  name: 'models',
  navigation: [{ label: 'Models', icon: IconBox, path: 'models', order: 60 }],
  routes: [
    { scope: 'project', path: 'models', load: () => import('./list') },
    { scope: 'project', path: 'models/$model', load: () => import('./page') },
  ],
  slots: { 'run.actions': [{ id: 'register-model', order: 20, load: () => import('./run-action') }] },
  find: async (text, { project, go }) => {
    if (project === null) return [];
    const { data } = await client.GET(MODELS, { params: { path: { project }, query: { limit: 1000 } } });
    return (data?.items ?? [])
      .filter(({ name }) => name.includes(text.toLowerCase()))
      .map(({ name, latest }) => ({
        id: `model-${name}`,
        label: name,
        description: latest ? `newest version ${latest}` : 'no version yet',
        icon: IconBox,
        group: 'Models',
        run: () => {
          go(projectPath(project, `models/${encodeURIComponent(name)}`));
        },
      }));
  },
  live: { model: [MODELS] },
};
