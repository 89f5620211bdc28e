import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, formatNumber, formatRelative, plural } from './format';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [3.14159265, '3.1416'],
    [0.00012345, '0.00012345'],
    [0.000012345, '1.2345e-5'],
    [1234567, '1,234,567'],
    [0.1, '0.1'],
    [-2.5, '-2.5'],
    [1e12, '1e+12'],
    ['NaN', 'NaN'],
    ['-Infinity', '−∞'],
    [null, '–'],
  ])('%s reads %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [5 * 1024 ** 3, '5.0 GiB'],
  ])('%s reads %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatDuration', () => {
  it.each([
    [0.25, '250 ms'],
    [9.94, '9.9s'],
    [61, '1m 1s'],
    [3600, '1h'],
    [90061, '1d 1h'],
  ])('%s seconds read %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('formatRelative', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  it.each([
    ['2026-03-01T11:59:55Z', 'just now'],
    ['2026-03-01T11:57:00Z', '3 minutes ago'],
    ['2026-03-01T14:00:00Z', 'in 2 hours'],
    ['2025-01-12T12:00:00Z', '12 Jan 2025'],
  ])('%s reads %s', (date, text) => {
    expect(formatRelative(new Date(date), now)).toBe(text);
  });
});

describe('plural', () => {
  it('counts', () => {
    expect(plural(1, 'run')).toBe('1 run');
    expect(plural(2000, 'run')).toBe('2,000 runs');
  });
});
