import { useLocalStorage } from '@mantine/hooks';
import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import classes from './list.module.css';

const LEAST = 20;
const MOST = 80;
const STEP = 2;

/** Two panes and a divider that is dragged, or moved by the arrow keys. */
export function Split({ left, right }: { left: ReactNode; right: ReactNode }) {
  const [share, setShare] = useLocalStorage({
    key: 'wardian-runs-split',
    defaultValue: 55,
    getInitialValueInEffect: false,
  });
  const box = useRef<HTMLDivElement>(null);
  const set = (next: number) => {
    setShare(Math.max(LEAST, Math.min(MOST, next)));
  };
  const onPointerMove = (event: PointerEvent) => {
    const frame = box.current?.getBoundingClientRect();
    if (frame && event.buttons === 1) set(((event.clientX - frame.left) / frame.width) * 100);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') set(share - STEP);
    if (event.key === 'ArrowRight') set(share + STEP);
  };
  return (
    <div ref={box} className={classes['split']} style={{ '--share': `${share.toString()}%` } as React.CSSProperties}>
      <div className={classes['left']}>{left}</div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a focusable separator is a widget */}
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the table"
        aria-valuenow={Math.round(share)}
        aria-valuemin={LEAST}
        aria-valuemax={MOST}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
        tabIndex={0}
        className={classes['divider']}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onPointerMove}
        onKeyDown={onKeyDown}
      />
      <div className={classes['right']}>{right}</div>
    </div>
  );
}
