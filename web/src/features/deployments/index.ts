import { IconRocket } from '@tabler/icons-react';
import { client } from '@/api/client';
import type { Module } from '@/frame/module';
import { projectPath } from '@/frame/project';

const DEPLOYMENTS = '/api/v1/projects/{project}/deployments';

export const deployments: Module = {
  name: 'deployments',
  navigation: [{ label: 'Deployments', icon: IconRocket, path: 'deployments', order: 70 }],
  routes: [
    { scope: 'project', path: 'deployments', load: () => import('./list') },
    { scope: 'project', path: 'deployments/$deployment/{-$tab}', load: () => import('./page') },
  ],
  cards: [{ id: 'deployments', order: 30, load: () => import('./overview-card') }],
  find: async (text, { project, go }) => {
    if (project === null) return [];
    const { data } = await client.GET(DEPLOYMENTS, { params: { path: { project }, query: { limit: 1000 } } });
    return (data?.items ?? [])
      .filter(({ name }) => name.includes(text.toLowerCase()))
      .map(({ name, status, model }) => ({
        id: `deployment-${name}`,
        label: name,
        description: `${status} · ${model}`,
        icon: IconRocket,
        group: 'Deployments',
        run: () => {
          go(projectPath(project, `deployments/${encodeURIComponent(name)}`));
        },
      }));
  },
  // Its status follows from its workloads, so theirs matter too.
  live: { deployment: [DEPLOYMENTS], workload: [DEPLOYMENTS] },
};
