import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useTopic } from '@/frame/context';
import { LogReader, type LogState, type ReadLog } from './reader';

export interface LogSource {
  /** Same function, same log: keep it in `useCallback`. */
  read: ReadLog;
  /** Hints that more was written; null for a log that is finished. */
  topic: string | null;
  download: string;
}

const LOOK_AGAIN_MS = 5_000;

export function useLog({ read, topic }: LogSource): LogState & { earlier: () => Promise<void> } {
  const reader = useMemo(() => new LogReader(read), [read]);
  const state = useSyncExternalStore(reader.watch, reader.getState);
  useEffect(() => {
    void reader.refresh();
    if (topic === null) return;
    // Hints may be lost with the connection; the log is then at most this old.
    const timer = setInterval(() => void reader.refresh(), LOOK_AGAIN_MS);
    return () => {
      clearInterval(timer);
    };
  }, [reader, topic]);
  useTopic(topic, () => void reader.refresh());
  return { ...state, earlier: () => reader.earlier() };
}
