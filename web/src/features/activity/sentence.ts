/** An audited event as a sentence: who · did · what · more. */
import type { TrailEvent } from './queries';

export interface Sentence {
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
  'workload.queued': ['queued again the workload', because],
  'workload.starting': ['started the workload'],
  'workload.running': ['saw running the workload'],
  'workload.stopping': ['asked to stop the workload'],
  'workload.succeeded': ['saw succeed the workload'],
  'workload.failed': ['saw fail the workload', because],
  'workload.stopped': ['stopped the workload', because],
  'workload.lost': ['lost sight of the workload', because],
};

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
  const { verb, noun, name, thing } = event;
  const [did, more = NONE] = TOLD[verb] ?? [plainly(verb, noun), because];
  const gone = verb.endsWith('.deleted');
  const path = event.project === null || gone ? null : (PAGES[noun]?.(event) ?? null);
  return { did, thing: name || thing.slice(0, 8), more: more(event.detail ?? {}), path };
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
