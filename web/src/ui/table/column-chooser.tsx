import { Button, Checkbox, Group, Popover, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useState } from 'react';

interface Choice {
  id: string;
  label: string;
  group?: string;
}

interface ColumnChooserProps {
  columns: readonly Choice[];
  shown: readonly string[];
  setShown: (shown: string[]) => void;
  reset: () => void;
}

/** Which columns a table shows: by group, with search. The order of choosing is the order on screen. */
export function ColumnChooser({ columns, shown, setShown, reset }: ColumnChooserProps) {
  const [search, setSearch] = useState('');
  const matching = columns.filter(({ label }) => label.toLowerCase().includes(search.toLowerCase()));
  const groups = Map.groupBy(matching, ({ group }) => group ?? 'Columns');
  const set = (ids: string[], on: boolean) => {
    setShown(on ? [...shown, ...ids.filter((id) => !shown.includes(id))] : shown.filter((id) => !ids.includes(id)));
  };
  return (
    <Popover position="bottom-end" width={280} shadow="sm" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={14} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Stack gap="xs">
          <TextInput
            placeholder="Find a column"
            aria-label="Find a column"
            size="xs"
            value={search}
            onChange={(event) => {
              setSearch(event.currentTarget.value);
            }}
          />
          <ScrollArea.Autosize mah={360} type="auto">
            <Stack gap={4}>
              {[...groups].map(([group, choices]) => {
                const ids = choices.map(({ id }) => id);
                const on = ids.filter((id) => shown.includes(id)).length;
                return (
                  <Stack key={group} gap={4} mb={6}>
                    <Checkbox
                      size="xs"
                      label={
                        <Text size="xs" fw={600}>
                          {group}
                        </Text>
                      }
                      checked={on === ids.length}
                      indeterminate={on > 0 && on < ids.length}
                      onChange={(event) => {
                        set(ids, event.currentTarget.checked);
                      }}
                    />
                    {choices.map(({ id, label }) => (
                      <Checkbox
                        key={id}
                        size="xs"
                        pl="md"
                        label={label}
                        checked={shown.includes(id)}
                        onChange={(event) => {
                          set([id], event.currentTarget.checked);
                        }}
                      />
                    ))}
                  </Stack>
                );
              })}
              {groups.size === 0 && (
                <Text size="xs" c="dimmed">
                  No column of that name
                </Text>
              )}
            </Stack>
          </ScrollArea.Autosize>
          <Group justify="flex-end">
            <Button variant="subtle" size="compact-xs" onClick={reset}>
              As at first
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
