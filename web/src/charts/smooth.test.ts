import { describe, expect, it } from 'vitest';
import { smooth } from './smooth';

describe('smooth', () => {
  it('starts at the first value, not near zero', () => {
    expect(smooth([10, 10, 20], 0.9)[0]).toBeCloseTo(10);
  });

  it('is the debiased average of TensorBoard', () => {
    // last = last*w + (1-w)*v; shown = last / (1 - w^n)
    const values = [1, 4, 2, 8];
    let last = 0;
    const expected = values.map((value, index) => {
      last = last * 0.6 + 0.4 * value;
      return last / (1 - 0.6 ** (index + 1));
    });
    smooth(values, 0.6).forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] ?? NaN, 12);
    });
  });

  it('passes over gaps', () => {
    expect(smooth([1, null, 1.5, NaN, 1], 0.5)).toEqual([1, null, expect.any(Number), NaN, expect.any(Number)]);
  });

  it('leaves flat lines and weight 0 alone', () => {
    expect(smooth([0.1, 0.1, 0.1], 0.99)).toEqual([0.1, 0.1, 0.1]);
    expect(smooth([1, 2], 0)).toEqual([1, 2]);
  });
});
