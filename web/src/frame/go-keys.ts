/** "g" and then a letter: go to a page of the rail. */
import { useHotkeys } from '@mantine/hooks';
import { useRef } from 'react';
import { useFrame } from './context';
import { projectPath, useProjectName } from './project';

const PATIENCE_MS = 1200;

/** The letter of each rail entry: its first one that is still free. */
export function goKeys(labels: readonly string[]): Map<string, string> {
  const keys = new Map<string, string>();
  for (const label of labels) {
    const free = [...label.toLowerCase()].find((letter) => /[a-z]/.test(letter) && !keys.has(letter));
    if (free) keys.set(free, label);
  }
  return keys;
}

export function useGoKeys(go: (path: string) => void): void {
  const { registry } = useFrame();
  const project = useProjectName();
  const pressed = useRef(0);
  const entries = registry.navigation.filter((entry) => entry.scope === 'platform' || project !== null);
  const keys = goKeys(entries.map((entry) => entry.label));
  const press = (letter: string) => () => {
    if (Date.now() - pressed.current > PATIENCE_MS) return;
    pressed.current = 0;
    const entry = entries.find(({ label }) => label === keys.get(letter));
    if (entry) go(entry.scope === 'platform' || project === null ? `/${entry.path}` : projectPath(project, entry.path));
  };
  useHotkeys([
    ...[...keys.keys()].map(
      (letter) =>
        [letter, press(letter), { preventDefault: false }] as [string, () => void, { preventDefault: boolean }],
    ),
    [
      'g',
      () => {
        pressed.current = Date.now();
      },
      { preventDefault: false },
    ],
  ]);
}
