import { describe, expect, it } from 'vitest';
import { linesOf } from './buffer';
import { LogReader } from './reader';

function logOf(initial: string) {
  const log = { text: initial };
  const reader = new LogReader((start, limit) => {
    const text = log.text.slice(start, start + limit);
    return Promise.resolve({ start, end: start + text.length, size: log.text.length, text });
  });
  return { log, reader };
}

describe('LogReader', () => {
  it('shows what is written later', async () => {
    const { log, reader } = logOf('one\n');
    await reader.refresh();
    log.text += 'two\n';
    await reader.refresh();
    expect(linesOf(reader.getState().buffer)).toEqual(['one', 'two']);
  });

  it('starts at the end of a long log and goes back on demand', async () => {
    const { reader } = logOf('line\n'.repeat(300_000));
    await reader.refresh();
    expect(reader.getState().buffer.start).toBeGreaterThan(0);
    while (reader.getState().buffer.start > 0) await reader.earlier();
    expect(linesOf(reader.getState().buffer)).toHaveLength(300_000);
  });

  it('looks once more when it is called while it reads', async () => {
    const { log, reader } = logOf('one\n');
    const first = reader.refresh();
    const second = reader.refresh();
    log.text += 'two\n';
    await Promise.all([first, second]);
    expect(linesOf(reader.getState().buffer)).toEqual(['one', 'two']);
  });

  it('keeps the failure and recovers', async () => {
    let broken = true;
    const reader = new LogReader(() =>
      broken ? Promise.reject(new Error('away')) : Promise.resolve({ start: 0, end: 2, size: 2, text: 'ok' }),
    );
    await reader.refresh();
    expect(reader.getState().error).toBeInstanceOf(Error);
    broken = false;
    await reader.refresh();
    expect(reader.getState()).toMatchObject({ loaded: true, error: null });
  });
});
