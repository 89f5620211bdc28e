import { describe, expect, it } from 'vitest';
import type { TrailEvent } from './queries';
import { sentence } from './sentence';

function event(verb: string, fields: Partial<TrailEvent> = {}): TrailEvent {
  return {
    id: '1',
    seq: 1,
    at: '2026-03-01T12:00:00Z',
    verb,
    actor: 'u',
    actor_name: 'ada',
    project: 'p',
    noun: verb.split('.')[0] ?? '',
    thing: '0123456789abcdef',
    name: 'digits',
    detail: {},
    hash: '',
    ...fields,
  };
}

describe('sentence', () => {
  it.each<[string, Partial<TrailEvent>, string]>([
    ['run.created', {}, 'created the run digits'],
    ['run.finished', { name: '' }, 'finished the run 01234567'],
    ['member.set', { detail: { role: 'guest' }, name: 'bob' }, 'gave bob the role guest'],
    [
      'model.alias-moved',
      { name: 'digits:2', detail: { alias: 'champion', before: '1' } },
      'pointed an alias at digits:2 @champion, before it was at 1',
    ],
    ['deployment.rolled-back', { detail: { revision: 3 } }, 'rolled back digits to revision 3'],
    ['workload.failed', { detail: { reason: 'exit status 1' } }, 'The workload digits failed – exit status 1'],
    ['workload.stopping', {}, 'asked to end the workload digits'],
    ['user.changed', { detail: { admin: false, disabled: true } }, 'changed the user digits no longer an admin'],
    ['unheard.of-thing', {}, 'of thing the unheard digits'],
  ])('%s', (verb, fields, words) => {
    const { did, thing, more } = sentence(event(verb, fields));
    expect([did, thing, more].filter(Boolean).join(' ')).toBe(words);
  });

  it('names who acted, and nobody where the thing itself did', () => {
    expect(sentence(event('run.created')).who).toBe('ada');
    expect(sentence(event('run.succeeded')).who).toBeNull();
  });

  it('leads to the page of the thing while there is one', () => {
    expect(sentence(event('model.registered', { name: 'digits:2' })).path).toBe('models/digits');
    expect(sentence(event('model.deleted')).path).toBeNull();
    expect(sentence(event('key.created', { project: null })).path).toBeNull();
  });
});
