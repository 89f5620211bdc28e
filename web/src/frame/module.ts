/**
 * What a feature gives to the app. A module is plain data: the frame draws the rail, the routes, the cards and the
 * palette from the list in `features/index.ts`, and a plugin's module would be drawn the same way.
 */
import type { Icon } from '@tabler/icons-react';
import type { ComponentType } from 'react';

export interface Module {
  name: string;
  navigation?: NavigationEntry[];
  routes?: RouteSpec[];
  /** Cards of the project's Overview. */
  cards?: Slot[];
  /** Tabs of other features' pages, by the name of the place: "run", "model", "settings" … */
  tabs?: Record<string, Tab[]>;
  /** Parts of other features' pages, by the name of the place: "run.actions" are buttons in the head of a run. */
  slots?: Record<string, Slot[]>;
  /** What the command palette offers. */
  actions?: (where: Where) => PaletteAction[];
  /** What the palette finds on the server by a text. */
  find?: (text: string, where: Where) => Promise<PaletteAction[]>;
  /** Noun of an audited event → beginnings of the API paths whose queries it makes stale. */
  live?: Record<string, string[]>;
}

export interface NavigationEntry {
  label: string;
  icon: Icon;
  /** Below the project ("runs") or, when `scope` is platform, below the root. "" is the Overview. */
  path: string;
  /** Rises down the rail; the design's order is 0, 10, 20 … */
  order: number;
  scope?: 'project' | 'platform';
  /** Marked only on its own page, not on those below its address. */
  exact?: boolean;
  /** Shown to platform admins only. */
  admin?: boolean;
}

export interface RouteSpec {
  scope: 'project' | 'platform';
  /** As TanStack Router writes it: "runs/$run/{-$tab}". */
  path: string;
  load: () => Promise<{ default: ComponentType }>;
}

export interface Slot {
  id: string;
  order: number;
  load: () => Promise<{ default: ComponentType }>;
}

export interface Tab extends Slot {
  label: string;
}

/** Where the user is, as far as the frame knows. */
export interface Where {
  /** Name of the project, null outside of one. */
  project: string | null;
  go: (path: string) => void;
}

export interface PaletteAction {
  id: string;
  label: string;
  group: 'Go to' | 'Do' | (string & {});
  description?: string;
  icon?: Icon;
  run: () => void;
}
