/** ANSI colours (SGR) as terminals show them, and carriage returns as progress bars use them. */

export interface Style {
  color?: string;
  background?: string;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
}

export interface Span {
  text: string;
  style: Style;
}

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
// eslint-disable-next-line no-control-regex -- escape sequences are control characters
const SEQUENCE = /\x1b(?:\[([0-9;:?]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;

/** Text of a line without escape sequences and with progress bars at their last state: what search looks at. */
export function plainText(line: string): string {
  return lastState(line).replace(SEQUENCE, '');
}

/** The line as spans of one style each. `start` is the style that the line before left behind. */
export function parseLine(line: string, start: Style = {}): Span[] {
  const visible = lastState(line);
  const spans: Span[] = [];
  let style = start;
  let from = 0;
  for (const match of visible.matchAll(SEQUENCE)) {
    if (match.index > from) spans.push({ text: visible.slice(from, match.index), style });
    from = match.index + match[0].length;
    if (match[2] === 'm') style = applied(style, match[1] ?? '');
  }
  if (from < visible.length) spans.push({ text: visible.slice(from), style });
  return spans;
}

/** A carriage return goes back to the start of the line: what is seen is what was written last. */
function lastState(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  return text.slice(text.lastIndexOf('\r') + 1);
}

function applied(style: Style, sequence: string): Style {
  const codes = (sequence === '' ? '0' : sequence).split(/[;:]/).map(Number);
  let next = { ...style };
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const [color, used] = extended(codes.slice(i + 1));
      next = { ...next, ...(code === 38 ? { color } : { background: color }) };
      i += used;
    } else {
      next = simple(next, code);
    }
  }
  return next;
}

function simple(style: Style, code: number): Style {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 23) return { ...style, italic: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 39) return { ...style, color: undefined };
  if (code === 49) return { ...style, background: undefined };
  if (code >= 30 && code <= 37) return { ...style, color: named(code - 30) };
  if (code >= 40 && code <= 47) return { ...style, background: named(code - 40) };
  if (code >= 90 && code <= 97) return { ...style, color: named(code - 90) };
  if (code >= 100 && code <= 107) return { ...style, background: named(code - 100) };
  return style;
}

/** 38;5;N and 38;2;R;G;B: the colour, and how many codes it took. */
function extended([kind, a = 0, b = 0, c = 0]: number[]): [string | undefined, number] {
  if (kind === 2) return [`rgb(${[a, b, c].map((part) => Math.min(255, part)).join(' ')})`, 4];
  if (kind !== 5) return [undefined, 0];
  if (a < 16) return [named(a % 8), 2];
  if (a >= 232) {
    const gray = 8 + (a - 232) * 10;
    return [`rgb(${gray.toString()} ${gray.toString()} ${gray.toString()})`, 2];
  }
  const cube = [Math.floor((a - 16) / 36), Math.floor((a - 16) / 6) % 6, (a - 16) % 6];
  return [`rgb(${cube.map((part) => (part === 0 ? 0 : 55 + part * 40)).join(' ')})`, 2];
}

function named(index: number): string {
  return `var(--ansi-${NAMES[index] ?? 'white'})`;
}
