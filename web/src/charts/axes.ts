import type uPlot from 'uplot';
import { formatDuration, formatNumber } from '@/ui/format';
import type { ChartSettings, XAxis } from './curve';

/** Scales and axes in the colours of the page. */
export function axes(settings: ChartSettings, styles: CSSStyleDeclaration): Pick<uPlot.Options, 'scales' | 'axes'> {
  const stroke = styles.getPropertyValue('--text-faint').trim();
  const line = styles.getPropertyValue('--line').trim();
  const font = `11px ${styles.fontFamily}`;
  const common: uPlot.Axis = { stroke, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  return {
    scales: { x: { time: settings.x === 'wall' }, y: { distr: settings.log ? 3 : 1 } },
    axes: [
      {
        ...common,
        size: 26,
        gap: 6,
        space: 64,
        ...(settings.x === 'wall' ? {} : { values: (_, ticks) => ticks.map(xText(settings.x)) }),
      },
      {
        ...common,
        size: fitLabels,
        gap: 6,
        values: (_, ticks) => ticks.map((tick: number | null) => (tick === null ? '' : formatNumber(tick, 4))),
      },
    ],
  };
}

function xText(x: XAxis): (tick: number) => string {
  if (x === 'relative') return (tick) => (tick < 0 ? '' : tick === 0 ? '0' : formatDuration(tick));
  return (tick) => (Number.isInteger(tick) ? shortInteger(tick) : '');
}

/** 150000 → "150k": axes have little room. */
function shortInteger(value: number): string {
  if (Math.abs(value) >= 1e6) return `${formatNumber(value / 1e6, 4)}M`;
  return Math.abs(value) >= 1e4 ? `${formatNumber(value / 1e3, 4)}k` : formatNumber(value);
}

/** As wide as the longest label; measured once per pass, so that the plot does not wander. */
function fitLabels(_: uPlot, labels: string[] | null): number {
  const longest = Math.max(3, ...(labels ?? []).map((label) => label.length));
  return Math.ceil(longest * 6.6) + 12;
}
