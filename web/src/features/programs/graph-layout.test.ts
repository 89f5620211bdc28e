import { describe, expect, it } from 'vitest';
import { placed } from './graph-layout';

const step = (name: string, ...needs: string[]) => ({ name, needs, note: '' });
const places = (...steps: ReturnType<typeof step>[]) =>
  Object.fromEntries(placed(steps).map(({ name, column, row }) => [name, [column, row]]));

describe('placed', () => {
  it('puts each step to the right of what it needs', () => {
    expect(places(step('report', 'train', 'test'), step('load'), step('train', 'load'), step('test', 'load'))).toEqual({
      load: [0, 0],
      train: [1, 0],
      test: [1, 1],
      report: [2, 0],
    });
  });

  it('ends on circles and unknown names, too', () => {
    expect(Object.keys(places(step('a', 'b'), step('b', 'a'), step('c', 'gone')))).toEqual(['a', 'b', 'c']);
  });
});
