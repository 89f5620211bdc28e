/** The part of a log that the browser holds: one contiguous range of bytes, cut into lines. */

export interface Slice {
  /** Byte offsets in the whole log. */
  start: number;
  end: number;
  size: number;
  text: string;
}

export interface LogBuffer {
  start: number;
  end: number;
  size: number;
  lines: string[];
}

export const EMPTY: LogBuffer = { start: 0, end: 0, size: 0, lines: [''] };

/** The first slice of a buffer. A slice from the middle starts inside a line: the piece is kept, `joinBefore` completes it. */
export function begin(slice: Slice): LogBuffer {
  return { start: slice.start, end: slice.end, size: slice.size, lines: slice.text.split('\n') };
}

/** What came after; a slice that does not fit the end is dropped, the next read asks from the right place. */
export function joinAfter(buffer: LogBuffer, slice: Slice): LogBuffer {
  if (slice.start !== buffer.end) return { ...buffer, size: Math.max(buffer.size, slice.size) };
  if (slice.text === '') return { ...buffer, end: slice.end, size: slice.size };
  return { start: buffer.start, end: slice.end, size: slice.size, lines: joined(buffer.lines, slice.text.split('\n')) };
}

export function joinBefore(buffer: LogBuffer, slice: Slice): LogBuffer {
  if (slice.end !== buffer.start) return buffer;
  return { ...buffer, start: slice.start, lines: joined(slice.text.split('\n'), buffer.lines) };
}

/** The last line of the first and the first line of the second are one. */
function joined(first: string[], second: string[]): string[] {
  const seam = (first.at(-1) ?? '') + (second[0] ?? '');
  return [...first.slice(0, -1), seam, ...second.slice(1)];
}

/** Without the empty rest after the last newline. */
export function linesOf(buffer: LogBuffer): string[] {
  return buffer.lines.at(-1) === '' ? buffer.lines.slice(0, -1) : buffer.lines;
}

const TROUBLE =
  /^\s*(?:Traceback \(most recent call last\)|\w*(?:Error|Exception)\b)|\b(?:ERROR|FATAL|CRITICAL)\b|\berror:/;

/** The first line after `after` that looks like an error, or the first of all, or -1. */
export function nextTrouble(lines: readonly string[], after: number): number {
  const later = lines.findIndex((line, index) => index > after && TROUBLE.test(line));
  return later >= 0 ? later : lines.findIndex((line) => TROUBLE.test(line));
}
