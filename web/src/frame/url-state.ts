/** The address is the state: filters, sort, columns, tabs. Copying it shares the view, Back undoes. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';

/** How a value is written in the address; null leaves it out. */
export interface Codec<T> {
  parse: (text: string | undefined) => T;
  write: (value: T) => string | null;
}

export const text = (fallback = ''): Codec<string> => ({
  parse: (written) => written ?? fallback,
  write: (value) => (value === fallback ? null : value),
});

export const choice = <T extends string>(options: readonly T[], fallback: T): Codec<T> => ({
  parse: (written) => options.find((option) => option === written) ?? fallback,
  write: (value) => (value === fallback ? null : value),
});

export const number = (fallback: number): Codec<number> => ({
  parse: (written) => (written !== undefined && Number.isFinite(Number(written)) ? Number(written) : fallback),
  write: (value) => (value === fallback ? null : value.toString()),
});

export const flag = (fallback = false): Codec<boolean> => ({
  parse: (written) => (written === undefined ? fallback : written === '1'),
  write: (value) => (value === fallback ? null : value ? '1' : '0'),
});

/** Comma-separated; commas and percent signs inside an entry are escaped. */
export const list = (fallback: readonly string[] = []): Codec<string[]> => ({
  parse: (written) =>
    written === undefined ? [...fallback] : written.split(',').filter(Boolean).map(decodeURIComponent),
  write: (entries) =>
    entries.join('\n') === fallback.join('\n')
      ? null
      : entries.map((entry) => entry.replace(/[%,]/g, encodeURIComponent)).join(','),
});

/** Keep the codec outside the component: it is compared by identity. `push` makes Back return to the value before. */
export function useUrlState<T>(key: string, codec: Codec<T>, { push = false } = {}): [T, (value: T) => void] {
  const written = useSearch({ strict: false, select: (search: Record<string, string>) => search[key] });
  const navigate = useNavigate();
  const value = useMemo(() => codec.parse(written), [codec, written]);
  const set = useCallback(
    (next: T) => {
      const text = codec.write(next) ?? undefined;
      void navigate({
        to: '.',
        search: (search: Record<string, string | undefined>) => ({ ...search, [key]: text }),
        replace: !push,
        resetScroll: false,
      });
    },
    [codec, key, navigate, push],
  );
  return [value, set];
}

/** Plain `?key=text`, without the JSON that the router would write. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function writeSearch(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const written = new URLSearchParams(entries).toString();
  return written && `?${written}`;
}
