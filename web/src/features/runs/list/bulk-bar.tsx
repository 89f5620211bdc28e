import { Button, Group, Modal, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTag, IconTrash, IconX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '@/api/client';
import { ConfirmDelete } from '@/ui/confirm';
import { plural } from '@/ui/format';
import classes from './list.module.css';

interface BulkBarProps {
  project: string;
  ids: ReadonlySet<string>;
  clear: () => void;
}

const RUN = '/api/v1/projects/{project}/runs/{run_id}';
/** Requests at a time: the server takes them one by one anyway. */
const AT_ONCE = 4;

/** What can be done with the selected runs. */
export function BulkBar({ project, ids, clear }: BulkBarProps) {
  const [deleting, deletion] = useDisclosure();
  const [tagging, tags] = useDisclosure();
  if (ids.size === 0) return null;
  return (
    <>
      <Paper className={classes['bulk']} withBorder role="toolbar" aria-label="Selected runs">
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" fw={550} px={4} aria-live="polite">
            {plural(ids.size, 'run')}
          </Text>
          <Button variant="default" leftSection={<IconTag size={14} />} onClick={tags.open}>
            Tag
          </Button>
          <Button variant="default" c="var(--status-red)" leftSection={<IconTrash size={14} />} onClick={deletion.open}>
            Delete
          </Button>
          <Button variant="subtle" color="gray" leftSection={<IconX size={14} />} onClick={clear}>
            Clear
          </Button>
        </Group>
      </Paper>
      <ConfirmDelete
        opened={deleting}
        close={deletion.close}
        title={`Delete ${plural(ids.size, 'run')}?`}
        action={`Delete ${plural(ids.size, 'run')}`}
        confirm={async () => {
          await each(ids, (run_id) => client.DELETE(RUN, { params: { path: { project, run_id } } }));
          clear();
        }}
      >
        Their metrics, logs and artifacts go with them. Models registered from them stay.
      </ConfirmDelete>
      <TagDialog project={project} ids={ids} opened={tagging} close={tags.close} />
    </>
  );
}

function TagDialog({
  project,
  ids,
  opened,
  close,
}: Omit<BulkBarProps, 'clear'> & { opened: boolean; close: () => void }) {
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      each(ids, (run_id) =>
        client.PATCH(RUN, { params: { path: { project, run_id } }, body: { tags: { [key.trim()]: value } } }),
      ),
    meta: { done: `Tagged ${plural(ids.size, 'run')}` },
    onSuccess: close,
  });
  return (
    <Modal opened={opened} onClose={close} title={`Tag ${plural(ids.size, 'run')}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          mutate();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Tag"
            value={key}
            onChange={(event) => {
              setKey(event.currentTarget.value);
            }}
            required
            withAsterisk={false}
            maxLength={250}
            data-autofocus
          />
          <TextInput
            label="Value"
            description="May be empty"
            value={value}
            onChange={(event) => {
              setValue(event.currentTarget.value);
            }}
          />
          <Button type="submit" loading={isPending} style={{ alignSelf: 'flex-end' }}>
            Tag
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

/** All of them, a few at a time; the first failure ends it and is thrown. */
async function each(ids: ReadonlySet<string>, act: (id: string) => Promise<unknown>): Promise<void> {
  const waiting = [...ids];
  const work = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await act(id);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
