// @vitest-environment node
import { expect, it } from 'vitest';
import { isArchive, isExport, parcelOf } from './dropped';
import { gzippedTar } from './tar';

const file = (name: string, text = '') => new File([text], name);

it('tells an export from an archive of a folder', async () => {
  const manifest = new Blob(['{"format": "wardian-program", "program": "digits"}']);
  const exported = await gzippedTar([{ path: 'manifest.json', file: manifest }]);
  const folder = await gzippedTar([{ path: 'wardian.yaml', file: new Blob(['name: digits']) }]);
  expect(await isExport(exported)).toBe(true);
  expect(await isExport(folder)).toBe(false);
  expect(await isExport(new Blob(['no gzip']))).toBe(false);
  expect((await parcelOf([new File([exported], 'digits-1.tgz')])).kind).toBe('export');
});

it('packs loose files, and names the notebook when nothing else describes the program', async () => {
  expect(await parcelOf([file('wardian.yaml', 'name: a'), file('train.py')])).toMatchObject({ kind: 'program' });
  expect(await parcelOf([file('study.ipynb', '{}')])).toMatchObject({ describedBy: 'study.ipynb' });
});

it.each([
  [[], 'Nothing was dropped'],
  [[file('notes.txt')], 'No program in it'],
  [[file('a.ipynb'), file('b.ipynb')], 'Which of the notebooks'],
])('%#: says what may be dropped instead', async (files, words) => {
  await expect(parcelOf(files)).rejects.toThrow(words);
});

it('knows archives by their name', () => {
  expect(['a.tgz', 'a.TAR.GZ', 'a.zip'].map(isArchive)).toEqual([true, true, false]);
});
