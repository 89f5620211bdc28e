import { expect, it } from 'vitest';
import { colorAt, colorOf } from './colors';

it('has thirty different colours, light and dark', () => {
  for (const dark of [false, true]) {
    const colors = Array.from({ length: 30 }, (_, index) => colorAt(index, dark));
    expect(new Set(colors).size).toBe(30);
    expect(colors.every((color) => /^#[0-9a-f]{6}$/.test(color))).toBe(true);
  }
});

it('gives the same id the same colour', () => {
  expect(colorOf('a1', true)).toBe(colorOf('a1', true));
});
