/** The run whose page is on screen, for its tabs. */
import { createContext, useContext } from 'react';
import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef } from 'react';
import type { Run } from '@/api/types';
import { useTopic } from '@/frame/context';
import { isLive } from '@/ui/status';
import { runs } from '../queries';

const RunContext = createContext<{ run: Run; project: string } | null>(null);

export const RunProvider = RunContext.Provider;

export function useRun(): { run: Run; project: string } {
  const value = useContext(RunContext);
  if (!value) throw new Error('useRun outside of a run page');
  return value;
}

const AT_MOST_EVERY_MS = 1000;

/** Keeps what is on screen of a run that goes on true: its facts, curves and files. */
export function useRunLive(project: string, run: Run | undefined): void {
  const live = run !== undefined && isLive(run.status);
  const id = run?.id ?? '';
  const topic = (what: string) => (live ? `run.${id}.${what}` : null);
  const one = runs.one(project, id).queryKey;
  const series = runs.series(project, id).queryKey;
  const files = [runs.artifacts(project, id).queryKey, runs.media(project, id).queryKey];
  useTopic(topic('metrics'), useStale([one, series], id));
  useTopic(topic('records'), useStale([one, runs.lineage(project, id).queryKey], null));
  useTopic(topic('artifacts'), useStale(files, null));
}

/** Makes the queries stale, once a second at most; with `curvesOf` also every curve of that run. */
function useStale(keys: readonly QueryKey[], curvesOf: string | null): () => void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const flush = useEffectEvent(() => {
    timer.current = undefined;
    keys.forEach((queryKey) => void queries.invalidateQueries({ queryKey }));
    if (curvesOf !== null)
      void queries.invalidateQueries({ predicate: ({ queryKey }) => isCurveOf(queryKey, curvesOf) });
  });
  const start = useRef<() => void>(() => undefined);
  useEffect(() => {
    start.current = () => {
      timer.current ??= setTimeout(() => {
        flush();
      }, AT_MOST_EVERY_MS);
    };
    return () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, []);
  return () => {
    start.current();
  };
}

function isCurveOf(queryKey: QueryKey, id: string): boolean {
  const init = queryKey[2] as { params?: { path?: { run_id?: string } } } | undefined;
  return String(queryKey[1]).endsWith('/series/{key}') && init?.params?.path?.run_id === id;
}
