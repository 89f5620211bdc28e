/** Numbers, sizes and times as people read them. Pure; the components are beside this file. */

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** 0.00012345 → "1.2345e-4", 3.14159265 → "3.1416", 1234567 → "1,234,567". */
export function formatNumber(value: number | string | null | undefined, digits = 5): string {
  if (value == null) return '–';
  const number = toNumber(value);
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '∞' : '−∞';
  if (number === 0) return '0';
  const size = Math.abs(number);
  if (Number.isInteger(number) && size < 1e12) return number.toLocaleString('en-US');
  if (size < 1e-4 || size >= 1e9) return number.toExponential(digits - 1).replace(/\.?0+e/, 'e');
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return number.toLocaleString('en-US', { maximumFractionDigits: Math.min(decimals, 20) });
}

/** JSON has no NaN and no infinities; the API sends them as the words "NaN", "Infinity" and "-Infinity". */
export function toNumber(value: number | string): number {
  return typeof value === 'number' ? value : Number(value);
}

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes == null) return '–';
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < BYTE_UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${size.toFixed(digits)} ${BYTE_UNITS[unit] ?? 'B'}`;
}

/** 0.25 → "250 ms", 61 → "1m 1s", 90061 → "1d 1h". Two units at most. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds == null || !Number.isFinite(seconds)) return '–';
  if (seconds < 0) return '0s';
  if (seconds < 1) return `${Math.round(seconds * 1000).toString()} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  const parts: [number, string][] = [
    [Math.floor(whole / 86400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count.toString()}${unit}`)
    .join(' ');
}

/** "3 minutes ago", "in 2 hours", "12 Mar". After a month the date says more than the distance. */
export function formatRelative(date: Date, now: Date): string {
  const seconds = (date.getTime() - now.getTime()) / 1000;
  const size = Math.abs(seconds);
  if (size < 10) return 'just now';
  const steps: [number, number, Intl.RelativeTimeFormatUnit][] = [
    [60, 1, 'second'],
    [3600, 60, 'minute'],
    [86400, 3600, 'hour'],
    [86400 * 30, 86400, 'day'],
  ];
  for (const [limit, divisor, unit] of steps) {
    if (size < limit) return relative.format(Math.round(seconds / divisor), unit);
  }
  const sameYear = date.getFullYear() === now.getFullYear();
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) });
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

export function formatExact(date: Date): string {
  return date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}

/** A parameter as one line: text as it is, everything else as JSON. */
export function formatValue(value: unknown): string {
  if (value == null) return '–';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatNumber(value, 8);
  return JSON.stringify(value);
}

/** "1 run", "2 runs". */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : many}`;
}

/** The first eight and the last four characters of an id: enough to tell apart, short enough to read. */
export function shortId(id: string): string {
  return id.length > 14 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id;
}
