import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { line, toggled, type Pixels } from './stroke';
import classes from './try.module.css';

interface DrawingPadProps {
  side: number;
  pixels: Pixels;
  setPixels: (pixels: Pixels) => void;
  /** The pen was lifted, or a pixel was turned by the keyboard. */
  done: (pixels: Pixels) => void;
}

const MOVES: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Paper of few pixels: drawn on by mouse, pen or finger (shift or the second button wipes), or pixel by pixel by keyboard. */
export function DrawingPad({ side, pixels, setPixels, done }: DrawingPadProps) {
  const last = useRef<[number, number] | null>(null);
  const drawn = useRef(pixels);
  const [cursor, setCursor] = useState<number | null>(null);
  const pointOf = (event: PointerEvent<SVGSVGElement>): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * side, ((event.clientY - box.top) / box.height) * side];
  };
  const drawTo = (event: PointerEvent<SVGSVGElement>) => {
    const point = pointOf(event);
    drawn.current = line(drawn.current, side, last.current ?? point, point, event.shiftKey || event.buttons === 2);
    last.current = point;
    setPixels(drawn.current);
  };
  const lift = () => {
    if (!last.current) return;
    last.current = null;
    done(drawn.current);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = cursor ?? Math.floor(pixels.length / 2);
    const move = MOVES[event.key];
    if (move) {
      const x = Math.min(side - 1, Math.max(0, (at % side) + move[0]));
      const y = Math.min(side - 1, Math.max(0, Math.floor(at / side) + move[1]));
      setCursor(y * side + x);
    } else if (event.key === ' ' || event.key === 'Enter') {
      const next = toggled(pixels, at);
      setCursor(at);
      setPixels(next);
      done(next);
    } else return;
    event.preventDefault();
  };
  return (
    <svg
      viewBox={`0 0 ${side.toString()} ${side.toString()}`}
      className={classes['pad']}
      role="application"
      aria-label={`Paper of ${side.toString()} by ${side.toString()} pixels. Arrow keys move, the space bar turns a pixel.`}

      tabIndex={0}
      shapeRendering="crispEdges"
      onKeyDown={onKeyDown}
      onBlur={() => {
        setCursor(null);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drawn.current = pixels;
        drawTo(event);
      }}
      onPointerMove={(event) => {
        if (last.current) drawTo(event);
      }}
      onPointerUp={lift}
      onPointerCancel={lift}
    >
      {pixels.map((ink, index) => (
        <rect
          key={index}
          x={index % side}
          y={Math.floor(index / side)}
          width={1}
          height={1}
          fillOpacity={ink}
          className={classes['pixel']}
        />
      ))}
      {cursor !== null && (
        <rect x={cursor % side} y={Math.floor(cursor / side)} width={1} height={1} className={classes['cursor']} />
      )}
    </svg>
  );
}
