import { ActionIcon, Burger, Kbd, Menu, Tooltip, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconUser,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useLiveState } from './context';
import { useCrumbs } from './crumbs';
import { projectPath, useProjectName } from './project';
import { signOut, useUser } from './session';
import classes from './top-bar.module.css';

interface TopBarProps {
  drawer: boolean;
  toggleDrawer: () => void;
  openPalette: () => void;
  openShortcuts: () => void;
}

export function TopBar({ drawer, toggleDrawer, openPalette, openShortcuts }: TopBarProps) {
  return (
    <div className={classes['bar']}>
      <Burger opened={drawer} onClick={toggleDrawer} hiddenFrom="sm" size="sm" aria-label="Menu" />
      <Breadcrumb />
      <UnstyledButton className={classes['search']} onClick={openPalette}>
        <IconSearch size={14} aria-hidden />
        <span>Search or jump to…</span>
        <Kbd size="xs">{navigator.userAgent.includes('Mac') ? '⌘' : 'Ctrl'} K</Kbd>
      </UnstyledButton>
      <LiveLight />
      <ThemeMenu />
      <UserMenu openShortcuts={openShortcuts} />
    </div>
  );
}

function Breadcrumb() {
  const project = useProjectName();
  const crumbs = useCrumbs();
  const all = project === null ? crumbs : [{ label: project, to: projectPath(project) }, ...crumbs];
  return (
    <nav aria-label="Breadcrumb" className={classes['crumbs']}>
      <ol>
        {all.map((crumb, index) => (
          <li key={index} className="truncate">
            {crumb.to !== undefined && index < all.length - 1 ? (
              <Link to={crumb.to} className="quiet-link">
                {crumb.label}
              </Link>
            ) : (
              <span aria-current={index === all.length - 1 ? 'page' : undefined}>{crumb.label}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

const LIGHTS = {
  off: 'Not connected',
  connecting: 'Connecting…',
  live: 'Live: changes appear by themselves',
  lost: 'Connection lost; trying again',
};

function LiveLight() {
  const state = useLiveState();
  return (
    <Tooltip label={LIGHTS[state]}>
      <span className={classes['light']} data-state={state} role="status" aria-label={LIGHTS[state]} />
    </Tooltip>
  );
}

const SCHEMES = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
] as const;

function ThemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Current = SCHEMES.find(({ value }) => value === colorScheme)?.icon ?? IconSun;
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label="Theme">
          <Current size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map(({ value, label, icon: Glyph }) => (
          <Menu.Item
            key={value}
            leftSection={<Glyph size={16} stroke={1.6} />}
            onClick={() => {
              setColorScheme(value);
            }}
            data-active={colorScheme === value || undefined}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function UserMenu({ openShortcuts }: { openShortcuts: () => void }) {
  const user = useUser();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`Signed in as ${user.name}`}>
          <IconUser size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.name}</Menu.Label>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={openShortcuts}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
