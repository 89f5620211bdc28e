import { expect, it } from 'vitest';
import { environmentLines } from './environment-lines';

it('quotes what a shell would read otherwise', () => {
  expect(environmentLines('http://127.0.0.1:8080', { access: 'AK1', secret: 'a$b' }, 'demo').split('\n')).toEqual([
    'export WARDIAN_URL=http://127.0.0.1:8080',
    'export WARDIAN_ACCESS_KEY=AK1',
    "export WARDIAN_SECRET_KEY='a$b'",
    'export WARDIAN_PROJECT=demo',
  ]);
});
