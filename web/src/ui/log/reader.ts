import { begin, EMPTY, joinAfter, joinBefore, type LogBuffer, type Slice } from './buffer';

export type ReadLog = (start: number, limit: number) => Promise<Slice>;

export interface LogState {
  buffer: LogBuffer;
  loaded: boolean;
  error: unknown;
}

const STEP = 512 * 1024;

/** Reads a log: its end first, earlier parts on demand, and what is written while one looks. */
export class LogReader {
  private state: LogState = { buffer: EMPTY, loaded: false, error: null };
  private readonly watchers = new Set<() => void>();
  private busy = false;
  private again = false;

  constructor(private readonly read: ReadLog) {}

  getState = (): LogState => this.state;

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Reads on to the end of the log. Called while it reads: it looks once more afterwards. */
  async refresh(): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      do {
        this.again = false;
        await (this.state.loaded ? this.catchUp() : this.readTail());
      } while (this.again);
    } catch (error) {
      this.set({ ...this.state, error });
    } finally {
      this.busy = false;
    }
  }

  async earlier(): Promise<void> {
    const { start } = this.state.buffer;
    const from = Math.max(0, start - STEP);
    const slice = await this.read(from, start - from);
    this.set({ ...this.state, buffer: joinBefore(this.state.buffer, slice) });
  }

  private async readTail(): Promise<void> {
    const head = await this.read(0, 1);
    const slice = await this.read(Math.max(0, head.size - STEP), STEP);
    this.set({ buffer: begin(slice), loaded: true, error: null });
  }

  private async catchUp(): Promise<void> {
    for (;;) {
      const before = this.state.buffer.end;
      const slice = await this.read(before, STEP);
      if (slice.end === before) return;
      this.set({ ...this.state, buffer: joinAfter(this.state.buffer, slice) });
      if (slice.end >= slice.size || this.state.buffer.end === before) return;
    }
  }

  private set(state: LogState): void {
    this.state = state;
    this.watchers.forEach((tell) => {
      tell();
    });
  }
}
