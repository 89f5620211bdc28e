import { expect, it } from 'vitest';
import type { Artifact } from '@/api/types';
import { nameOf, treeOf } from './tree';

it('groups paths into folders and adds up their sizes', () => {
  const files = ['model/a.bin', 'model/sub/b.bin', 'log.txt'].map((path) => ({ path, size: 10 }) as Artifact);
  const root = treeOf(files);
  expect(root.size).toBe(30);
  expect(root.files.map(({ path }) => path)).toEqual(['log.txt']);
  expect(root.folders[0]).toMatchObject({
    name: 'model',
    size: 20,
    folders: [{ name: 'sub', path: 'model/sub', size: 10 }],
  });
});

it('names a file', () => {
  expect(nameOf('a/b/c.txt')).toBe('c.txt');
  expect(nameOf('c.txt')).toBe('c.txt');
});
