import { IconFolders, IconHome } from '@tabler/icons-react';
import type { Module } from '@/frame/module';

export const projects: Module = {
  name: 'projects',
  navigation: [
    { label: 'Overview', icon: IconHome, path: '', order: 0 },
    { label: 'Projects', icon: IconFolders, path: 'projects', order: 100, scope: 'platform', exact: true },
  ],
  routes: [
    { scope: 'platform', path: 'projects', load: () => import('./list') },
    { scope: 'project', path: '', load: () => import('./overview') },
  ],
  live: { project: ['/api/v1/projects'], member: ['/api/v1/projects'] },
};
