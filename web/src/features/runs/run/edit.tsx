import { Button, Modal, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '@/api/client';
import { messageOf } from '@/api/errors';
import type { Run } from '@/api/types';
import { runs } from '../queries';
import { tagChanges, writeTags } from './tags';

interface EditRunProps {
  project: string;
  run: Run;
  opened: boolean;
  close: () => void;
}

/** Name, experiment, tags and notes. */
export function EditRun({ project, run, opened, close }: EditRunProps) {
  return (
    <Modal opened={opened} onClose={close} title="Edit run" size="lg">
      {opened && <Form project={project} run={run} close={close} />}
    </Modal>
  );
}

function Form({ project, run, close }: Omit<EditRunProps, 'opened'>) {
  const queries = useQueryClient();
  const [name, setName] = useState(run.name);
  const [experiment, setExperiment] = useState(run.experiment);
  const [tags, setTags] = useState(writeTags(run.tags));
  const [notes, setNotes] = useState(run.notes);
  const { mutate, isPending, error } = useMutation({
    meta: { quiet: true },
    mutationFn: () =>
      client.PATCH('/api/v1/projects/{project}/runs/{run_id}', {
        params: { path: { project, run_id: run.id } },
        body: { name, experiment, notes, tags: tagChanges(run.tags, tags) },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: runs.one(project, run.id).queryKey });
      close();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
          error={error && messageOf(error)}
          required
          withAsterisk={false}
          data-autofocus
        />
        <TextInput
          label="Experiment"
          value={experiment}
          onChange={(event) => {
            setExperiment(event.currentTarget.value);
          }}
          required
          withAsterisk={false}
        />
        <TagsInput label="Tags" description="“key” or “key: value”, Enter after each" value={tags} onChange={setTags} />
        <Textarea
          label="Notes"
          description="Markdown"
          autosize
          minRows={4}
          maxRows={16}
          value={notes}
          onChange={(event) => {
            setNotes(event.currentTarget.value);
          }}
        />
        <Button type="submit" loading={isPending} style={{ alignSelf: 'flex-end' }}>
          Save
        </Button>
      </Stack>
    </form>
  );
}
