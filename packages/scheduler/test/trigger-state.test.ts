import { describe, expect, test } from 'vitest';
import type { TriggerClock } from '@nightshift/sdk';
import { revisionOf, type LogOn } from '@nightshift/scheduler';
import { accountedUntil, isEnabled, nextAfter, stateOf } from '../src/trigger-state.ts';

const NOON = new Date('2027-03-01T12:00Z');
const clock = (entry: object, facts: Partial<TriggerClock> = {}): TriggerClock => ({ definition: 'ops/job', triggerId: 1, revision: revisionOf(entry, 'UTC'), enabled: true, knownSince: NOON, ...facts });
const opened = (entry: object, logOns: readonly LogOn[] = [], facts: Partial<TriggerClock> = {}) => stateOf(clock(entry, facts), { boot: 'boot-1', logOns: () => logOns });

test.each([
  [{ cron: '0 * * * *' }, undefined, 0],
  [{ cron: '0 * * * *', randomDelay: '5m' }, undefined, 300_000],
  [{ daily: { at: '03:00', randomDelay: '15m' } }, undefined, 900_000],
  [{ atStartup: {} }, 'atStartup', 0],
  [{ atStartup: { randomDelay: '5m' } }, 'atStartup', 300_000],
  [{ atStartup: {}, randomDelay: '5m' }, 'atStartup', 300_000],
  [{ atLogOn: { user: 'ann', randomDelay: '5s' } }, 'atLogOn', 5_000],
])('%j waits for %s and has a delay of %i ms', (entry, event, delay) => {
  expect([opened(entry).event, opened(entry).delay]).toEqual([event, delay]);
});

test('every is counted from when the trigger was first seen', () => {
  expect(opened({ every: '10m' }).schedule.next(new Date('2027-03-01T13:05Z'))?.dueAt).toEqual(new Date('2027-03-01T13:10Z'));
});

describe('log-ons', () => {
  const sessions = [
    { user: 'bob', at: new Date('2027-03-01T12:02Z') },
    { user: 'ann', at: new Date('2027-03-01T12:03Z') },
    { user: 'ann', at: new Date('2027-03-01T12:01Z') },
  ];
  test.each([
    [{}, ['12:01', '12:02', '12:03']],
    [{ user: '*' }, ['12:01', '12:02', '12:03']],
    [{ user: 'ann' }, ['12:01', '12:03']],
    [{ user: 'eve' }, []],
  ])('are due when they happened, of %j', (atLogOn, expected) => {
    const { schedule } = opened({ atLogOn }, sessions);
    const due: string[] = [];
    for (let next = schedule.next(NOON); next !== undefined; next = schedule.next(next.dueAt)) due.push(next.dueAt.toISOString().slice(11, 16));
    expect(due).toEqual(expected);
    expect(schedule.count(NOON, new Date('2027-03-02'))).toBe(expected.length);
  });
});

test.each([
  ['what is due when it is first seen counts', {}, '2027-03-01T11:59:59.999Z'],
  ['what has its word counts no more', { lastDueAt: new Date('2027-03-01T13:00Z') }, '2027-03-01T13:00:00.000Z'],
])('%s', (_what, facts, expected) => {
  expect(accountedUntil(clock({ every: '1h' }, facts)).toISOString()).toBe(expected);
});

test.each([
  ['now', {}, '2027-03-01T14:00:00.000Z'],
  ['its last word, where the clock was put back', { lastDueAt: new Date('2027-03-01T17:00Z') }, '2027-03-01T18:00:00.000Z'],
])('the next due time is behind %s', (_what, facts, expected) => {
  expect(nextAfter(opened({ cron: '0 * * * *' }, [], facts), new Date('2027-03-01T13:30Z'))?.toISOString()).toBe(expected);
});

test.each([[true, true, true], [true, false, false], [false, true, false], [false, false, false]])('a definition that is enabled: %s, with a trigger that is: %s, starts something: %s', (enabled, trigger, expected) => {
  expect(isEnabled({ enabled }, { enabled: trigger })).toBe(expected);
});
