import { describe, expect, it } from 'vitest';
import { shellLine } from './shell-line';

describe('shellLine', () => {
  it.each([
    [['python', '-m', 'train', '--lr=0.1'], 'python -m train --lr=0.1'],
    [['echo', 'two words', ''], "echo 'two words' ''"],
    [['echo', "it's"], String.raw`echo 'it'\''s'`],
    [['echo', '$HOME'], "echo '$HOME'"],
  ])('%o reads %s', (words, line) => {
    expect(shellLine(words)).toBe(line);
  });
});
