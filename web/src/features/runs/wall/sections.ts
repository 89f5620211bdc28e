export interface MetricSection {
  name: string;
  keys: string[];
}

/** By what stands before the first slash; keys without one come first, all together. */
export function sections(keys: readonly string[]): MetricSection[] {
  const groups = Map.groupBy([...keys].sort(byName), (key) => (key.includes('/') ? (key.split('/')[0] ?? '') : ''));
  return [...groups]
    .sort(([a], [b]) => (a === '' ? -1 : b === '' ? 1 : byName(a, b)))
    .map(([name, inside]) => ({ name: name || 'Metrics', keys: inside }));
}

/** A search that is a regular expression when it can be, else plain text. */
export function matches(key: string, search: string): boolean {
  if (!search) return true;
  try {
    return new RegExp(search, 'i').test(key);
  } catch {
    return key.toLowerCase().includes(search.toLowerCase());
  }
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
