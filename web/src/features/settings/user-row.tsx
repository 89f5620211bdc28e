import { ActionIcon, Badge, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useUser } from '@/frame/session';
import { ConfirmDelete } from '@/ui/confirm';
import { RelativeTime } from '@/ui/values';
import { users, type User } from './queries';
import classes from './settings.module.css';
import { SetPassword } from './set-password';

export function UserRow({ user }: { user: User }) {
  const self = useUser();
  const [open, setOpen] = useState<'delete' | 'password' | null>(null);
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: users.list().queryKey });
  const change = useMutation({
    mutationFn: (body: { admin?: boolean; disabled?: boolean }) => users.change(user.id, body),
    onSuccess: refresh,
  });
  const close = () => {
    setOpen(null);
  };
  return (
    <li className={classes['row']}>
      <div className={classes['main']}>
        {user.name}
        {user.id === self.id && <span className={classes['note']}> (you)</span>}
      </div>
      {user.admin && (
        <Badge variant="light" size="sm">
          admin
        </Badge>
      )}
      {user.disabled && (
        <Badge variant="light" color="gray" size="sm">
          disabled
        </Badge>
      )}
      <span className={classes['note']}>
        since <RelativeTime at={user.created_at} />
      </span>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={`What to do with ${user.name}`} loading={change.isPending}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            onClick={() => {
              change.mutate({ admin: !user.admin });
            }}
          >
            {user.admin ? 'No longer an admin' : 'Make an admin'}
          </Menu.Item>
          <Menu.Item
            onClick={() => {
              change.mutate({ disabled: !user.disabled });
            }}
            disabled={user.id === self.id}
          >
            {user.disabled ? 'Let in again' : 'Disable'}
          </Menu.Item>
          <Menu.Item
            onClick={() => {
              setOpen('password');
            }}
          >
            Set a password…
          </Menu.Item>
          <Menu.Item
            color="red"
            onClick={() => {
              setOpen('delete');
            }}
            disabled={user.id === self.id}
          >
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <SetPassword user={user} opened={open === 'password'} close={close} />
      <ConfirmDelete
        opened={open === 'delete'}
        close={close}
        title={`Delete ${user.name}?`}
        typed={user.name}
        confirm={async () => {
          await users.remove(user.id);
          await refresh();
        }}
      >
        {user.name} and the keys of {user.name} are let in no more. What {user.name} made stays, and the audit trail
        goes on naming {user.name}. To keep the account, disable it instead.
      </ConfirmDelete>
    </li>
  );
}
