import { formatNumber, plural } from '@/ui/format';
import classes from './deployments.module.css';
import type { Minute } from './minutes';

const WIDTH = 600;
const HEIGHT = 84;
const GAP = 1;

/** Bars of requests; what was refused or failed stands on top in its own colour, so that it is seen. */
export function TrafficChart({ minutes }: { minutes: readonly Minute[] }) {
  const most = Math.max(1, ...minutes.map(countOf));
  const step = WIDTH / minutes.length;
  const total = minutes.reduce((sum, minute) => sum + countOf(minute), 0);
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

function Bar({ minute, x, width, most }: BarProps) {
  const { answered, refused, failed } = minute;
  const heightOf = (count: number) => (count / most) * (HEIGHT - 2);
  const parts: [number, number, string][] = [
    [0, answered, 'var(--accent)'],
    [answered, refused, 'var(--status-amber)'],
    [answered + refused, failed, 'var(--status-red)'],
  ];
  return (
    <g>
      <title>{wordsOf(minute)}</title>
      <rect x={x} y={0} width={width} height={HEIGHT} fill="transparent" />
      <rect x={x} y={HEIGHT - 1} width={width} height={1} fill="var(--line-strong)" />
      {parts
        .filter(([, count]) => count > 0)
        .map(([below, count, fill]) => (
          <rect
            key={fill}
            x={x}
            y={HEIGHT - heightOf(below) - heightOf(count)}
            width={width}
            height={heightOf(count)}
            fill={fill}
          />
        ))}
    </g>
  );
}

function wordsOf(minute: Minute): string {
  const { from, refused, failed, p95_ms } = minute;
  const parts = [
    plural(countOf(minute), 'request'),
    refused > 0 && `${refused.toString()} refused`,
    failed > 0 && `${failed.toString()} failed`,
    p95_ms !== null && `95 of 100 below ${formatNumber(p95_ms, 3)} ms`,
  ];
  return `${clock(from)}: ${parts.filter(Boolean).join(', ')}`;
}

function countOf({ answered, refused, failed }: Minute): number {
  return answered + refused + failed;
}

function clock(date: Date): string {
  return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
