/** Ctrl/⌘ K: go to any page, project or thing, or do something, without the mouse. */
import { Spotlight, spotlight } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFolder, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useFrame } from './context';
import type { PaletteAction } from './module';
import { projectPath, projects, useProjectName } from './project';

const SHOWN = 8;

export default function Palette({ opened, close }: { opened: boolean; close: () => void }) {
  const [query, setQuery] = useState('');
  const groups = grouped(useActions(), query, useFound(query));
  useEffect(() => {
    if (opened) spotlight.open();
  }, [opened]);
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={close}
      shortcut={null}
      attributes={{ content: { 'aria-label': 'Search and commands' } }}
      scrollable
      maxHeight={420}
    >
      <Spotlight.Search
        placeholder="Go to a page, project or run, or do something…"
        aria-label="Search and commands"
        leftSection={<IconSearch size={18} stroke={1.5} />}
      />
      <Spotlight.ActionsList>
        {groups.map(([group, actions]) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {actions.map(({ id, label, description, icon: Glyph, run }) => (
              <Spotlight.Action
                key={id}
                label={label}
                description={description}
                leftSection={Glyph && <Glyph size={18} stroke={1.5} />}
                onClick={run}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 && <Spotlight.Empty>Nothing of that name</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function useActions(): PaletteAction[] {
  const { registry } = useFrame();
  const navigate = useNavigate();
  const project = useProjectName();
  const { data } = useQuery(projects.list());
  const go = (to: string) => void navigate({ to });
  const pages = registry.navigation
    .filter((entry) => entry.scope === 'platform' || project !== null)
    .map(({ label, icon, path, scope }): PaletteAction => {
      const to = scope === 'platform' || project === null ? `/${path}` : projectPath(project, path);
      return {
        id: to,
        label,
        icon,
        group: 'Go to',
        run: () => {
          go(to);
        },
      };
    });
  const places = (data?.items ?? []).map(({ name }): PaletteAction => ({
    id: projectPath(name),
    label: name,
    icon: IconFolder,
    group: 'Projects',
    run: () => {
      go(projectPath(name));
    },
  }));
  return [...pages, ...registry.actions({ project, go }), ...places];
}

/** Things of the modules (runs, models …) that the server finds by this text. */
function useFound(query: string): PaletteAction[] {
  const { registry } = useFrame();
  const navigate = useNavigate();
  const project = useProjectName();
  const [text] = useDebouncedValue(query.trim(), 150);
  const { data } = useQuery({
    queryKey: ['palette', project, text],
    queryFn: () => registry.find(text, { project, go: (to) => void navigate({ to }) }),
    enabled: text.length > 1,
  });
  return text.length > 1 ? (data ?? []) : [];
}

function grouped(actions: PaletteAction[], query: string, found: PaletteAction[]): [string, PaletteAction[]][] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = actions.filter(({ label, group }) =>
    words.every((word) => `${group} ${label}`.toLowerCase().includes(word)),
  );
  const groups = new Map<string, PaletteAction[]>();
  for (const action of [...matching, ...found]) {
    const group = groups.get(action.group) ?? [];
    if (group.length < SHOWN || action.group === 'Go to') group.push(action);
    groups.set(action.group, group);
  }
  return [...groups];
}
