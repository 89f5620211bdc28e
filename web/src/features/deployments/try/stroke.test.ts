import { describe, expect, it } from 'vitest';
import { blank, dot, line, toggled } from './stroke';

describe('drawing', () => {
  it('is darkest where the pen is, and stays on the paper', () => {
    const drawn = dot(blank(8), 8, 3.5, 3.5);
    expect(Math.max(...drawn)).toBe(drawn[3 * 8 + 3]);
    expect(drawn.every((ink) => ink >= 0 && ink <= 1)).toBe(true);
    expect(drawn[0]).toBe(0);
  });

  it('leaves no holes in a quick line', () => {
    const drawn = line(blank(8), 8, [0.5, 4.5], [7.5, 4.5]);
    expect(drawn.slice(4 * 8, 5 * 8).every((ink) => ink > 0.9)).toBe(true);
  });

  it('takes away what it drew', () => {
    const drawn = line(blank(8), 8, [0.5, 4.5], [7.5, 4.5]);
    const wiped = line(drawn, 8, [0.5, 4.5], [7.5, 4.5], true);
    expect(Math.max(...wiped.slice(4 * 8, 5 * 8))).toBeLessThan(0.1);
  });

  it('is turned over by the keyboard', () => {
    expect(toggled(toggled(blank(2), 1), 1)).toEqual(blank(2));
  });
});
