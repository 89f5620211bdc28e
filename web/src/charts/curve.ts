/** Curves as the API gives them, made into the columns that the chart draws. Pure. */
import type { AlignedData } from 'uplot';
import { smooth } from './smooth';

export type XAxis = 'step' | 'relative' | 'wall';

/** Points in order of x; values may be the words "NaN", "Infinity" and "-Infinity". */
export interface Curve {
  id: string;
  label: string;
  color: string;
  step: readonly number[];
  /** Unix seconds. */
  time: readonly number[];
  value: readonly (number | string)[];
  /** Unix seconds that relative time counts from; the first point when left out. */
  start?: number;
}

export interface ChartSettings {
  x: XAxis;
  /** 0 … 0.999 */
  smoothing: number;
  log: boolean;
}

export interface Drawn {
  /** x, then per curve its drawn line and, when smoothed, its raw line. */
  data: AlignedData;
  /** Which curve each column after x belongs to. */
  lines: { curve: number; raw: boolean }[];
  /** Points that are NaN or infinite: they are not drawn, they are counted. */
  unusual: number;
}

type Column = (number | null)[];

export function draw(curves: readonly Curve[], settings: ChartSettings): Drawn {
  const columns: { x: number[]; lines: Column[] }[] = [];
  const lines: Drawn['lines'] = [];
  let unusual = 0;
  curves.forEach((curve, index) => {
    const raw = curve.value.map((value): number | null => {
      const number = Number(value);
      return Number.isFinite(number) ? number : null;
    });
    unusual += raw.filter((value) => value === null).length;
    const smoothed = settings.smoothing > 0;
    const drawn = smoothed ? [raw, smooth(raw, settings.smoothing)] : [raw];
    columns.push({ x: xOf(curve, settings.x), lines: drawn.map((line) => (settings.log ? positive(line) : line)) });
    if (smoothed) lines.push({ curve: index, raw: true });
    lines.push({ curve: index, raw: false });
  });
  return { data: aligned(columns), lines, unusual };
}

export function xOf(curve: Curve, x: XAxis): number[] {
  if (x === 'step') return [...curve.step];
  const start = x === 'relative' ? (curve.start ?? curve.time[0] ?? 0) : 0;
  return curve.time.map((time) => time - start);
}

/** A logarithm has no place for zero and below. */
function positive(line: Column): Column {
  return line.map((value) => (value !== null && value > 0 ? value : null));
}

/** All lines over the union of their x. A gap that only exists because others have points there is bridged (undefined). */
function aligned(columns: { x: number[]; lines: Column[] }[]): AlignedData {
  const only = columns[0];
  if (!only) return [[]];
  if (columns.every(({ x }) => sameNumbers(x, only.x))) return [only.x, ...columns.flatMap(({ lines }) => lines)];
  const union = [...new Set(columns.flatMap(({ x }) => x))].sort((a, b) => a - b);
  const place = new Map(union.map((x, index) => [x, index]));
  const spread = columns.flatMap(({ x, lines }) =>
    lines.map((line) => {
      const wide = new Array<number | null | undefined>(union.length).fill(undefined);
      line.forEach((value, index) => {
        wide[place.get(x[index] ?? 0) ?? 0] = value;
      });
      return wide;
    }),
  );
  return [union, ...spread];
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((value, index) => value === b[index]));
}
