import { expect, it } from 'vitest';
import { commandLine } from './command-line';

const wish = { project: 'demo', program: 'digits', version: '1.0.0', values: {}, name: '', experiment: '' };

it.each([
  [wish, 'wardian run program digits:1.0.0 --project demo'],
  [
    { ...wish, values: { epochs: 30, lr: 0.1 } },
    'wardian run program digits:1.0.0 --epochs=30 --lr=0.1 --project demo',
  ],
  [
    { ...wish, values: { layers: [64, 32], name: 'a b' } },
    "wardian run program digits:1.0.0 --layers='[64,32]' --set 'name=a b' --project demo",
  ],
  [{ ...wish, name: 'second try' }, "wardian run program digits:1.0.0 --name 'second try' --project demo"],
])('%#', (given, line) => {
  expect(commandLine(given)).toBe(line);
});
