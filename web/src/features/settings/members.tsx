import { ActionIcon, Button, Group, Select, Text, Tooltip } from '@mantine/core';
import { IconUserMinus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDelete } from '@/ui/confirm';
import { Loaded, SkeletonRows } from '@/ui/states';
import { RelativeTime } from '@/ui/values';
import { members, users, type Member, type Role } from './queries';
import { Section } from './section';
import classes from './settings.module.css';

const ROLES: { value: Role; label: string }[] = [
  { value: 'guest', label: 'guest: reads' },
  { value: 'member', label: 'member: writes and runs' },
  { value: 'owner', label: 'owner: also manages' },
];

interface MembersProps {
  project: string;
  mayChange: boolean;
}

export function Members({ project, mayChange }: MembersProps) {
  const query = useQuery(members.list(project));
  return (
    <Section title="Members" about="Who may do what here. Platform admins may do everything everywhere.">
      <Loaded query={query} skeleton={<SkeletonRows rows={3} height={44} />}>
        {(list) => (
          <>
            <ul className={classes['rows']}>
              {list.map((member) => (
                <MemberRow key={member.user} member={member} project={project} mayChange={mayChange} />
              ))}
            </ul>
            {list.length === 0 && (
              <Text size="sm" c="dimmed">
                Nobody but the admins of the platform.
              </Text>
            )}
            {mayChange && <AddMember project={project} present={list.map(({ user }) => user)} />}
          </>
        )}
      </Loaded>
    </Section>
  );
}

interface MemberRowProps {
  member: Member;
  project: string;
  mayChange: boolean;
}

function MemberRow({ member, project, mayChange }: MemberRowProps) {
  const [leaving, setLeaving] = useState(false);
  const refresh = useRefresh(project);
  const change = useMutation({
    meta: { done: `${member.name} has a new role` },
    mutationFn: (role: Role) => members.set(project, member.user, role),
    onSuccess: refresh,
  });
  return (
    <li className={classes['row']}>
      <div className={classes['main']}>
        <span>{member.name}</span>{' '}
        <span className={classes['note']}>
          since <RelativeTime at={member.since} />
        </span>
      </div>
      {mayChange ? (
        <Group gap="xs" wrap="nowrap">
          <Select
            size="xs"
            w={190}
            aria-label={`Role of ${member.name}`}
            data={ROLES}
            value={member.role}
            allowDeselect={false}
            disabled={change.isPending}
            onChange={(role) => {
              if (role && role !== member.role) change.mutate(role as Role);
            }}
          />
          <Tooltip label="Take out of the project">
            <ActionIcon
              aria-label={`Take ${member.name} out of the project`}
              onClick={() => {
                setLeaving(true);
              }}
            >
              <IconUserMinus size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
      ) : (
        <span>{member.role}</span>
      )}
      <ConfirmDelete
        opened={leaving}
        close={() => {
          setLeaving(false);
        }}
        title={`Take ${member.name} out?`}
        action="Take out"
        confirm={async () => {
          await members.remove(project, member.user);
          await refresh();
        }}
      >
        {member.name} sees nothing of this project any more. What {member.name} made here stays.
      </ConfirmDelete>
    </li>
  );
}

function AddMember({ project, present }: { project: string; present: readonly string[] }) {
  const [user, setUser] = useState<string | null>(null);
  const [role, setRole] = useState<Role>('member');
  const refresh = useRefresh(project);
  const { data } = useQuery(users.list());
  const others = (data?.items ?? []).filter(({ id, disabled }) => !present.includes(id) && !disabled);
  const add = useMutation({
    mutationFn: (chosen: string) => members.set(project, chosen, role),
    onSuccess: async () => {
      setUser(null);
      await refresh();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (user) add.mutate(user);
      }}
    >
      <Group gap="xs" mt="sm" align="flex-end">
        <Select
          size="xs"
          label="Add somebody"
          placeholder={others.length === 0 ? 'Everybody is here' : 'Name'}
          data={others.map(({ id, name }) => ({ value: id, label: name }))}
          value={user}
          onChange={setUser}
          disabled={others.length === 0}
          searchable
        />
        <Select
          size="xs"
          w={190}
          label="As"
          data={ROLES}
          value={role}
          allowDeselect={false}
          onChange={(value) => {
            if (value) setRole(value as Role);
          }}
        />
        <Button type="submit" loading={add.isPending} disabled={!user} h={30}>
          Add
        </Button>
      </Group>
    </form>
  );
}

function useRefresh(project: string) {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: members.list(project).queryKey });
}
