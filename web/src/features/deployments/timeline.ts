/** What served when, read off the audit trail. */

export interface Told {
  at: string;
  verb: string;
  detail?: Record<string, unknown>;
}

export interface Span {
  revision: number;
  from: Date;
  /** null: it serves now. */
  to: Date | null;
}

const ENDS = new Set(['deployment.stopped', 'deployment.failed', 'deployment.deleted']);

/** Spans in order of time, from events in any order. Between two spans nothing answered. */
export function spans(events: readonly Told[]): Span[] {
  const found: Span[] = [];
  let open: Span | undefined;
  for (const { at, verb, detail } of [...events].sort((a, b) => a.at.localeCompare(b.at))) {
    const moment = new Date(at);
    if (verb === 'deployment.switched' && typeof detail?.['revision'] === 'number') {
      if (open?.revision === detail['revision']) continue;
      if (open) open.to = moment;
      open = { revision: detail['revision'], from: moment, to: null };
      found.push(open);
    } else if (open && ENDS.has(verb)) {
      open.to = moment;
      open = undefined;
    }
  }
  return found;
}
