/** A status is told by colour and by shape, so that it needs neither colour vision nor reading. */
import classes from './status.module.css';

export type StatusName = 'queued' | 'starting' | 'running' | 'stopping' | 'succeeded' | 'failed' | 'stopped' | 'lost';

type Tone = 'green' | 'blue' | 'red' | 'amber' | 'gray';

const LOOKS: Record<string, { tone: Tone; shape: Shape }> = {
  queued: { tone: 'gray', shape: 'ring' },
  starting: { tone: 'blue', shape: 'dashed' },
  running: { tone: 'blue', shape: 'pulse' },
  stopping: { tone: 'amber', shape: 'dashed' },
  succeeded: { tone: 'green', shape: 'check' },
  failed: { tone: 'red', shape: 'cross' },
  stopped: { tone: 'gray', shape: 'square' },
  lost: { tone: 'amber', shape: 'question' },
  ready: { tone: 'green', shape: 'check' },
  degraded: { tone: 'amber', shape: 'question' },
  live: { tone: 'green', shape: 'check' },
  updating: { tone: 'blue', shape: 'dashed' },
  restarting: { tone: 'amber', shape: 'dashed' },
  draining: { tone: 'amber', shape: 'dashed' },
  retired: { tone: 'gray', shape: 'square' },
};

type Shape = 'ring' | 'dashed' | 'pulse' | 'check' | 'cross' | 'square' | 'question';

const LIVE = new Set<string>(['queued', 'starting', 'running', 'stopping']);

/** True while the thing may still change by itself. */
export function isLive(status: string): boolean {
  return LIVE.has(status);
}

export function StatusIcon({ status, size = 14 }: { status: string; size?: number }) {
  const look = LOOKS[status] ?? { tone: 'gray', shape: 'ring' };
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      className={classes['icon']}
      data-shape={look.shape}
      style={{ color: `var(--status-${look.tone})` }}
      aria-hidden
    >
      <Glyph shape={look.shape} />
    </svg>
  );
}

function Glyph({ shape }: { shape: Shape }) {
  const stroke = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.75, strokeLinecap: 'round' } as const;
  const onFill = { ...stroke, stroke: 'var(--surface)', strokeLinejoin: 'round' } as const;
  switch (shape) {
    case 'ring':
      return <circle cx="8" cy="8" r="5.5" {...stroke} />;
    case 'dashed':
      return <circle cx="8" cy="8" r="5.5" {...stroke} strokeDasharray="2.6 3.15" className={classes['turning']} />;
    case 'pulse':
      return (
        <>
          <circle cx="8" cy="8" r="6.25" {...stroke} strokeWidth={1.25} className={classes['halo']} />
          <circle cx="8" cy="8" r="3.25" fill="currentColor" />
        </>
      );
    case 'check':
      return (
        <>
          <circle cx="8" cy="8" r="7" fill="currentColor" />
          <path d="M5 8.2 7.1 10.3 11 6" {...onFill} />
        </>
      );
    case 'cross':
      return (
        <>
          <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" fill="currentColor" />
          <path d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6" {...onFill} />
        </>
      );
    case 'square':
      return <rect x="2.5" y="2.5" width="11" height="11" rx="2" {...stroke} />;
    case 'question':
      return (
        <>
          <path d="M8 1.2 15.2 14.5H.8z" fill="currentColor" />
          <path d="M8 6.2v3.6M8 12v.1" {...onFill} />
        </>
      );
  }
}

export function StatusPill({ status, reason }: { status: string; reason?: string | null }) {
  const look = LOOKS[status] ?? { tone: 'gray' };
  return (
    <span className={classes['pill']} style={{ color: `var(--status-${look.tone})` }} title={reason ?? undefined}>
      <StatusIcon status={status} />
      {status}
    </span>
  );
}
