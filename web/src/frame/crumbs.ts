/** The breadcrumb: the page on screen says where it is, the top bar shows it. */
import { useEffect, useSyncExternalStore } from 'react';

export interface Crumb {
  label: string;
  to?: string;
}

let crumbs: readonly Crumb[] = [];
const listeners = new Set<() => void>();

export function useCrumbs(): readonly Crumb[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => crumbs,
  );
}

/** Say where the page is, and name the browser's tab after it. */
export function usePlace(place: readonly Crumb[]): void {
  const written = JSON.stringify(place);
  useEffect(() => {
    crumbs = JSON.parse(written) as Crumb[];
    document.title = [...crumbs.map((crumb) => crumb.label).reverse(), 'Wardian'].join(' · ');
    listeners.forEach((tell) => {
      tell();
    });
  }, [written]);
}
