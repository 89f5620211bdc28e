/** The house around every page: rail, top bar, palette, live connection. */
import { AppShell } from '@mantine/core';
import { useDisclosure, useHotkeys, useLocalStorage } from '@mantine/hooks';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { SkeletonRows } from '@/ui/states';
import { useFrame } from './context';
import { useGoKeys } from './go-keys';
import { useProjectName } from './project';
import { Rail } from './rail';
import { TopBar } from './top-bar';

const Palette = lazy(() => import('./palette'));
const Shortcuts = lazy(() => import('./shortcuts'));

export function Shell() {
  const [drawer, { toggle: toggleDrawer, close: closeDrawer }] = useDisclosure();
  const [narrow, setNarrow] = useLocalStorage({ key: 'wardian-rail-narrow', defaultValue: false });
  const [palette, setPalette] = useOnce();
  const [shortcuts, setShortcuts] = useOnce();
  const project = useProjectName();
  const navigate = useNavigate();
  useLiveProject(project);
  useGoKeys((to) => void navigate({ to }));
  useHotkeys(
    [
      [
        'mod+K',
        () => {
          setPalette(true);
        },
      ],
      [
        'shift+?',
        () => {
          setShortcuts(true);
        },
      ],
      [
        '[',
        () => {
          setNarrow(!narrow);
        },
      ],
    ],
    ['INPUT', 'TEXTAREA', 'SELECT'],
  );
  useHotkeys(
    [
      [
        'mod+K',
        () => {
          setPalette(true);
        },
      ],
    ],
    [],
  );
  return (
    <AppShell
      layout="alt"
      header={{ height: 48 }}
      navbar={{ width: narrow ? 56 : 216, breakpoint: 'sm', collapsed: { mobile: !drawer } }}
      padding={0}
      transitionDuration={0}
    >
      <a href="#main" className="skip-link">
        Skip to the content
      </a>
      <AppShell.Header>
        <TopBar
          drawer={drawer}
          toggleDrawer={toggleDrawer}
          openPalette={() => {
            setPalette(true);
          }}
          openShortcuts={() => {
            setShortcuts(true);
          }}
        />
      </AppShell.Header>
      <AppShell.Navbar aria-label="Main">
        <Rail narrow={narrow && !drawer} setNarrow={setNarrow} drawer={drawer} closeDrawer={closeDrawer} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} style={{ outline: 'none' }}>
        <Suspense fallback={<SkeletonRows />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
      <Suspense>
        {palette.used && (
          <Palette
            opened={palette.open}
            close={() => {
              setPalette(false);
            }}
          />
        )}
        {shortcuts.used && (
          <Shortcuts
            opened={shortcuts.open}
            close={() => {
              setShortcuts(false);
            }}
          />
        )}
      </Suspense>
    </AppShell>
  );
}

/** Open or not, and whether it ever was: what was never opened is never loaded. */
function useOnce(): [{ open: boolean; used: boolean }, (open: boolean) => void] {
  const [state, setState] = useState({ open: false, used: false });
  return [
    state,
    (open) => {
      setState((before) => ({ open, used: before.used || open }));
    },
  ];
}

function useLiveProject(project: string | null): void {
  const { live } = useFrame();
  useEffect(() => {
    live.follow(project);
  }, [live, project]);
  useEffect(
    () => () => {
      live.close();
    },
    [live],
  );
}
