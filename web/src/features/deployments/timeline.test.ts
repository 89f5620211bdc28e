import { describe, expect, it } from 'vitest';
import { spans } from './timeline';

const at = (minute: number) => `2026-03-01T12:${minute.toString().padStart(2, '0')}:00Z`;
const switched = (minute: number, revision: number) => ({
  at: at(minute),
  verb: 'deployment.switched',
  detail: { revision },
});
const read = (events: Parameters<typeof spans>[0]) =>
  spans(events).map(({ revision, from, to }) => [revision, from.getUTCMinutes(), to?.getUTCMinutes() ?? null]);

describe('spans', () => {
  it('end where the next begins, and the last goes on', () => {
    expect(read([switched(5, 2), switched(1, 1), switched(9, 1)])).toEqual([
      [1, 1, 5],
      [2, 5, 9],
      [1, 9, null],
    ]);
  });

  it('leave a gap while nothing answered', () => {
    expect(read([switched(1, 1), { at: at(4), verb: 'deployment.stopped' }, switched(8, 1)])).toEqual([
      [1, 1, 4],
      [1, 8, null],
    ]);
  });

  it('ignore what changed nothing', () => {
    expect(read([{ at: at(0), verb: 'deployment.failed' }, switched(1, 1), switched(2, 1)])).toEqual([[1, 1, null]]);
  });
});
