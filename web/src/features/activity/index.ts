import { IconHistory } from '@tabler/icons-react';
import type { Module } from '@/frame/module';

export const activity: Module = {
  name: 'activity',
  navigation: [
    { label: 'Activity', icon: IconHistory, path: 'activity', order: 100 },
    { label: 'All activity', icon: IconHistory, path: 'activity', order: 120, scope: 'platform' },
  ],
  routes: [
    { scope: 'project', path: 'activity', load: () => import('./project-activity') },
    { scope: 'platform', path: 'activity', load: () => import('./all-activity') },
  ],
};
