import { describe, expect, it } from 'vitest';
import { choice, flag, list, number, parseSearch, writeSearch } from './url-state';

describe('codecs', () => {
  it('leave the fallback out of the address', () => {
    expect(list(['a']).write(['a'])).toBeNull();
    expect(flag(true).write(true)).toBeNull();
    expect(number(3).write(3)).toBeNull();
  });

  it('bring every list back, commas inside entries too', () => {
    const codec = list();
    const entries = ['loss', 'a,b', '50%', 'metrics/val loss'];
    expect(codec.parse(codec.write(entries) ?? undefined)).toEqual(entries);
  });

  it('fall back when the address holds something else', () => {
    expect(choice(['step', 'time'], 'step').parse('nonsense')).toBe('step');
    expect(number(5).parse('many')).toBe(5);
  });
});

describe('search', () => {
  it('is plain text both ways', () => {
    const search = { filter: 'metrics.loss < 0.1 and params.lr > 1e-4', page: '2' };
    expect(parseSearch(writeSearch(search))).toEqual(search);
  });
});
