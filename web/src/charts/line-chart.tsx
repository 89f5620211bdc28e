/** Curves over step or time: zoom by dragging, back by double click, cursors in step with the charts beside it. */
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useEffectEvent, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { axes } from './axes';
import classes from './charts.module.css';
import { draw, type ChartSettings, type Curve, type Drawn } from './curve';
import { tooltip } from './tooltip';

export interface Range {
  min: number;
  max: number;
}

interface LineChartProps {
  label: string;
  curves: readonly Curve[];
  settings: ChartSettings;
  height: number;
  /** Charts of the same group move their cursors together. */
  sync?: string;
  /** The part of x that is zoomed into, null for all: finer points may be fetched for it. */
  onZoom?: (range: Range | null) => void;
}

export function LineChart({ label, curves, settings, height, sync, onZoom }: LineChartProps) {
  const { ref, width } = useElementSize();
  const scheme = useComputedColorScheme('light');
  const target = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const drawn = useMemo(() => draw(curves, settings), [curves, settings]);
  const shape = shapeOf(curves, drawn, settings, scheme, sync);

  const make = useEffectEvent((element: HTMLDivElement): uPlot => {
    const styles = getComputedStyle(element);
    return new uPlot(
      {
        width,
        height,
        ...axes(settings, styles),
        series: [{}, ...drawn.lines.map((line) => lineOf(line, curves))],
        legend: { show: false },
        padding: [8, 8, 0, 0],
        cursor: {
          drag: { x: true, y: false, setScale: true },
          points: { size: 7 },
          focus: { prox: -1 },
          ...(sync ? { sync: { key: `${sync}-${settings.x}`, setSeries: false } } : {}),
        },
        hooks: {
          setSelect: [
            (u) => {
              if (u.select.width > 0) {
                const from = u.posToVal(u.select.left, 'x');
                onZoom?.({ min: from, max: u.posToVal(u.select.left + u.select.width, 'x') });
              }
            },
          ],
        },
        plugins: [tooltip({ curves, lines: drawn.lines, x: settings.x })],
      },
      drawn.data,
      element,
    );
  });

  // What shapes the plot makes a new one; more points only flow into the one that is there.
  useEffect(() => {
    const element = target.current;
    if (!element || width === 0) return;
    const made = make(element);
    const reset = () => onZoom?.(null);
    made.over.addEventListener('dblclick', reset);
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the size follows below; `shape` says all the rest
  }, [shape, width === 0]);

  useEffect(() => {
    const u = plot.current;
    if (!u) return;
    const zoomed = isZoomed(u);
    const { min, max } = u.scales['x'] ?? {};
    u.setData(drawn.data, !zoomed);
    if (zoomed && min != null && max != null) u.setScale('x', { min, max });
  }, [drawn]);

  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width, height]);

  return (
    <div ref={ref} style={{ height }} role="img" aria-label={summary(label, curves)} className={classes['chart']}>
      <div ref={target} />
    </div>
  );
}

function isZoomed(u: uPlot): boolean {
  const xs = u.data[0];
  const { min, max } = u.scales['x'] ?? {};
  const [first, last] = [xs[0], xs.at(-1)];
  if (min == null || max == null || first === undefined || last === undefined) return false;
  return min > first || max < last;
}

function lineOf({ curve, raw }: Drawn['lines'][number], curves: readonly Curve[]): uPlot.Series {
  const color = curves[curve]?.color ?? 'gray';
  return {
    stroke: raw ? `${color}40` : color,
    width: raw ? 1 : 1.5,
    points: { show: (u, index) => !raw && isAlone(u.data[index]), size: 6 },
  };
}

/** A single point has no line to be seen by. */
function isAlone(column: ArrayLike<number | null | undefined> | undefined): boolean {
  return Array.from(column ?? []).filter((value) => value != null).length < 2;
}

function shapeOf(curves: readonly Curve[], { lines }: Drawn, settings: ChartSettings, scheme: string, sync?: string) {
  const { x, log } = settings;
  return JSON.stringify([curves.map(({ id, label, color }) => [id, label, color]), lines.length, x, log, scheme, sync]);
}

function summary(label: string, curves: readonly Curve[]): string {
  const last = curves
    .map(({ label: name, value }) => `${name}: ${(value.at(-1) ?? 'no points').toString()}`)
    .slice(0, 5);
  return `Chart of ${label}. ${last.join(', ')}`;
}
