/** What is typed into the run form, and what of it is sent: only what differs from the defaults. Pure. */
import type { Parameter } from '../queries';

/** What a field holds: text, and for a parameter that is true or false "true" or "false". */
export type Texts = Readonly<Record<string, string>>;

export interface Read {
  values: Record<string, unknown>;
  /** By parameter; empty when everything can be sent. */
  faults: Record<string, string>;
}

const AS_JSON = new Set<Parameter['type']>(['list', 'map', 'any']);
const WHOLE = /^[+-]?\d+$/;

/** What a field shows for a value. */
export function textOf(value: unknown, type: Parameter['type']): string {
  if (value === undefined || (value === null && !AS_JSON.has(type))) return '';
  return AS_JSON.has(type) || typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The fields as the defaults fill them; what is given instead of a default stands above it. */
export function startTexts(parameters: Record<string, Parameter>, given: Record<string, unknown> = {}): Texts {
  const texts = Object.entries(parameters).map(([name, { type, default: value }]) => [
    name,
    textOf(name in given ? given[name] : value, type),
  ]);
  return Object.fromEntries(texts) as Texts;
}

/** The values that differ from their defaults, and what is wrong with those that cannot be. */
export function changed(parameters: Record<string, Parameter>, texts: Texts): Read {
  const read: Read = { values: {}, faults: {} };
  for (const [name, parameter] of Object.entries(parameters)) {
    const text = texts[name] ?? '';
    if (text === textOf(parameter.default, parameter.type) && !parameter.required) continue;
    try {
      read.values[name] = valueOf(text, parameter);
    } catch (error) {
      read.faults[name] = error instanceof Error ? error.message : String(error);
    }
  }
  return read;
}

/** Throws an Error that says what the value must be. */
export function valueOf(text: string, parameter: Parameter): unknown {
  const { type, required } = parameter;
  if (text.trim() === '' && type !== 'string' && type !== 'choice') {
    if (parameter.default === null && !required) return null;
    throw new Error(required ? 'It has no default: give it a value.' : 'It must not be empty.');
  }
  switch (type) {
    case 'int':
      if (!WHOLE.test(text.trim())) throw new Error('It must be a whole number.');
      return bounded(Number(text), parameter);
    case 'float':
    case 'number':
      return bounded(Number(text), parameter);
    case 'bool':
      return text === 'true';
    case 'choice':
      return parameter.choices.find((choice) => String(choice) === text) ?? text;
    case 'list':
    case 'map':
    case 'any':
      return parsed(text, type);
    default:
      return text;
  }
}

function bounded(value: number, { minimum, maximum }: Parameter): number {
  if (!Number.isFinite(value)) throw new Error('It must be a number.');
  if (minimum != null && value < minimum) throw new Error(`It must be at least ${minimum.toString()}.`);
  if (maximum != null && value > maximum) throw new Error(`It must be at most ${maximum.toString()}.`);
  return value;
}

function parsed(text: string, type: 'list' | 'map' | 'any'): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (type === 'any') return text;
    throw new Error(`It must be a ${type} in JSON, such as ${type === 'list' ? '[1, 2, 3]' : '{"a": 1}'}.`);
  }
  if (type === 'list' && !Array.isArray(value)) throw new Error('It must be a list: [1, 2, 3].');
  if (type === 'map' && (typeof value !== 'object' || value === null || Array.isArray(value)))
    throw new Error('It must be a map: {"a": 1}.');
  return value;
}

/** "1 to 1000", "at least 1", or nothing. */
export function boundsOf({ minimum, maximum }: Pick<Parameter, 'minimum' | 'maximum'>): string {
  if (minimum != null && maximum != null) return `${minimum.toString()} to ${maximum.toString()}`;
  if (minimum != null) return `at least ${minimum.toString()}`;
  return maximum != null ? `at most ${maximum.toString()}` : '';
}
