import { describe, expect, it } from 'vitest';
import { faceOf, parseDelimited, parseTable } from './face';

const artifact = (over: object) => ({
  media_type: 'application/octet-stream',
  kind: 'file',
  path: 'x',
  size: 1,
  ...over,
});

describe('faceOf', () => {
  it.each([
    [{ media_type: 'image/png' }, 'image'],
    [{ media_type: 'application/vnd.plotly.v1+json', kind: 'figure' }, 'plotly'],
    [{ media_type: 'application/json', kind: 'table' }, 'table'],
    [{ media_type: 'application/json; charset=utf-8' }, 'json'],
    [{ media_type: 'text/html' }, 'page'],
    [{ path: 'src/train.py' }, 'text'],
    [{ path: 'README.md' }, 'markdown'],
    [{ path: 'model.pkl' }, 'none'],
    [{ path: 'empty.txt', size: 0 }, 'none'],
  ])('%o is shown as %s', (over, face) => {
    expect(faceOf(artifact(over))).toBe(face);
  });
});

describe('tables', () => {
  it('reads CSV with quotes, commas and line breaks in fields', () => {
    expect(parseDelimited('a,b\r\n"x, ""y""","1\n2"\n', ',')).toEqual([
      ['a', 'b'],
      ['x, "y"', '1\n2'],
    ]);
  });

  it('reads what the SDK logs', () => {
    expect(parseTable('{"columns": ["a"], "rows": [[1]]}', 't.json')).toEqual({ columns: ['a'], rows: [[1]] });
    expect(parseTable('{"a": 1}', 't.json')).toBeNull();
  });
});
