import { QueryClient } from '@tanstack/react-query';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Live } from './live';

class FakeSource extends EventTarget {
  static opened: FakeSource[] = [];
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
    FakeSource.opened.push(this);
  }
  close = vi.fn();
  say(type: string, data: object) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}

const newest = () => FakeSource.opened.at(-1) as FakeSource;

describe('Live', () => {
  let queries: QueryClient;
  let live: Live;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('EventSource', FakeSource);
    FakeSource.opened = [];
    queries = new QueryClient();
    live = new Live(queries, new Map([['run', ['/api/v1/projects/{project}/runs']]]));
    return () => {
      vi.useRealTimers();
      vi.unstubAllGlobals();
    };
  });

  it('makes stale what the noun of an event touches, and nothing else', () => {
    queries.setQueryData(['get', '/api/v1/projects/{project}/runs', {}], 1);
    queries.setQueryData(['get', '/api/v1/projects', {}], 1);
    live.follow('demo');
    newest().say('trail', { noun: 'run', verb: 'run.created' });
    vi.advanceTimersByTime(1000);
    const stale = (path: string) => queries.getQueryState(['get', path, {}])?.isInvalidated;
    expect(stale('/api/v1/projects/{project}/runs')).toBe(true);
    expect(stale('/api/v1/projects')).toBe(false);
  });

  it('asks for the topics that somebody listens to, once for all of them', () => {
    live.follow('demo');
    const heard = vi.fn();
    live.listen('run.1.log', heard);
    live.listen('run.1.metrics', vi.fn());
    vi.runAllTimers();
    expect(FakeSource.opened).toHaveLength(2);
    expect(newest().url).toContain('topic=run.1.log&topic=run.1.metrics');
    newest().say('hint', { topic: 'run.1.log' });
    expect(heard).toHaveBeenCalledOnce();
  });

  it('looks at everything again after the connection was lost', () => {
    queries.setQueryData(['get', '/api/v1/projects', {}], 1);
    live.follow(null);
    newest().onopen?.();
    newest().onerror?.();
    expect(live.getState()).toBe('lost');
    newest().onopen?.();
    expect(live.getState()).toBe('live');
    expect(queries.getQueryState(['get', '/api/v1/projects', {}])?.isInvalidated).toBe(true);
  });
});
