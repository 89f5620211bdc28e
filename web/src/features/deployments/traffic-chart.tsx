import { formatNumber, plural } from '@/ui/format';
import classes from './deployments.module.css';
import type { Minute } from './minutes';

const WIDTH = 600;
const HEIGHT = 84;
const GAP = 1;

/** Bars of requests; what was refused or failed stands on top in red, so that it is seen. */
export function TrafficChart({ minutes }: { minutes: readonly Minute[] }) {
  const most = Math.max(1, ...minutes.map(({ answered, failed }) => answered + failed));
  const step = WIDTH / minutes.length;
  const total = minutes.reduce((sum, { answered, failed }) => sum + answered + failed, 0);
  return (
    <figure className={classes['chart']}>
      <svg
        viewBox={`0 0 ${WIDTH.toString()} ${HEIGHT.toString()}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${plural(total, 'request')} over the time shown, at most ${formatNumber(most)} in one bar`}
      >
        {minutes.map((minute, index) => (
          <Bar key={minute.from.toISOString()} minute={minute} x={index * step} width={step - GAP} most={most} />
        ))}
      </svg>
      <figcaption>
        <span>{minutes[0] && clock(minutes[0].from)}</span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}

interface BarProps {
  minute: Minute;
  x: number;
  width: number;
  most: number;
}

function Bar({ minute: { from, answered, failed, p95_ms }, x, width, most }: BarProps) {
  const good = (answered / most) * (HEIGHT - 2);
  const bad = (failed / most) * (HEIGHT - 2);
  return (
    <g>
      <title>
        {clock(from)}: {plural(answered + failed, 'request')}
        {failed > 0 && `, ${failed.toString()} not answered well`}
        {p95_ms !== null && `, 95 of 100 below ${formatNumber(p95_ms, 3)} ms`}
      </title>
      <rect x={x} y={0} width={width} height={HEIGHT} fill="transparent" />
      <rect x={x} y={HEIGHT - 1} width={width} height={1} fill="var(--line-strong)" />
      <rect x={x} y={HEIGHT - good} width={width} height={good} fill="var(--accent)" />
      <rect x={x} y={HEIGHT - good - bad} width={width} height={bad} fill="var(--status-red)" />
    </g>
  );
}

function clock(date: Date): string {
  return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
