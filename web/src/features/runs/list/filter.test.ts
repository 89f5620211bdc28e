import { describe, expect, it } from 'vitest';
import { parseTests, writeField, writeTests } from './filter';

describe('filters as chips', () => {
  it.each([
    'metrics.loss < 0.1 and params.lr > 1e-4',
    "status = 'running'",
    "name like '%and%' and tags.team = 'it''s'",
    'metrics.`val loss`.min <= -inf',
    'metrics.train/loss >= 0',
    '',
  ])('%s comes back as it was', (filter) => {
    const tests = parseTests(filter);
    expect(tests).not.toBeNull();
    expect(writeTests(tests ?? [])).toBe(filter);
  });

  it.each(['a = 1 or b = 2', '(a = 1)', 'not a = 1', 'a in (1, 2)', 'a = b', 'a ='])('%s stays text', (filter) => {
    expect(parseTests(filter)).toBeNull();
  });

  it('quotes text and leaves numbers bare', () => {
    expect(writeTests([{ field: 'name', operator: '=', value: 'x' }])).toBe("name = 'x'");
    expect(writeTests([{ field: 'params.lr', operator: '>', value: '1e-4' }])).toBe('params.lr > 1e-4');
    expect(writeTests([{ field: 'name', operator: 'like', value: '7%' }])).toBe("name like '7%'");
  });
});

describe('writeField', () => {
  it.each([
    ['loss', 'metrics.loss'],
    ['train/loss', 'metrics.train/loss'],
    ['val loss', 'metrics.`val loss`'],
    ['a.b', 'metrics.`a.b`'],
  ])('%s is written %s', (key, field) => {
    expect(writeField('metrics', key)).toBe(field);
  });
});
