import { describe, expect, it } from 'vitest';
import { pythonLiteral, snippets } from './snippets';

describe('pythonLiteral', () => {
  it.each([
    [{ a: [1, 2.5, null], b: true }, '{"a": [1, 2.5, None], "b": True}'],
    ['it’s "so"', String.raw`"it’s \"so\""`],
  ])('%o', (value, text) => {
    expect(pythonLiteral(value)).toBe(text);
  });
});

it('quotes the request for the shell', () => {
  const request = { inputs: [{ name: "it's", data: [1] }] };
  const [curl] = snippets({ url: 'http://h/v2/models/d/infer', name: 'd', project: 'p', request });
  expect(curl?.text).toContain(String.raw`-d '{"inputs":[{"name":"it'\''s","data":[1]}]}'`);
});
