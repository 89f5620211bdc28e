import { Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import { useFrame } from './context';
import { goKeys } from './go-keys';
import { useProjectName } from './project';

export default function Shortcuts({ opened, close }: { opened: boolean; close: () => void }) {
  const { registry } = useFrame();
  const project = useProjectName();
  const labels = registry.navigation
    .filter((entry) => entry.scope === 'platform' || project !== null)
    .map((entry) => entry.label);
  const rows: [string[], string][] = [
    [['Ctrl/⌘', 'K'], 'Search and commands'],
    [['?'], 'These shortcuts'],
    [['['], 'Narrow or widen the menu'],
    ...[...goKeys(labels)].map(([letter, label]): [string[], string] => [['g', letter], `Go to ${label}`]),
  ];
  return (
    <Modal opened={opened} onClose={close} title="Keyboard shortcuts">
      <Stack gap={6}>
        {rows.map(([keys, text]) => (
          <Group key={text} justify="space-between">
            <Text size="sm">{text}</Text>
            <Group gap={4}>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}
