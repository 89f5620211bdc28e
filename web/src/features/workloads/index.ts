import { IconServerBolt, IconStack2 } from '@tabler/icons-react';
import type { Module } from '@/frame/module';

export const workloads: Module = {
  name: 'workloads',
  navigation: [
    { label: 'Queue', icon: IconStack2, path: 'queue', order: 90 },
    { label: 'All work', icon: IconServerBolt, path: 'queue', order: 110, scope: 'platform' },
  ],
  routes: [
    { scope: 'project', path: 'queue', load: () => import('./project-queue') },
    { scope: 'project', path: 'queue/$workload', load: () => import('./page') },
    { scope: 'platform', path: 'queue', load: () => import('./whole-queue') },
  ],
  live: { workload: ['/api/v1/workloads', '/api/v1/executors', '/api/v1/projects/{project}/workloads'] },
};
