import { describe, expect, it } from 'vitest';
import { minutesOf } from './minutes';

const now = new Date('2026-03-01T12:30:20Z');
const point = (minute: string, count: number, failed = 0, p95_ms: number | null = 5) => ({
  minute: `2026-03-01T${minute}:00Z`,
  count,
  failed,
  refused: failed,
  p50_ms: 1,
  p95_ms,
});

describe('minutesOf', () => {
  it('has a bar for every minute, the present one last', () => {
    const bars = minutesOf({ minutes: 15, points: [point('12:30', 3, 1), point('12:16', 2)] }, now);
    expect(bars).toHaveLength(15);
    expect(bars.at(-1)).toMatchObject({ answered: 1, refused: 1, failed: 1, p95_ms: 5 });
    expect(bars[0]).toMatchObject({ answered: 2, from: new Date('2026-03-01T12:16:00Z') });
  });

  it('puts minutes together when there are many, and drops what is older', () => {
    const points = [point('12:29', 1, 0, 9), point('12:28', 4, 0, 3), point('00:00', 1)];
    const bars = minutesOf({ minutes: 180, points }, now);
    expect(bars).toHaveLength(60);
    expect(bars.at(-1)).toMatchObject({ answered: 5, p95_ms: 9 });
    expect(bars.slice(0, -1).every(({ answered }) => answered === 0)).toBe(true);
  });
});
