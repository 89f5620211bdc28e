// @vitest-environment node
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gzippedTar, header } from './tar';

it('is read by tar itself', async () => {
  const long = `${'folder/'.repeat(18)}${'n'.repeat(90)}.py`;
  const archive = await gzippedTar([
    { path: 'wardian.yaml', file: new Blob(['name: a\n']) },
    { path: 'ünïcode/empty.txt', file: new Blob([]) },
    { path: long, file: new Blob(['x'.repeat(1024)]) },
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'tar-'));
  try {
    const path = join(folder, 'a.tar.gz');
    writeFileSync(path, Buffer.from(await archive.arrayBuffer()));
    execFileSync('tar', ['xzf', path, '-C', folder], { timeout: 20_000 });
    expect(readFileSync(join(folder, 'wardian.yaml'), 'utf8')).toBe('name: a\n');
    expect(readFileSync(join(folder, 'ünïcode/empty.txt'), 'utf8')).toBe('');
    expect(readFileSync(join(folder, long), 'utf8')).toHaveLength(1024);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('says which path is too long', () => {
  expect(() => header('n'.repeat(101), 0)).toThrow('too long');
});
