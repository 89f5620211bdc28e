/**
 * The filter of the run list, as text (what the API and the address hold) and as chips (what people click).
 * A filter that is more than tests joined by `and` stays text: one chip that says what it is.
 */

export const OPERATORS = ['=', '!=', '<', '<=', '>', '>=', 'like', 'ilike'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Test {
  /** As the language writes it: status, metrics.loss.min, params.`batch size`. */
  field: string;
  operator: Operator;
  /** As typed: quotes are added where the value is text. */
  value: string;
}

const TEST =
  /^((?:[A-Za-z_][\w/-]*|`(?:[^`]|``)*`)(?:\.(?:[\w/-]+|`(?:[^`]|``)*`))*)\s*(=|!=|<=|>=|<|>|i?like\b)\s*(.+)$/i;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const BARE = new Set(['nan', 'inf', '-inf', 'true', 'false']);

/** The tests of a filter, or null when it is more than that. */
export function parseTests(filter: string): Test[] | null {
  const parts = splitAnd(filter);
  const tests = parts.map(parseTest);
  return tests.every((test) => test !== null) ? tests : null;
}

function parseTest(text: string): Test | null {
  const match = TEST.exec(text);
  const operator = OPERATORS.find((each) => each === match?.[2]?.toLowerCase());
  const value = unquoted(match?.[3]?.trim() ?? '');
  if (!match?.[1] || !operator || value === null) return null;
  return { field: match[1], operator, value };
}

export function writeTests(tests: readonly Test[]): string {
  return tests.map(writeTest).join(' and ');
}

export function writeTest({ field, operator, value }: Test): string {
  const text = operator === 'like' || operator === 'ilike';
  const bare = !text && (NUMBER.test(value) || BARE.has(value.toLowerCase()));
  return `${field} ${operator} ${bare ? value : `'${value.replaceAll("'", "''")}'`}`;
}

/** A key as a part of a field: in backquotes when it is more than letters, digits and `_ - /`. */
export function writeField(group: 'metrics' | 'params' | 'tags', key: string): string {
  return `${group}.${/^[\w/-]+$/.test(key) ? key : `\`${key.replaceAll('`', '``')}\``}`;
}

/** At `and`, outside of quotes and brackets. Anything with `or`, `not` or brackets becomes one piece that is no test. */
function splitAnd(filter: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let at = 0; at < filter.length; at += 1) {
    const letter = filter.charAt(at);
    if (quote) {
      if (letter === quote) quote = '';
    } else if ('\'"`'.includes(letter)) quote = letter;
    else if (letter === '(') depth += 1;
    else if (letter === ')') depth -= 1;
    else if (depth === 0 && /^\sand\s/i.test(filter.slice(at, at + 5))) {
      parts.push(filter.slice(from, at));
      from = at + 5;
      at += 4;
    }
  }
  return [...parts, filter.slice(from)].map((part) => part.trim()).filter(Boolean);
}

/** The value without its quotes; null when it is more than one value. */
function unquoted(value: string): string | null {
  const quoted = /^(['"])((?:(?!\1).|\1\1)*)\1$/.exec(value);
  if (quoted?.[1] !== undefined) return (quoted[2] ?? '').replaceAll(quoted[1] + quoted[1], quoted[1]);
  return NUMBER.test(value) || BARE.has(value.toLowerCase()) ? value : null;
}
