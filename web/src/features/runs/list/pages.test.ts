import { describe, expect, it } from 'vitest';
import type { Run } from '@/api/types';
import { merge, pagesToRefresh, type Pages } from './pages';

const run = (id: string, status = 'succeeded') => ({ id, status }) as Run;
const pagesOf = (...pages: Run[][]): Pages => ({
  pages: pages.map((items) => ({ items, next: null })),
  pageParams: pages.map((_, index) => (index === 0 ? null : `c${index.toString()}`)),
});
const ids = (pages: Pages) => pages.pages.map(({ items }) => items.map(({ id }) => id).join(''));

describe('pagesToRefresh', () => {
  it('is the first page and those with live runs', () => {
    expect(pagesToRefresh(pagesOf([run('a')], [run('b')], [run('c', 'running')]))).toEqual([0, 2]);
  });
});

describe('merge', () => {
  it('replaces in place, adds in front, drops the deleted', () => {
    const before = pagesOf([run('c', 'running'), run('b')], [run('a')]);
    const after = merge(before, [[run('d', 'queued'), run('c')]], new Set(['b']));
    expect(ids(after)).toEqual(['dc', 'a']);
    expect(after.pages[0]?.items[1]?.status).toBe('succeeded');
  });

  it('does not take a run of a later page for a new one', () => {
    expect(ids(merge(pagesOf([run('b')], [run('a')]), [[run('a'), run('b')]], new Set()))).toEqual(['b', 'a']);
  });
});
