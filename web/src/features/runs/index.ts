import { IconFlask } from '@tabler/icons-react';
import { client } from '@/api/client';
import type { Module } from '@/frame/module';
import { projectPath } from '@/frame/project';
import { writeTest } from './list/filter';

const RUNS = '/api/v1/projects/{project}/runs';

export const runs: Module = {
  name: 'runs',
  navigation: [{ label: 'Runs', icon: IconFlask, path: 'runs', order: 10 }],
  routes: [
    { scope: 'project', path: 'runs', load: () => import('./list/page') },
    { scope: 'project', path: 'runs/$run/{-$tab}', load: () => import('./run/page') },
  ],
  tabs: {
    run: [
      { id: 'overview', label: 'Overview', order: 0, load: () => import('./run/overview') },
      { id: 'charts', label: 'Charts', order: 10, load: () => import('./run/charts') },
      { id: 'logs', label: 'Logs', order: 20, load: () => import('./run/logs') },
      { id: 'parameters', label: 'Parameters', order: 30, load: () => import('./run/parameters') },
      { id: 'artifacts', label: 'Artifacts', order: 40, load: () => import('./run/artifacts') },
      { id: 'media', label: 'Media', order: 50, load: () => import('./run/media') },
      { id: 'system', label: 'System', order: 60, load: () => import('./run/system') },
      { id: 'code', label: 'Code', order: 70, load: () => import('./run/code') },
      { id: 'lineage', label: 'Lineage', order: 80, load: () => import('./run/lineage') },
      { id: 'activity', label: 'Activity', order: 90, load: () => import('./run/activity') },
    ],
  },
  cards: [{ id: 'runs', order: 10, load: () => import('./overview-card') }],
  find: async (text, { project, go }) => {
    if (project === null) return [];
    const filter = writeTest({ field: 'name', operator: 'ilike', value: `%${text}%` });
    const { data } = await client.GET(RUNS, {
      params: { path: { project }, query: { filter, limit: 8, columns: '' } },
    });
    return (data?.items ?? []).map(({ id, name, status, experiment }) => ({
      id,
      label: name,
      description: `${experiment} · ${status}`,
      icon: IconFlask,
      group: 'Runs',
      run: () => {
        go(projectPath(project, `runs/${id}`));
      },
    }));
  },
  live: { run: [RUNS], experiment: [`/api/v1/projects/{project}/experiments`] },
};
