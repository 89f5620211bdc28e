import { describe, expect, it } from 'vitest';
import { nextSort, parseSort, sorted, writeSort } from './sort';

describe('sort in the address', () => {
  it.each(['', '-metrics.loss', 'name,-params.a%2Cb'])('%s comes back as it was', (text) => {
    expect(writeSort(parseSort(text))).toBe(text);
  });
});

describe('nextSort', () => {
  it('goes down, up, off', () => {
    const down = nextSort([], 'a', false);
    const up = nextSort(down, 'a', false);
    expect([writeSort(down), writeSort(up), writeSort(nextSort(up, 'a', false))]).toEqual(['-a', 'a', '']);
  });

  it('keeps the others when it adds', () => {
    expect(writeSort(nextSort(parseSort('-a,b'), 'a', true))).toBe('a,b');
    expect(writeSort(nextSort(parseSort('-a'), 'b', true))).toBe('-a,-b');
  });
});

describe('sorted', () => {
  it('puts nothing last both ways', () => {
    const rows = [{ v: 2 }, { v: null }, { v: 1 }];
    const values = (descending: boolean) => sorted(rows, [{ id: 'v', descending }], (row) => row.v).map(({ v }) => v);
    expect(values(false)).toEqual([1, 2, null]);
    expect(values(true)).toEqual([2, 1, null]);
  });
});
