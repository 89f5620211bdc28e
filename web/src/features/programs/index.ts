import { IconPackage } from '@tabler/icons-react';
import { client } from '@/api/client';
import type { Module } from '@/frame/module';
import { projectPath } from '@/frame/project';

const PROGRAMS = '/api/v1/projects/{project}/programs';

export const programs: Module = {
  name: 'programs',
  navigation: [{ label: 'Programs', icon: IconPackage, path: 'programs', order: 50 }],
  routes: [
    { scope: 'project', path: 'programs', load: () => import('./list') },
    { scope: 'project', path: 'programs/$program/{-$tab}', load: () => import('./page') },
  ],
  slots: { 'run.actions': [{ id: 'run-again', order: 10, load: () => import('./run-again') }] },
  find: async (text, { project, go }) => {
    if (project === null) return [];
    const { data } = await client.GET(PROGRAMS, { params: { path: { project }, query: { limit: 1000 } } });
    return (data?.items ?? [])
      .filter(({ name }) => name.includes(text.toLowerCase()))
      .flatMap(({ name, latest }) => {
        const path = projectPath(project, `programs/${encodeURIComponent(name)}`);
        return [
          {
            id: `program-${name}`,
            label: name,
            description: `newest version ${latest}`,
            icon: IconPackage,
            group: 'Programs',
            run: () => {
              go(path);
            },
          },
          {
            id: `run-program-${name}`,
            label: `Run ${name}…`,
            icon: IconPackage,
            group: 'Programs',
            run: () => {
              go(`${path}/run`);
            },
          },
        ];
      });
  },
  live: { program: [PROGRAMS], run: ['/api/v1/projects/{project}/runs'] },
};
