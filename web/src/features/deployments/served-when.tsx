import { useQuery } from '@tanstack/react-query';
import { useNow } from '@/ui/now';
import { formatDuration, formatExact } from '@/ui/format';
import classes from './deployments.module.css';
import { deployments, type Revision } from './queries';
import { spans, type Span } from './timeline';

const SERIES = ['#2b6f4d', '#3a7ca5', '#b0791a', '#8a5aa8', '#b5523b'];

interface ServedWhenProps {
  project: string;
  id: string;
  revisions: readonly Revision[];
}

/** A bar from the first answer until now, one colour a revision; gaps are times when nothing answered. */
export function ServedWhen({ project, id, revisions }: ServedWhenProps) {
  const { data } = useQuery({ ...deployments.events(project, id), refetchInterval: 15_000 });
  const now = useNow();
  const found = spans(data?.items ?? []);
  const first = found[0];
  if (!first) return <p className={classes['nothing']}>Nothing has answered yet.</p>;
  const whole = Math.max(1, now.getTime() - first.from.getTime());
  const modelOf = (number: number) => revisions.find((revision) => revision.number === number)?.model ?? '';
  return (
    <>
      <div className={classes['timeline']} aria-hidden>
        {found.map((span) => (
          <div
            key={span.from.toISOString()}
            title={`${modelOf(span.revision)}, revision ${span.revision.toString()}: ${formatExact(span.from)}`}
            style={{
              left: `${(((span.from.getTime() - first.from.getTime()) / whole) * 100).toString()}%`,
              width: `${((lengthOf(span, now) / whole) * 100).toString()}%`,
              background: colorOf(span.revision),
            }}
          />
        ))}
      </div>
      <ol className={classes['spans']}>
        {[...found].reverse().map((span) => (
          <li key={span.from.toISOString()}>
            <i style={{ background: colorOf(span.revision) }} aria-hidden />
            <b>{modelOf(span.revision) || 'a version that is gone'}</b>
            <span>revision {span.revision}</span>
            <time dateTime={span.from.toISOString()}>{formatExact(span.from)}</time>
            <span>
              {span.to ? 'for' : 'until now,'} {formatDuration(Math.round(lengthOf(span, now) / 1000))}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

function lengthOf({ from, to }: Span, now: Date): number {
  return Math.max(0, (to ?? now).getTime() - from.getTime());
}

function colorOf(revision: number): string {
  return SERIES[(revision - 1) % SERIES.length] ?? 'gray';
}
