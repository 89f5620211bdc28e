import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTag, IconX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { useRefresh } from '@/api/refresh';
import { AliasPill } from './alias-pill';
import { models, MODELS, type ModelVersion } from './queries';

interface AliasEditorProps {
  version: ModelVersion;
  project: string;
  mayWrite: boolean;
}

/** The names that point at a version, to take away and to add. An alias that points elsewhere moves here. */
export function AliasEditor({ version, project, mayWrite }: AliasEditorProps) {
  const refresh = useRefresh(MODELS);
  const remove = useMutation({
    mutationFn: (alias: string) => models.removeAlias(project, version.model, alias),
    onSuccess: refresh,
  });
  const aliases = version.aliases ?? [];
  if (aliases.length === 0 && !mayWrite) return null;
  return (
    <Group gap={6} mb="md">
      <Text size="xs" c="dimmed">
        Aliases
      </Text>
      {aliases.map((alias) => (
        <Group key={alias} gap={2} wrap="nowrap">
          <AliasPill alias={alias} />
          {mayWrite && (
            <ActionIcon
              size="xs"
              aria-label={`Take the alias ${alias} away`}
              onClick={() => {
                remove.mutate(alias);
              }}
            >
              <IconX size={12} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {mayWrite && <AddAlias version={version} project={project} />}
    </Group>
  );
}

function AddAlias({ version, project }: { version: ModelVersion; project: string }) {
  const [opened, { open, close }] = useDisclosure();
  const [alias, setAlias] = useState('');
  const { data } = useQuery(models.one(project, version.model));
  const before = data?.aliases?.[alias];
  const refresh = useRefresh(MODELS);
  const { mutate, isPending, error } = useMutation({
    meta: { quiet: true },
    mutationFn: () => models.setAlias(project, version.model, alias, version.version),
    onSuccess: async () => {
      await refresh();
      setAlias('');
      close();
    },
  });
  const others = Object.keys(data?.aliases ?? {}).filter((name) => !(version.aliases ?? []).includes(name));
  return (
    <Popover opened={opened} onChange={close} width={280} shadow="sm" trapFocus position="bottom-start">
      <Popover.Target>
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconTag size={13} />}
          onClick={opened ? close : open}
          aria-expanded={opened}
        >
          Set an alias
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            mutate();
          }}
        >
          <Stack gap="xs">
            <TextInput
              size="xs"
              label="Alias"
              placeholder="champion"
              value={alias}
              onChange={(event) => {
                setAlias(event.currentTarget.value.replace(/^@/, ''));
              }}
              error={error && messageOf(error)}
              pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"
              required
              withAsterisk={false}
              data-autofocus
            />
            {others.length > 0 && (
              <Group gap={4}>
                {others.map((name) => (
                  <Button
                    key={name}
                    variant="default"
                    size="compact-xs"
                    onClick={() => {
                      setAlias(name);
                    }}
                  >
                    @{name}
                  </Button>
                ))}
              </Group>
            )}
            {before !== undefined && before !== version.version && (
              <Text size="xs" c="dimmed">
                It moves here from version {before}.
              </Text>
            )}
            <Button type="submit" loading={isPending}>
              {before === undefined ? 'Set' : 'Move here'}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
