import { Button, Modal, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFolderPlus, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '@/api/client';
import { messageOf } from '@/api/errors';
import { projectPath, projects } from '@/frame/project';
import { useSession } from '@/frame/session';
import type { Project } from '@/api/types';
import { Page } from '@/ui/page';
import { EmptyState, Loaded, SkeletonRows } from '@/ui/states';
import { RelativeTime } from '@/ui/values';
import classes from './projects.module.css';

export default function ProjectsPage() {
  const query = useQuery(projects.list());
  const { may_create_projects: mayCreate } = useSession();
  const [creating, { open, close }] = useDisclosure();
  const [search, setSearch] = useState('');
  const create = mayCreate && (
    <Button leftSection={<IconPlus size={14} />} onClick={open}>
      New project
    </Button>
  );
  return (
    <Page title="Projects" actions={create}>
      <Loaded query={query} skeleton={<SkeletonRows rows={6} height={72} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No project yet" icon={IconFolderPlus} action={create}>
              A project holds runs, data, models and deployments, and says who may see them.
            </EmptyState>
          ) : (
            <Stack gap="sm">
              {items.length > 8 && (
                <TextInput
                  placeholder="Find a project"
                  aria-label="Find a project"
                  maw={320}
                  value={search}
                  onChange={(event) => {
                    setSearch(event.currentTarget.value);
                  }}
                />
              )}
              <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
                {items
                  .filter(({ name, description }) =>
                    `${name} ${description}`.toLowerCase().includes(search.toLowerCase()),
                  )
                  .map((project) => (
                    <ProjectCard key={project.id} project={project} />
                  ))}
              </SimpleGrid>
            </Stack>
          )
        }
      </Loaded>
      <NewProject opened={creating} close={close} />
    </Page>
  );
}

function ProjectCard({ project }: { project: Project }) {
  return (
    <Link to={projectPath(project.name)} className={classes['card']}>
      <Text fw={550} className="truncate">
        {project.name}
      </Text>
      <Text size="sm" c="dimmed" className="truncate" mih="1.45em">
        {project.description}
      </Text>
      <Text size="xs" c="dimmed" mt={8}>
        {project.role ?? 'admin'} · created <RelativeTime at={project.created_at} />
      </Text>
    </Link>
  );
}

function NewProject({ opened, close }: { opened: boolean; close: () => void }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const { mutate, isPending, error, reset } = useMutation({
    meta: { quiet: true },
    mutationFn: () => client.POST('/api/v1/projects', { body: { name, description } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: projects.list().queryKey });
      leave();
      await navigate({ to: projectPath(name) });
    },
  });
  const leave = () => {
    setName('');
    setDescription('');
    reset();
    close();
  };
  return (
    <Modal opened={opened} onClose={leave} title="New project">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          mutate();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            description="Lower-case letters, digits, “-”, “_” and “.”. It becomes part of addresses."
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value.toLowerCase());
            }}
            error={error && messageOf(error)}
            pattern="[a-z0-9][a-z0-9._\-]{0,63}"
            required
            withAsterisk={false}
            data-autofocus
          />
          <Textarea
            label="Description"
            value={description}
            onChange={(event) => {
              setDescription(event.currentTarget.value);
            }}
            autosize
            minRows={2}
          />
          <Button type="submit" loading={isPending} style={{ alignSelf: 'flex-end' }}>
            Create
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
