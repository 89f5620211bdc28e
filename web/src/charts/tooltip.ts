/** What is under the cursor: the curves nearest to it first. Plain DOM: it moves with every pixel of the mouse. */
import type uPlot from 'uplot';
import { formatDuration, formatNumber } from '@/ui/format';
import classes from './charts.module.css';
import type { Curve, Drawn, XAxis } from './curve';

interface Subject {
  curves: readonly Curve[];
  lines: Drawn['lines'];
  x: XAxis;
}

const SHOWN = 8;
const GAP = 14;

export function tooltip({ curves, lines, x }: Subject): uPlot.Plugin {
  const box = document.createElement('div');
  box.className = classes['tooltip'] ?? '';
  box.hidden = true;
  return {
    hooks: {
      init: (u) => {
        u.over.append(box);
      },
      setCursor: (u) => {
        const { left = -1, top = -1, idx } = u.cursor;
        // `top` is negative where the cursor of another chart only shows through.
        box.hidden = left < 0 || top < 0 || idx == null || !u.over.matches(':hover');
        if (box.hidden || idx == null) return;
        const near = nearest(u, lines, idx, top).slice(0, SHOWN);
        box.replaceChildren(
          element('div', xText(x, u.posToVal(left, 'x'), u.data[0][idx]), 'tooltipHead'),
          ...near.map(({ curve, value }) => row(curves[curve], value, curves.length > 1)),
        );
        const flip = left > u.over.clientWidth / 2;
        box.style.left = flip ? '' : `${(left + GAP).toString()}px`;
        box.style.right = flip ? `${(u.over.clientWidth - left + GAP).toString()}px` : '';
        box.style.top = `${Math.max(0, Math.min(top, u.over.clientHeight - box.clientHeight)).toString()}px`;
      },
    },
  };
}

interface Near {
  curve: number;
  value: number;
  distance: number;
}

function nearest(u: uPlot, lines: Drawn['lines'], idx: number, top: number): Near[] {
  return lines
    .flatMap(({ curve, raw }, line): Near[] => {
      if (raw) return [];
      const value = valueAround(u.data[line + 1] ?? [], idx);
      return value === null ? [] : [{ curve, value, distance: Math.abs(u.valToPos(value, 'y') - top) }];
    })
    .sort((a, b) => a.distance - b.distance);
}

/** The value at the index, or the one before it where only other curves have a point. */
function valueAround(column: ArrayLike<number | null | undefined>, idx: number): number | null {
  let at = idx;
  while (at > 0 && column[at] === undefined) at -= 1;
  return column[at] ?? null;
}

function row(curve: Curve | undefined, value: number, named: boolean): HTMLElement {
  const line = element('div', '', 'tooltipRow');
  const dot = element('span', '', 'dot');
  dot.style.background = curve?.color ?? 'gray';
  line.append(dot, element('b', formatNumber(value)));
  if (named) line.append(element('span', curve?.label ?? '', 'tooltipName'));
  return line;
}

function element(tag: string, text: string, name?: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = classes[name] ?? '';
  return made;
}

function xText(x: XAxis, position: number, value: number | undefined): string {
  const at = value ?? position;
  if (x === 'step') return `Step ${formatNumber(at)}`;
  if (x === 'relative') return `After ${formatDuration(at)}`;
  return new Date(at * 1000).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}
