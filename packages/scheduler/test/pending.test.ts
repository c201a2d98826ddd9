import { expect, test } from 'vitest';
import type { TriggerClock } from '@nightshift/sdk';
import { pendingOf, saysSomething } from '../src/pending.ts';
import { revisionOf } from '../src/revision.ts';
import { stateOf } from '../src/trigger-state.ts';

const clock = (facts: Partial<TriggerClock>): TriggerClock => ({ definition: 'ops/job', triggerId: 1, revision: revisionOf({ cron: '0 * * * *' }, 'UTC'), enabled: true, knownSince: new Date('2027-03-01T12:00Z'), ...facts });
const state = (facts: Partial<TriggerClock>) => stateOf(clock(facts), { boot: 'boot-1', logOns: () => [] });

test.each([
  ['nothing before the first', {}, '2027-03-01T11:59:59Z', undefined],
  ['what is due when it is first seen', {}, '2027-03-01T12:00Z', ['12:00', '12:00', 1]],
  ['all since then', {}, '2027-03-01T15:30Z', ['12:00', '15:00', 4]],
  ['only what is behind the last word', { lastDueAt: new Date('2027-03-01T13:00Z') }, '2027-03-01T15:00Z', ['14:00', '15:00', 2]],
  ['nothing where the last word is of later', { lastDueAt: new Date('2027-03-01T16:00Z') }, '2027-03-01T15:00Z', undefined],
])('%s is pending', (_what, facts, until, expected) => {
  const range = pendingOf(state(facts), new Date(until));
  expect(range && [range.dueAt.toISOString().slice(11, 16), range.lastDueAt.toISOString().slice(11, 16), range.count]).toEqual(expected);
});

test('a decision without a row and without a move says nothing', () => {
  const from = clock({});
  expect(saysSomething({ clocks: [], firings: [] })).toBe(false);
  expect(saysSomething({ clocks: [{ from, to: from }], firings: [] })).toBe(false);
  expect(saysSomething({ clocks: [{ from, to: { ...from, enabled: false } }], firings: [] })).toBe(true);
  expect(saysSomething({ clocks: [{ from }], firings: [] })).toBe(true);
  expect(saysSomething({ clocks: [], firings: [{ triggerId: 1, dueAt: new Date(0), word: 'Started' }] })).toBe(true);
});
