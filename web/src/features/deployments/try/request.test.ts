import { describe, expect, it } from 'vitest';
import { emptyRequest, fieldsOf, imageRequest, inkOf, padSideOf, parseTable, requestOf, rowsOf } from './request';

const iris = [{ name: 'x', datatype: 'FP64', shape: [-1, 4] }];
const columns = [
  { name: 'age', datatype: 'INT64', shape: [-1] },
  { name: 'town', datatype: 'BYTES', shape: [-1, 1] },
];
const digits = [{ name: 'pixels', datatype: 'FP64', shape: [-1, 64] }];

describe('fieldsOf', () => {
  it('has one field for each value of a row', () => {
    expect(fieldsOf(iris)?.map(({ label }) => label)).toEqual(['x 1', 'x 2', 'x 3', 'x 4']);
    expect(fieldsOf(columns)?.map(({ label }) => label)).toEqual(['age', 'town']);
  });

  it('gives up on what is too wide or open', () => {
    expect(fieldsOf([{ name: 'x', datatype: 'FP32', shape: [-1, 784] }])).toBeNull();
    expect(fieldsOf([{ name: 'x', datatype: 'FP32', shape: [-1, -1] }])).toBeNull();
    expect(fieldsOf([])).toBeNull();
  });
});

describe('padSideOf', () => {
  it.each([
    [[-1, 64], 8],
    [[-1, 28, 28], 28],
    [[-1, 1, 28, 28], 28],
    [[-1, 28, 28, 1], 28],
    [[-1, 784], 28],
    [[-1, 4], null],
    [[-1, 65], null],
    [[-1, 3, 32, 32], null],
  ])('%j → %s', (shape, side) => {
    expect(padSideOf([{ name: 'x', datatype: 'FP32', shape }])).toBe(side);
  });
});

describe('requestOf', () => {
  it('reads each value as its tensor wants it', () => {
    expect(
      requestOf(columns, [
        ['30', 'Oslo'],
        ['41', '7'],
      ]),
    ).toEqual({
      inputs: [
        { name: 'age', datatype: 'INT64', shape: [2], data: [30, 41] },
        { name: 'town', datatype: 'BYTES', shape: [2, 1], data: ['Oslo', '7'] },
      ],
    });
  });

  it.each([
    ['30.5', 'age: 30.5 is no whole number.'],
    ['', 'age: nothing is no number.'],
    ['old', 'age: “old” is no number.'],
  ])('names the field of %s', (age, message) => {
    expect(() => requestOf(columns, [[age, '']])).toThrow(message);
  });

  it('comes back from its own request', () => {
    const rows = [
      ['1', '2', '3', '4'],
      ['5', '6', '7', '8'],
    ];
    expect(rowsOf(iris, requestOf(iris, rows))).toEqual(rows);
    expect(rowsOf(iris, { inputs: [{ name: 'y', data: [1] }] })).toBeNull();
  });
});

it('makes images whole where the model counts', () => {
  const tensor = { name: 'x', datatype: 'UINT8', shape: [-1, 2] };
  expect(imageRequest(tensor, [0.4, 15.6]).inputs[0]).toEqual({ ...tensor, shape: [1, 2], data: [0, 16] });
});

it('knows how dark full ink is', () => {
  expect([inkOf([]), inkOf([0.2, 1]), inkOf([0, 15]), inkOf([200]), inkOf([1000])]).toEqual([1, 1, 16, 255, 1000]);
});

it('reads pasted rows', () => {
  expect(parseTable('1\t2\r\n3\t4\n\n')).toEqual([
    ['1', '2'],
    ['3', '4'],
  ]);
  expect(parseTable('1,5; 2')).toEqual([['1,5', '2']]);
});

it('writes an empty request of the right shape', () => {
  expect(emptyRequest(digits).inputs[0]?.data).toHaveLength(64);
});
