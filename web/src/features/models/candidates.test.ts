import { describe, expect, it } from 'vitest';
import { folderOf, isManifest, suggestedName } from './candidates';

describe('model folders', () => {
  it.each([
    ['model/model.json', true, 'model'],
    ['models/best/model.json', true, 'models/best'],
    ['model.json', true, ''],
    ['my-model.json', false, null],
  ])('%s', (path, yes, folder) => {
    expect(isManifest(path)).toBe(yes);
    if (yes) expect(folderOf(path)).toBe(folder);
  });

  it.each([
    ['model', 'digits', 'digits'],
    ['', 'digits', 'digits'],
    [null, 'digits', 'digits'],
    ['models/Best Net', 'digits', 'best-net'],
  ])('%s of %s suggests %s', (folder, project, name) => {
    expect(suggestedName(folder, project)).toBe(name);
  });
});
