/** Forms and inference requests: what may be typed for a signature, and the request made of it. Pure. */

export interface Tensor {
  name: string;
  datatype: string;
  shape: number[];
}

export interface InferenceRequest {
  inputs: { name: string; datatype: string; shape: number[]; data: unknown[] }[];
}

export interface Field {
  label: string;
  datatype: string;
}

/** More fields than this are no form any more; the drawing pad or JSON take them. */
export const MOST_FIELDS = 64;
const SMALLEST_PAD = 6;
const LARGEST_PAD = 40;

/** Numbers in one row of a tensor; null when a dimension beside the first may vary. */
export function widthOf({ shape }: Tensor): number | null {
  const inner = shape.slice(1);
  return inner.every((size) => size >= 0) ? inner.reduce((product, size) => product * size, 1) : null;
}

/** One field for each value of a row, over all tensors; null when that is no form for people. */
export function fieldsOf(inputs: readonly Tensor[]): Field[] | null {
  const widths = inputs.map(widthOf);
  const total = widths.reduce<number>((sum, width) => sum + (width ?? MOST_FIELDS + 1), 0);
  if (inputs.length === 0 || total === 0 || total > MOST_FIELDS) return null;
  return inputs.flatMap(({ name, datatype }, index) =>
    Array.from({ length: widths[index] ?? 0 }, (_, place) => ({
      label: widths[index] === 1 ? name : `${name} ${(place + 1).toString()}`,
      datatype,
    })),
  );
}

/** Side of the square image that the model takes; null when it takes something else. */
export function padSideOf(inputs: readonly Tensor[]): number | null {
  const [only, ...more] = inputs;
  if (!only || more.length > 0 || only.datatype === 'BYTES' || only.datatype === 'BOOL') return null;
  const sides = only.shape.slice(1).filter((size) => size !== 1);
  const flat = sides.length === 1 ? Math.sqrt(sides[0] ?? 0) : null;
  const side = flat ?? (sides.length === 2 && sides[0] === sides[1] ? (sides[0] ?? 0) : 0);
  return Number.isInteger(side) && side >= SMALLEST_PAD && side <= LARGEST_PAD ? side : null;
}

/** The value of full ink: 1, 16 or 255, whichever the example needs. */
export function inkOf(example: readonly number[]): number {
  const most = Math.max(0, ...example);
  return [1, 16, 255].find((ink) => most <= ink) ?? most;
}

/** Throws an Error naming the field that cannot be read. */
export function requestOf(inputs: readonly Tensor[], rows: readonly (readonly string[])[]): InferenceRequest {
  const fields = fieldsOf(inputs) ?? [];
  let start = 0;
  return {
    inputs: inputs.map((tensor) => {
      const width = widthOf(tensor) ?? 0;
      const from = start;
      start += width;
      const data = rows.flatMap((row, line) =>
        row
          .slice(from, from + width)
          .map((text, place) => valueOf(text, tensor.datatype, nameOf(fields, from + place, line, rows.length))),
      );
      return { name: tensor.name, datatype: tensor.datatype, shape: withRows(tensor.shape, rows.length), data };
    }),
  };
}

/** One row of numbers for a model with one input, as the drawing pad gives them. */
export function imageRequest(tensor: Tensor, pixels: readonly number[]): InferenceRequest {
  const whole = /INT/.test(tensor.datatype);
  const data = pixels.map((value) => (whole ? Math.round(value) : value));
  return { inputs: [{ ...tensor, shape: withRows(tensor.shape, 1), data }] };
}

/** A request of the right shape that says nothing: zeros and empty texts. */
export function emptyRequest(inputs: readonly Tensor[]): InferenceRequest {
  return {
    inputs: inputs.map((tensor) => {
      const shape = withRows(tensor.shape, 1).map((size) => (size < 0 ? 1 : size));
      const count = shape.reduce((product, size) => product * size, 1);
      const nothing = tensor.datatype === 'BYTES' ? '' : tensor.datatype === 'BOOL' ? false : 0;
      return { ...tensor, shape, data: Array.from({ length: count }, () => nothing) };
    }),
  };
}

/** The rows that an example request holds, as texts for the form; null when it does not fit the form. */
export function rowsOf(inputs: readonly Tensor[], request: unknown): string[][] | null {
  const given = (request as Partial<InferenceRequest> | null)?.inputs ?? [];
  const parts = inputs.map((tensor) => {
    const width = widthOf(tensor);
    const data = given.find(({ name }) => name === tensor.name)?.data;
    return width && Array.isArray(data) && data.length % width === 0 ? { width, data: data.flat(8) } : null;
  });
  const count = parts[0] ? parts[0].data.length / parts[0].width : 0;
  if (count === 0 || parts.some((part) => part?.data.length !== count * (part?.width ?? 0))) return null;
  return Array.from({ length: count }, (_, row) =>
    parts.flatMap((part) => (part?.data.slice(row * part.width, (row + 1) * part.width) ?? []).map(String)),
  );
}

/** Rows pasted from a sheet or a file: tabs, semicolons or commas between values. */
export function parseTable(text: string): string[][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim())
    .map((line) => line.split(line.includes('\t') ? '\t' : line.includes(';') ? ';' : ',').map((cell) => cell.trim()));
}

function withRows(shape: readonly number[], rows: number): number[] {
  return shape.map((size, index) => (index === 0 ? rows : size));
}

function nameOf(fields: readonly Field[], index: number, line: number, lines: number): string {
  const label = fields[index]?.label ?? `value ${(index + 1).toString()}`;
  return lines > 1 ? `row ${(line + 1).toString()}, ${label}` : label;
}

function valueOf(text: string, datatype: string, where: string): unknown {
  const written = text.trim();
  if (datatype === 'BYTES') return text;
  if (datatype === 'BOOL') {
    if (/^(true|1|yes)$/i.test(written)) return true;
    if (/^(false|0|no|)$/i.test(written)) return false;
    throw new Error(`${where}: “${text}” is neither true nor false.`);
  }
  const value = Number(written);
  if (written === '' || Number.isNaN(value))
    throw new Error(`${where}: ${written ? `“${text}”` : 'nothing'} is no number.`);
  if (datatype.includes('INT') && !Number.isInteger(value)) throw new Error(`${where}: ${text} is no whole number.`);
  return value;
}
