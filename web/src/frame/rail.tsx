import { ActionIcon, ScrollArea, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Mark } from '@/ui/mark';
import { useFrame } from './context';
import type { NavigationEntry } from './module';
import { projectPath, useProjectName } from './project';
import { ProjectSwitcher } from './project-switcher';
import classes from './rail.module.css';
import { useUser } from './session';

interface RailProps {
  narrow: boolean;
  setNarrow: (narrow: boolean) => void;
  drawer: boolean;
  closeDrawer: () => void;
}

export function Rail({ narrow, setNarrow, drawer, closeDrawer }: RailProps) {
  const project = useProjectName();
  const inProject = useEntries('project');
  const platform = useEntries('platform');
  const link = (entry: NavigationEntry, to: string) => (
    <RailLink key={to} entry={entry} to={to} narrow={narrow} onClick={closeDrawer} />
  );
  return (
    <div className={classes['rail']} data-narrow={narrow || undefined}>
      <div className={classes['top']}>
        <Link to="/projects" className={classes['mark']} aria-label="Wardian: all projects" onClick={closeDrawer}>
          <Mark />
          {!narrow && <span>Wardian</span>}
        </Link>
        {drawer && (
          <ActionIcon aria-label="Close the menu" onClick={closeDrawer} hiddenFrom="sm">
            <IconX size={18} />
          </ActionIcon>
        )}
      </div>
      <ProjectSwitcher narrow={narrow} onChosen={closeDrawer} />
      <ScrollArea className={classes['entries']} type="scroll">
        {project !== null && <ul>{inProject.map((entry) => link(entry, projectPath(project, entry.path)))}</ul>}
        {project !== null && <hr className={classes['rule']} />}
        <ul>{platform.map((entry) => link(entry, `/${entry.path}`))}</ul>
      </ScrollArea>
      <div className={classes['foot']}>
        <Tooltip label={narrow ? 'Widen the menu' : 'Narrow the menu'} position="right">
          <ActionIcon
            aria-label={narrow ? 'Widen the menu' : 'Narrow the menu'}
            onClick={() => {
              setNarrow(!narrow);
            }}
            visibleFrom="sm"
          >
            {narrow ? <IconLayoutSidebarLeftExpand size={18} /> : <IconLayoutSidebarLeftCollapse size={18} />}
          </ActionIcon>
        </Tooltip>
      </div>
    </div>
  );
}

function useEntries(scope: 'project' | 'platform'): NavigationEntry[] {
  const { registry } = useFrame();
  const { admin } = useUser();
  return registry.navigation.filter((entry) => (entry.scope ?? 'project') === scope && (admin || !entry.admin));
}

interface RailLinkProps {
  entry: NavigationEntry;
  to: string;
  narrow: boolean;
  onClick: () => void;
}

function RailLink({ entry, to, narrow, onClick }: RailLinkProps) {
  const { icon: Glyph, label, path, exact = path === '' } = entry;
  return (
    <li>
      <Tooltip label={label} position="right" disabled={!narrow}>
        <Link
          to={to}
          onClick={onClick}
          className={classes['link']}
          activeOptions={{ exact, includeSearch: false }}
          activeProps={{ 'data-active': true, 'aria-current': 'page' }}
        >
          <Glyph size={18} stroke={1.6} aria-hidden />
          {narrow ? <VisuallyHidden>{label}</VisuallyHidden> : <span>{label}</span>}
        </Link>
      </Tooltip>
    </li>
  );
}
