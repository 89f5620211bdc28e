import { IconSettings, IconUserCircle, IconUsers } from '@tabler/icons-react';
import type { Module } from '@/frame/module';

export const settings: Module = {
  name: 'settings',
  navigation: [
    { label: 'Settings', icon: IconSettings, path: 'settings', order: 110 },
    { label: 'Account', icon: IconUserCircle, path: 'account', order: 130, scope: 'platform' },
    { label: 'Users', icon: IconUsers, path: 'users', order: 140, scope: 'platform', admin: true },
  ],
  routes: [
    { scope: 'project', path: 'settings', load: () => import('./project-page') },
    { scope: 'platform', path: 'account', load: () => import('./account-page') },
    { scope: 'platform', path: 'users', load: () => import('./users-page') },
  ],
  actions: ({ go }) => [
    {
      id: 'new-key',
      label: 'Make an access key',
      group: 'Do',
      run: () => {
        go('/account?new=key');
      },
    },
  ],
  live: {
    member: ['/api/v1/projects/{project}/members'],
    key: ['/api/v1/keys'],
    user: ['/api/v1/users'],
  },
};
