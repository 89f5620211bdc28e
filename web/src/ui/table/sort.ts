/** Sorting by several columns, as the address and the API write it: "-metrics.loss,name". */

export interface Sort {
  id: string;
  descending: boolean;
}

export function parseSort(text: string | undefined): Sort[] {
  return (text ?? '')
    .split(',')
    .filter(Boolean)
    .map((part) => ({ id: decodeURIComponent(part.replace(/^-/, '')), descending: part.startsWith('-') }));
}

export function writeSort(sort: readonly Sort[]): string {
  return sort.map(({ id, descending }) => (descending ? '-' : '') + id.replace(/[%,]/g, encodeURIComponent)).join(',');
}

/** A click goes: down, up, off. With `add` the columns sorted before stay. */
export function nextSort(sort: readonly Sort[], id: string, add: boolean): Sort[] {
  const now = sort.find((each) => each.id === id);
  const next: Sort[] = !now ? [{ id, descending: true }] : now.descending ? [{ id, descending: false }] : [];
  if (!add) return next;
  return now ? sort.flatMap((each) => (each.id === id ? next : [each])) : [...sort, ...next];
}

type Value = string | number | null | undefined;

/** For lists that are whole in the browser. Nothing sorts last, whichever way. */
export function sorted<T>(rows: readonly T[], sort: readonly Sort[], valueOf: (row: T, id: string) => Value): T[] {
  return [...rows].sort((a, b) => {
    for (const { id, descending } of sort) {
      const order = compare(valueOf(a, id), valueOf(b, id), descending);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function compare(a: Value, b: Value, descending: boolean): number {
  if (a == null || b == null) return a == null && b == null ? 0 : a == null ? 1 : -1;
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : a.toString().localeCompare(b.toString());
  return descending ? -order : order;
}
