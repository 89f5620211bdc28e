import { expect, it } from 'vitest';
import { tagChanges, writeTags } from './tags';

it('brings tags back as they were', () => {
  const tags = { team: 'vision', best: '', note: 'a: b' };
  expect(tagChanges(tags, writeTags(tags))).toEqual(tags);
});

it('removes what is gone and changes what differs', () => {
  expect(tagChanges({ a: '1', b: '2' }, ['a: 3', 'c'])).toEqual({ a: '3', b: null, c: '' });
});
