import { describe, expect, it } from 'vitest';
import { wanted } from './words';

describe('wanted', () => {
  it.each([
    [{ cpu: 2, memory: 0, gpu: 0 }, '2 cpu'],
    [{ cpu: 0.5, memory: 2 * 1024 ** 3, gpu: 1 }, '0.5 cpu · 2.0 GiB · 1 gpu'],
    [{ cpu: 0, memory: 0, gpu: 0 }, 'nothing reserved'],
    [undefined, '1 cpu'],
  ])('%o reads %s', (slots, words) => {
    expect(wanted(slots)).toBe(words);
  });
});
