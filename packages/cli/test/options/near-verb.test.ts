import { expect, test } from 'vitest';
import { nearVerb } from '../../src/options/near-verb.ts';
import { VERBS } from '../tables.ts';

const verbs = VERBS.map(({ table }) => table.name);

test.each([
  ['strat-job', 'start-job'], ['Start-Job', 'start-job'], ['start', 'start-job'], ['startjob', 'start-job'], ['start_job', 'start-job'], ['run', 'start-job'], ['sajb', 'start-job'],
  ['jobs', 'get-job'], ['get-jobs', 'get-job'], ['ps', 'get-job'], ['PS', 'get-job'], ['ls', 'get-job'], ['list', 'get-job'], ['gjb', 'get-job'],
  ['logs', 'receive-job'], ['recieve-job', 'receive-job'], ['tail', 'receive-job'], ['kill', 'stop-job'], ['cancel', 'stop-job'], ['rm', 'remove-job'], ['wait', 'wait-job'],
  ['job-types', 'get-job-type'], ['valdate', 'validate'], ['check', 'validate'], ['docter', 'doctor'], ['completions', 'completion'],
])('%s means %s', (word, verb) => {
  expect(nearVerb(word, verbs)).toBe(verb);
});

test.each(['xyzzy', '', '-', 'q'])('%j means no verb', (word) => {
  expect(nearVerb(word, verbs)).toBeUndefined();
});

test('only a verb that there is is ever meant', () => {
  expect(nearVerb('ui', ['get-job'])).toBeUndefined();
  expect(nearVerb('ui', ['get-job', 'dashboard'])).toBe('dashboard');
});
