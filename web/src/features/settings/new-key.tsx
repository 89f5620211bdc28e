import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { basePath } from '@/api/client';
import { messageOf } from '@/api/errors';
import { projects } from '@/frame/project';
import { CodeBlock } from '@/ui/code';
import { environmentLines } from './environment-lines';
import { createKey, keys, type NewSecret } from './queries';

interface NewKeyProps {
  opened: boolean;
  close: () => void;
}

const LIVES = [
  { value: '', label: 'until it is deleted' },
  { value: '1', label: 'a day' },
  { value: '30', label: '30 days' },
  { value: '365', label: 'a year' },
];

/** The secret is shown here, once; it is kept nowhere in the browser. */
export function NewKey({ opened, close }: NewKeyProps) {
  const [name, setName] = useState('');
  const [days, setDays] = useState('');
  const queries = useQueryClient();
  const { mutate, isPending, error, data, reset } = useMutation({
    meta: { quiet: true },
    gcTime: 0,
    mutationFn: () => createKey(name, days ? Number(days) : null),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.list().queryKey }),
  });
  const leave = () => {
    reset();
    setName('');
    close();
  };
  return (
    <Modal
      opened={opened}
      onClose={leave}
      title={data ? `The key ${data.key.name}` : 'New access key'}
      size="lg"
      closeOnClickOutside={!data}
      closeOnEscape={!data}
    >
      {data ? (
        <Shown secret={data} leave={leave} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            mutate();
          }}
        >
          <Stack gap="md">
            <TextInput
              label="Name"
              description="Where it is used: a machine, a notebook, a pipeline."
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
              }}
              maxLength={128}
              required
              withAsterisk={false}
              data-autofocus
            />
            <Select
              label="Valid"
              data={LIVES}
              value={days}
              allowDeselect={false}
              onChange={(value) => {
                setDays(value ?? '');
              }}
            />
            {error && (
              <Alert color="red" role="alert">
                {messageOf(error)}
              </Alert>
            )}
            <Button type="submit" loading={isPending} style={{ alignSelf: 'flex-end' }}>
              Make the key
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function Shown({ secret, leave }: { secret: NewSecret; leave: () => void }) {
  const { data } = useQuery(projects.list());
  const [project, setProject] = useState<string | null>(null);
  const names = (data?.items ?? []).map((each) => each.name);
  const chosen = project ?? names[0] ?? '';
  const url = window.location.origin + basePath;
  return (
    <Stack gap="sm">
      <Alert color="yellow" variant="light" p="xs">
        The secret is shown this once. Copy it now; who loses it makes a new key.
      </Alert>
      <div>
        <Text size="xs" c="dimmed" mb={4}>
          Access key
        </Text>
        <CodeBlock text={secret.access} label="Access key" />
      </div>
      <div>
        <Text size="xs" c="dimmed" mb={4}>
          Secret key
        </Text>
        <CodeBlock text={secret.secret} label="Secret key" />
      </div>
      <Group justify="space-between" align="flex-end" mt="xs">
        <Text size="xs" c="dimmed">
          Lines for the environment
        </Text>
        {names.length > 1 && (
          <Select
            size="xs"
            w={180}
            aria-label="Project of the lines"
            data={names}
            value={chosen}
            allowDeselect={false}
            onChange={setProject}
          />
        )}
      </Group>
      <CodeBlock text={environmentLines(url, secret, chosen)} label="Lines for the environment" />
      <Button onClick={leave} style={{ alignSelf: 'flex-end' }}>
        I have copied it
      </Button>
    </Stack>
  );
}
