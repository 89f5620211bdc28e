import { describe, expect, it } from 'vitest';
import { begin, joinAfter, joinBefore, linesOf, nextTrouble } from './buffer';

const slice = (start: number, text: string, size = 100) => ({ start, end: start + text.length, size, text });

describe('a log buffer', () => {
  it('joins a line that was cut between two slices', () => {
    const buffer = joinAfter(begin(slice(0, 'one\ntw')), slice(6, 'o\nthree\n'));
    expect(linesOf(buffer)).toEqual(['one', 'two', 'three']);
    expect(buffer.end).toBe(14);
  });

  it('grows at the front, too', () => {
    const buffer = joinBefore(begin(slice(6, 'o\nthree')), slice(0, 'one\ntw'));
    expect(linesOf(buffer)).toEqual(['one', 'two', 'three']);
    expect(buffer.start).toBe(0);
  });

  it('drops a slice that does not fit', () => {
    const buffer = begin(slice(0, 'one\n'));
    expect(linesOf(joinAfter(buffer, slice(10, 'late')))).toEqual(['one']);
  });
});

describe('nextTrouble', () => {
  const lines = ['start', 'Traceback (most recent call last):', '  File "x"', 'ValueError: no', 'errors: 0'];

  it('goes on from where one is and comes round', () => {
    expect(nextTrouble(lines, -1)).toBe(1);
    expect(nextTrouble(lines, 1)).toBe(3);
    expect(nextTrouble(lines, 3)).toBe(1);
  });

  it('is -1 when all is well', () => {
    expect(nextTrouble(['fine'], -1)).toBe(-1);
  });
});
