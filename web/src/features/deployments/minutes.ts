import type { Traffic } from './queries';

/** A bar of the chart: one minute, or several put together so that no more than `MOST` are drawn. */
export interface Minute {
  from: Date;
  answered: number;
  /** The question was wrong. */
  refused: number;
  failed: number;
  /** null: nothing was asked. */
  p95_ms: number | null;
}

const MOST = 60;
const MINUTE_MS = 60_000;

/** Every minute up to now, those without a request too. */
export function minutesOf(traffic: Pick<Traffic, 'minutes' | 'points'>, now: Date): Minute[] {
  const width = Math.ceil(traffic.minutes / MOST);
  const count = Math.ceil(traffic.minutes / width);
  const end = Math.floor(now.getTime() / MINUTE_MS) + 1;
  const bars = Array.from({ length: count }, (_, index): Minute => ({
    from: new Date((end - (count - index) * width) * MINUTE_MS),
    answered: 0,
    refused: 0,
    failed: 0,
    p95_ms: null,
  }));
  for (const point of traffic.points) {
    const minute = Math.floor(new Date(point.minute).getTime() / MINUTE_MS);
    const bar = bars[count - Math.ceil((end - minute) / width)];
    if (!bar) continue;
    bar.answered += point.count - point.failed - point.refused;
    bar.refused += point.refused;
    bar.failed += point.failed;
    if (point.p95_ms !== null) bar.p95_ms = Math.max(bar.p95_ms ?? 0, point.p95_ms);
  }
  return bars;
}
