/** The modules, joined. Made once at the start; nothing here changes later. */
import { lazy, type ComponentType } from 'react';
import type { Module, NavigationEntry, PaletteAction, RouteSpec, Slot, Where } from './module';

export interface Card {
  id: string;
  Component: ComponentType;
}

export interface RegisteredTab extends Card {
  label: string;
}

export class Registry {
  readonly navigation: NavigationEntry[];
  readonly routes: RouteSpec[];
  readonly cards: Card[];
  private readonly tabLists = new Map<string, RegisteredTab[]>();
  private readonly slotLists = new Map<string, Card[]>();

  constructor(private readonly modules: readonly Module[]) {
    this.navigation = inOrder(modules.flatMap((module) => module.navigation ?? []));
    this.routes = modules.flatMap((module) => module.routes ?? []);
    this.cards = inOrder(modules.flatMap((module) => module.cards ?? [])).map(lazily);
    for (const place of new Set(modules.flatMap((module) => Object.keys(module.slots ?? {})))) {
      this.slotLists.set(place, inOrder(modules.flatMap((module) => module.slots?.[place] ?? [])).map(lazily));
    }
    const places = new Set(modules.flatMap((module) => Object.keys(module.tabs ?? {})));
    for (const place of places) {
      const tabs = inOrder(modules.flatMap((module) => module.tabs?.[place] ?? []));
      this.tabLists.set(
        place,
        tabs.map((tab) => ({ ...lazily(tab), label: tab.label })),
      );
    }
  }

  tabs(place: string): RegisteredTab[] {
    return this.tabLists.get(place) ?? [];
  }

  slots(place: string): Card[] {
    return this.slotLists.get(place) ?? [];
  }

  actions(where: Where): PaletteAction[] {
    return this.modules.flatMap((module) => module.actions?.(where) ?? []);
  }

  /** One module that fails to answer does not hide what the others found. */
  async find(text: string, where: Where): Promise<PaletteAction[]> {
    const answers = await Promise.allSettled(this.modules.map((module) => module.find?.(text, where) ?? []));
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  }

  /** Noun of an event → paths to look at again, over all modules. */
  touches(): Map<string, string[]> {
    const touches = new Map<string, string[]>();
    for (const module of this.modules) {
      for (const [noun, paths] of Object.entries(module.live ?? {})) {
        touches.set(noun, [...(touches.get(noun) ?? []), ...paths]);
      }
    }
    return touches;
  }
}

function inOrder<T extends { order: number }>(things: T[]): T[] {
  return [...things].sort((a, b) => a.order - b.order);
}

function lazily({ id, load }: Slot): Card {
  return { id, Component: lazy(load) };
}
