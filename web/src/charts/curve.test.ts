import { describe, expect, it } from 'vitest';
import { draw, type Curve } from './curve';

const curve = (over: Partial<Curve>): Curve => ({
  id: 'a',
  label: 'a',
  color: '#000',
  step: [0, 1, 2],
  time: [100, 101, 102],
  value: [3, 2, 1],
  ...over,
});
const plain = { x: 'step', smoothing: 0, log: false } as const;

describe('draw', () => {
  it('shares one x when the steps are the same', () => {
    const { data } = draw([curve({}), curve({ value: [1, 2, 3] })], plain);
    expect(data).toEqual([
      [0, 1, 2],
      [3, 2, 1],
      [1, 2, 3],
    ]);
  });

  it('bridges what only others have', () => {
    const { data } = draw([curve({}), curve({ step: [1, 5, 9] })], plain);
    expect(data[0]).toEqual([0, 1, 2, 5, 9]);
    expect(data[2]).toEqual([undefined, 3, undefined, 2, 1]);
  });

  it('counts NaN and infinities and leaves a gap', () => {
    const { data, unusual } = draw([curve({ value: [1, 'NaN', '-Infinity'] })], plain);
    expect(data[1]).toEqual([1, null, null]);
    expect(unusual).toBe(2);
  });

  it('counts time from the start', () => {
    expect(draw([curve({ start: 90 })], { ...plain, x: 'relative' }).data[0]).toEqual([10, 11, 12]);
    expect(draw([curve({})], { ...plain, x: 'wall' }).data[0]).toEqual([100, 101, 102]);
  });

  it('keeps the raw line behind the smoothed one', () => {
    expect(draw([curve({})], { ...plain, smoothing: 0.5 }).lines).toEqual([
      { curve: 0, raw: true },
      { curve: 0, raw: false },
    ]);
  });

  it('has no place for zero on a log axis', () => {
    expect(draw([curve({ value: [1, 0, -1] })], { ...plain, log: true }).data[1]).toEqual([1, null, null]);
  });
});
