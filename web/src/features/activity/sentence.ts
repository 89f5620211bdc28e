/** An audited event as a sentence: who · did · what · more. */
import type { TrailEvent } from './queries';

export interface Sentence {
  /** Who did it; null where the thing itself did: "the run digits succeeded". */
  who: string | null;
  /** "registered the model version" */
  did: string;
  /** What people call the thing. */
  thing: string;
  /** What follows the thing: "as @champion". */
  more: string;
  /** Below the project; null where there is no page of it. */
  path: string | null;
}

type Detail = Record<string, unknown>;
type Told = [did: string, more?: (detail: Detail) => string];

const NONE = () => '';

/** Verbs that read badly when put together from their parts. */
const TOLD: Record<string, Told> = {
  'user.signed-in': ['signed in as'],
  'user.changed': ['changed the user', said({ admin: ['made an admin', 'no longer an admin'] })],
  'user.password-changed': ['set a new password of the user'],
  'member.set': ['gave', ({ role }) => (role === undefined ? '' : `the role ${text(role)}`)],
  'member.removed': ['took out of the project'],
  'key.created': ['made the access key'],
  'model.registered': ['registered the model version', ({ run }) => (run === undefined ? '' : 'from a run')],
  'model.alias-moved': ['pointed an alias at', ({ alias, before }) => `@${text(alias)}${moved(before)}`],
  'model.alias-removed': ['took an alias from', ({ alias }) => `@${text(alias)}`],
  'model.version-changed': ['changed the notes of the model version'],
  'model.version-deleted': ['deleted the model version'],
  'deployment.created': ['deployed', ({ model }) => (model === undefined ? '' : `with ${text(model)}`)],
  'deployment.revised': ['gave a new revision to', ({ revision, model }) => `${text(revision)}: ${text(model)}`],
  'deployment.rolled-back': ['rolled back', ({ revision }) => `to revision ${text(revision)}`],
  'deployment.switched': ['sent the requests of', ({ revision }) => `to revision ${text(revision)}`],
  'deployment.rollout-failed': ['gave up a revision of', ({ reason }) => (reason ? `because ${text(reason)}` : '')],
  'workload.stopping': ['asked to end the workload', because],
  'run.stopping': ['asked to end the run', because],
};

/** What becomes of a run or a workload by itself. */
const BECAME: Record<string, string> = {
  queued: 'waits for another attempt',
  starting: 'is starting',
  running: 'is running',
  succeeded: 'succeeded',
  failed: 'failed',
  stopped: 'was stopped',
  lost: 'was lost sight of',
};
const LIVES = new Set(['run', 'workload']);

/** Nouns and what follows /projects/NAME/ on the way to their page. */
const PAGES: Record<string, (event: TrailEvent) => string | null> = {
  project: () => '',
  run: ({ thing }) => `runs/${thing}`,
  workload: ({ thing }) => `queue/${thing}`,
  model: ({ name }) => `models/${encodeURIComponent(name.split(':')[0] ?? name)}`,
  program: ({ name }) => `programs/${encodeURIComponent(name.split(':')[0] ?? name)}`,
  deployment: ({ name }) => `deployments/${encodeURIComponent(name)}`,
  member: () => 'settings',
};

export function sentence(event: TrailEvent): Sentence {
  const { verb, noun, name, thing, actor_name: who } = event;
  const detail = event.detail ?? {};
  const about = { thing: name || thing.slice(0, 8), path: pathOf(event) };
  const became = LIVES.has(noun) ? BECAME[verb.slice(noun.length + 1)] : undefined;
  if (became !== undefined) {
    return { who: null, did: `The ${noun}`, ...about, more: [became, because(detail)].filter(Boolean).join(' ') };
  }
  const [did, more = NONE] = TOLD[verb] ?? [plainly(verb, noun), because];
  return { who, did, ...about, more: more(detail) };
}

function pathOf(event: TrailEvent): string | null {
  const isGone = event.verb.endsWith('.deleted');
  return event.project === null || isGone ? null : (PAGES[event.noun]?.(event) ?? null);
}

/** "run.finished" → "finished the run". */
function plainly(verb: string, noun: string): string {
  const did = verb.slice(verb.indexOf('.') + 1).replaceAll('-', ' ');
  return `${did} the ${noun}`;
}

function because({ reason }: Detail): string {
  return reason ? `– ${text(reason)}` : '';
}

function moved(before: unknown): string {
  return before == null ? '' : `, before it was at ${text(before)}`;
}

function said(words: Record<string, [yes: string, no: string]>): (detail: Detail) => string {
  return (detail) =>
    Object.entries(words)
      .filter(([key]) => typeof detail[key] === 'boolean')
      .map(([key, [yes, no]]) => (detail[key] === true ? yes : no))
      .join(', ');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
