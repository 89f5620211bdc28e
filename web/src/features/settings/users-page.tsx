import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Page } from '@/ui/page';
import { Loaded, SkeletonRows } from '@/ui/states';
import { NewUser } from './new-user';
import { users } from './queries';
import { Section } from './section';
import classes from './settings.module.css';
import { UserRow } from './user-row';

export default function UsersPage() {
  const query = useQuery(users.list());
  const [opened, { open, close }] = useDisclosure();
  return (
    <Page
      title="Users"
      actions={
        <Button leftSection={<IconUserPlus size={14} />} onClick={open}>
          New user
        </Button>
      }
      narrow
    >
      <Section title="Everybody" about="Roles in a project are given in the settings of the project.">
        <Loaded query={query} skeleton={<SkeletonRows rows={4} height={44} />}>
          {({ items }) => (
            <ul className={classes['rows']}>
              {items.map((user) => (
                <UserRow key={user.id} user={user} />
              ))}
            </ul>
          )}
        </Loaded>
      </Section>
      <NewUser opened={opened} close={close} />
    </Page>
  );
}
