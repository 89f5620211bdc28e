import { describe, expect, it } from 'vitest';
import { matches, sections } from './sections';

describe('sections', () => {
  it('go by prefix, plain keys first, numbers as people count', () => {
    expect(sections(['val/loss', 'loss', 'layer/10', 'layer/2'])).toEqual([
      { name: 'Metrics', keys: ['loss'] },
      { name: 'layer', keys: ['layer/2', 'layer/10'] },
      { name: 'val', keys: ['val/loss'] },
    ]);
  });
});

describe('matches', () => {
  it('takes expressions, and text that is none', () => {
    expect(matches('val/loss', '^val')).toBe(true);
    expect(matches('f(x)', 'f(')).toBe(true);
    expect(matches('loss', 'acc')).toBe(false);
  });
});
