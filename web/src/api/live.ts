/**
 * Server-sent events: keeps what is on screen fresh.
 *
 * One connection per page carries the audited events of the project and the hints of the topics that components asked
 * for. An event makes the queries stale that its noun touches (modules say which); a hint goes to whoever listens.
 */
import type { QueryClient } from '@tanstack/react-query';
import { basePath } from './client';

export type LiveState = 'off' | 'connecting' | 'live' | 'lost';

/** An audited event: who did what to which thing. */
export interface TrailEvent {
  verb: string;
  noun: string;
  thing: string;
  name: string;
  project: string | null;
  actor_name: string;
  detail: Record<string, unknown>;
}

/** Not stored: says where to look. */
export interface Hint {
  topic: string;
  [key: string]: unknown;
}

type HintListener = (hint: Hint) => void;
type TrailListener = (event: TrailEvent) => void;

const COALESCE_MS = 400;

export class Live {
  private source: EventSource | null = null;
  private state: LiveState = 'off';
  private readonly watchers = new Set<() => void>();
  private readonly topics = new Map<string, Set<HintListener>>();
  private readonly hearers = new Set<TrailListener>();
  private readonly stale = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reopening: ReturnType<typeof setTimeout> | undefined;
  private project: string | null = null;

  constructor(
    private readonly queries: QueryClient,
    /** Noun of an event → beginnings of the API paths (below the project) that it makes stale. */
    private readonly touches: ReadonlyMap<string, readonly string[]>,
  ) {}

  getState = (): LiveState => this.state;

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Follow a project (null: everything the user may see). */
  follow(project: string | null): void {
    if (this.source && project === this.project) return;
    this.project = project;
    this.open();
  }

  close(): void {
    this.source?.close();
    this.source = null;
    this.set('off');
  }

  /** Hear the hints of one topic, for example "run.<id>.metrics". */
  listen(topic: string, listener: HintListener): () => void {
    const known = this.topics.get(topic);
    if (known) known.add(listener);
    else {
      this.topics.set(topic, new Set([listener]));
      this.reopen();
    }
    return () => {
      const listeners = this.topics.get(topic);
      listeners?.delete(listener);
      if (listeners?.size === 0) {
        this.topics.delete(topic);
        this.reopen();
      }
    };
  }

  /** Hear every audited event of what is followed. */
  hear(hearer: TrailListener): () => void {
    this.hearers.add(hearer);
    return () => this.hearers.delete(hearer);
  }

  /** Components come and go together: one new connection for all of them. */
  private reopen(): void {
    if (!this.source) return;
    clearTimeout(this.reopening);
    this.reopening = setTimeout(() => {
      this.open();
    }, 50);
  }

  private open(): void {
    this.source?.close();
    const query = new URLSearchParams();
    if (this.project) query.set('project', this.project);
    for (const topic of this.topics.keys()) query.append('topic', topic);
    const source = new EventSource(`${basePath}/api/v1/stream?${query.toString()}`);
    this.source = source;
    this.set('connecting');
    source.onopen = () => {
      // What happened while nobody listened is not sent again: look once.
      if (this.state === 'lost') void this.queries.invalidateQueries();
      this.set('live');
    };
    source.onerror = () => {
      this.set('lost');
    };
    source.addEventListener('trail', (message: MessageEvent<string>) => {
      this.heard(JSON.parse(message.data) as TrailEvent);
    });
    source.addEventListener('hint', (message: MessageEvent<string>) => {
      const hint = JSON.parse(message.data) as Hint;
      this.topics.get(hint.topic)?.forEach((listener) => {
        listener(hint);
      });
    });
  }

  private heard(event: TrailEvent): void {
    this.hearers.forEach((hearer) => {
      hearer(event);
    });
    for (const path of this.touches.get(event.noun) ?? []) this.stale.add(path);
    if (this.stale.size === 0) return;
    this.timer ??= setTimeout(() => {
      this.flush();
    }, COALESCE_MS);
  }

  private flush(): void {
    const stale = [...this.stale];
    this.stale.clear();
    this.timer = undefined;
    void this.queries.invalidateQueries({
      predicate: ({ queryKey }) => {
        const path = queryKey[1];
        return typeof path === 'string' && stale.some((start) => path.startsWith(start));
      },
    });
  }

  private set(state: LiveState): void {
    if (state === this.state) return;
    this.state = state;
    this.watchers.forEach((tell) => {
      tell();
    });
  }
}
