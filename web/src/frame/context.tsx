/** What every page may ask the frame for: the modules and the live connection. */
import { createContext, useContext, useEffect, useEffectEvent, useSyncExternalStore, type ReactNode } from 'react';
import type { Hint, Live, LiveState, TrailEvent } from '@/api/live';
import type { Registry } from './registry';

interface Frame {
  registry: Registry;
  live: Live;
}

const FrameContext = createContext<Frame | null>(null);

export function FrameProvider({ frame, children }: { frame: Frame; children: ReactNode }) {
  return <FrameContext value={frame}>{children}</FrameContext>;
}

export function useFrame(): Frame {
  const frame = useContext(FrameContext);
  if (!frame) throw new Error('useFrame needs a FrameProvider above it');
  return frame;
}

export function useLiveState(): LiveState {
  const { live } = useFrame();
  return useSyncExternalStore(live.watch, live.getState);
}

/** Calls `heard` for each hint of the topic while the component is on screen; null listens to nothing. */
export function useTopic(topic: string | null, heard: (hint: Hint) => void): void {
  const { live } = useFrame();
  const onHeard = useEffectEvent(heard);
  useEffect(() => {
    if (topic === null) return;
    return live.listen(topic, (hint) => {
      onHeard(hint);
    });
  }, [live, topic]);
}

/** Calls `heard` for each audited event of the project on screen. */
export function useTrail(heard: (event: TrailEvent) => void): void {
  const { live } = useFrame();
  const onHeard = useEffectEvent(heard);
  useEffect(
    () =>
      live.hear((event) => {
        onHeard(event);
      }),
    [live],
  );
}
