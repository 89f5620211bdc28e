import { Alert, Button, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '@/api/client';
import { messageOf } from '@/api/errors';
import type { Project } from '@/api/types';
import { projectPath, projects } from '@/frame/project';
import { Loaded, SkeletonRows } from '@/ui/states';
import { Section } from './section';

interface GeneralProps {
  project: string;
  mayChange: boolean;
}

export function General({ project, mayChange }: GeneralProps) {
  const query = useQuery(projects.one(project));
  return (
    <Section title="Project">
      <Loaded query={query} skeleton={<SkeletonRows rows={5} />}>
        {(found) => <Form project={found} mayChange={mayChange} />}
      </Loaded>
    </Section>
  );
}

function Form({ project, mayChange }: { project: Project; mayChange: boolean }) {
  const [name, setName] = useState(project.name);
  const [description, setDescription] = useState(project.description ?? '');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    meta: { quiet: true, done: 'Saved' },
    mutationFn: () =>
      client.PATCH('/api/v1/projects/{project}', {
        params: { path: { project: project.id } },
        body: { name, description },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: projects.list().queryKey });
      await queries.invalidateQueries({ queryKey: projects.one(project.name).queryKey });
      if (name !== project.name) await navigate({ to: projectPath(name, 'settings') });
    },
  });
  const renamed = name !== project.name;
  const changed = renamed || description !== (project.description ?? '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value.toLowerCase());
          }}
          pattern="[a-z0-9][a-z0-9._\-]{0,63}"
          readOnly={!mayChange}
          required
          withAsterisk={false}
          maw={360}
        />
        {renamed && (
          <Alert color="yellow" variant="light" p="xs">
            Addresses and programs that hold the old name stop working.
          </Alert>
        )}
        <Textarea
          label="Description"
          value={description}
          onChange={(event) => {
            setDescription(event.currentTarget.value);
          }}
          readOnly={!mayChange}
          autosize
          minRows={2}
          maxRows={10}
        />
        {error && (
          <Alert color="red" role="alert" p="xs">
            {messageOf(error)}
          </Alert>
        )}
        {mayChange && (
          <Button type="submit" loading={isPending} disabled={!changed} style={{ alignSelf: 'flex-start' }}>
            Save
          </Button>
        )}
      </Stack>
    </form>
  );
}
