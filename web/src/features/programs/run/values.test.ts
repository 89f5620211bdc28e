import { describe, expect, it } from 'vitest';
import type { Parameter } from '../queries';
import { boundsOf, changed, startTexts, textOf, valueOf } from './values';

function parameter(type: Parameter['type'], fields: Partial<Parameter> = {}): Parameter {
  return { type, default: undefined, required: false, choices: [], help: '', ...fields };
}

const digits = {
  epochs: parameter('int', { default: 10, minimum: 1, maximum: 1000 }),
  lr: parameter('float', { default: 0.05 }),
  layers: parameter('list', { default: [64, 32] }),
  optimizer: parameter('choice', { default: 'sgd', choices: ['sgd', 'adam'] }),
  augment: parameter('bool', { default: false }),
  note: parameter('string', { default: '' }),
};

describe('changed', () => {
  it('is nothing while the defaults stand', () => {
    expect(changed(digits, startTexts(digits))).toEqual({ values: {}, faults: {} });
  });

  it('holds only what differs, typed', () => {
    const texts = { ...startTexts(digits), epochs: '30', layers: '[8]', augment: 'true', optimizer: 'adam', note: '1' };
    expect(changed(digits, texts).values).toEqual({
      epochs: 30,
      layers: [8],
      augment: true,
      optimizer: 'adam',
      note: '1',
    });
  });

  it('names what cannot be', () => {
    const texts = { ...startTexts(digits), epochs: 'many', lr: '', layers: '{}' };
    expect(Object.keys(changed(digits, texts).faults)).toEqual(['epochs', 'lr', 'layers']);
  });

  it('always sends what has no default', () => {
    const needed = { data: parameter('string', { required: true }) };
    expect(changed(needed, { data: '' }).values).toEqual({ data: '' });
    expect(changed({ n: parameter('int', { required: true }) }, { n: '' }).faults['n']).toMatch('no default');
  });

  it('starts from the values of another run', () => {
    expect(changed(digits, startTexts(digits, { epochs: 3, lr: 0.05 })).values).toEqual({ epochs: 3 });
  });
});

describe('valueOf', () => {
  it.each<[string, Parameter, unknown]>([
    ['1e-3', parameter('float'), 0.001],
    ['7', parameter('number'), 7],
    ['2', parameter('choice', { choices: [1, 2] }), 2],
    ['{"a": [1]}', parameter('map'), { a: [1] }],
    ['free text', parameter('any'), 'free text'],
    ['', parameter('any', { default: null }), null],
  ])('%s', (text, of, value) => {
    expect(valueOf(text, of)).toEqual(value);
  });

  it.each<[string, Parameter, string]>([
    ['1.5', parameter('int'), 'whole number'],
    ['0', parameter('int', { minimum: 1 }), 'at least 1'],
    ['9', parameter('float', { maximum: 1 }), 'at most 1'],
    ['x', parameter('float'), 'a number'],
    ['[1', parameter('list'), 'a list in JSON'],
  ])('refuses %s', (text, of, words) => {
    expect(() => valueOf(text, of)).toThrow(words);
  });
});

it('shows values as they would be typed', () => {
  expect([textOf(null, 'int'), textOf(null, 'any'), textOf([1, 'a'], 'list'), textOf(true, 'bool')]).toEqual([
    '',
    'null',
    '[1,"a"]',
    'true',
  ]);
});

it('tells the bounds', () => {
  expect([boundsOf({ minimum: 1, maximum: 9 }), boundsOf({ minimum: 0 }), boundsOf({})]).toEqual([
    '1 to 9',
    'at least 0',
    '',
  ]);
});
