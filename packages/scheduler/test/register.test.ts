import { describe, expect, test } from 'vitest';
import type { FiringDecision, TriggerClock } from '@nightshift/sdk';
import { policyOf, revisionOf, type ScheduledDefinition } from '@nightshift/scheduler';
import { register, unregister, type Look } from '../src/register.ts';

const NOW = new Date('2027-03-01T12:30Z');
const at = (hour: number): Date => new Date(Date.UTC(2027, 2, 1, hour));
const HOURLY = { cron: '0 * * * *' };
const LOOK: Look = { now: NOW, events: { boot: 'boot-2', logOns: () => [] }, sinceBoot: true };

function definition(entries: readonly object[], enabled = true): ScheduledDefinition {
  const triggers = entries.map((entry, index) => ({ id: (entry as { id?: number }).id ?? index + 1, enabled: (entry as { enabled?: boolean }).enabled ?? true, revision: revisionOf(entry, 'UTC') }));
  return { key: 'ops/job', name: 'Job', enabled, triggers, policy: policyOf(undefined), plan: undefined };
}

function clock(entry: object, facts: Partial<TriggerClock> = {}): TriggerClock {
  return { definition: 'ops/job', triggerId: 1, revision: revisionOf(entry, 'UTC'), enabled: true, knownSince: at(8), lastDueAt: at(9), nextDueAt: at(10), ...facts };
}

const rows = (decision: FiringDecision | undefined) => decision?.firings.map(({ triggerId, dueAt, lastDueAt, count, reason, lengthens = false }) => ({ triggerId, from: dueAt.getUTCHours(), to: lastDueAt?.getUTCHours(), count, reason, lengthens }));
const range = (reason: string, lengthens = false) => ({ triggerId: 1, from: 10, to: 12, count: 3, reason, lengthens });

test('what did not change has nothing written down, and catches up later', () => {
  const { decision, triggers } = register(definition([HOURLY]), [clock(HOURLY)], LOOK);
  expect(decision).toBeUndefined();
  expect(triggers[0]?.clock).toEqual(clock(HOURLY));
});

test('a new trigger starts now and has no past', () => {
  const { decision, triggers } = register(definition([HOURLY, { cron: '30 * * * *' }]), [], LOOK);
  expect(decision).toMatchObject({ decidedAt: NOW, firings: [], clocks: [{ to: { triggerId: 1, knownSince: NOW, nextDueAt: at(13) } }, { to: { triggerId: 2, nextDueAt: NOW } }] });
  expect(triggers.map(({ clock: { lastDueAt } }) => lastDueAt)).toEqual([undefined, undefined]);
});

describe('due times that were pending', () => {
  test.each([
    ['are skipped when it was edited', definition([{ cron: '15 * * * *' }]), clock(HOURLY), [range('edited')]],
    ['are skipped when its zone was edited', definition([{ ...HOURLY, timeZone: 'Asia/Tokyo' }]), clock(HOURLY), [range('edited')]],
    ['are skipped when it was taken out', definition([]), clock(HOURLY), [range('edited')]],
    ['lengthen its range when it was disabled', definition([{ ...HOURLY, enabled: false }]), clock(HOURLY), [range('disabled', true)]],
    ['lengthen its range when its definition was disabled', definition([HOURLY], false), clock(HOURLY), [range('disabled', true)]],
    ['lengthen its range when it was enabled again', definition([HOURLY]), clock(HOURLY, { enabled: false }), [range('disabled', true)]],
    ['lengthen its range when it was edited while disabled', definition([{ cron: '15 * * * *', enabled: false }]), clock(HOURLY, { enabled: false }), [range('disabled', true)]],
    ['are not there when it was enabled before the first', definition([HOURLY]), clock(HOURLY, { enabled: false, lastDueAt: at(12) }), []],
  ])('%s', (_what, now, from, expected) => {
    expect(rows(register(now, [from], LOOK).decision)).toEqual(expected);
  });
});

test('a trigger that was enabled again goes on behind what was skipped', () => {
  const { triggers } = register(definition([HOURLY]), [clock(HOURLY, { enabled: false })], LOOK);
  expect(triggers[0]?.clock).toMatchObject({ enabled: true, lastDueAt: at(12), nextDueAt: at(13), knownSince: at(8) });
});

test('a trigger that was edited at the instant of a due time of both meanings does not fire at it', () => {
  const { decision } = register(definition([{ cron: '0,30 * * * *' }]), [clock(HOURLY)], { ...LOOK, now: at(12) });
  expect(decision?.clocks).toMatchObject([{ to: { lastDueAt: at(12), nextDueAt: NOW } }]);
});

test('a trigger that begins anew goes on behind what is recorded for later than now', () => {
  const look: Look = { ...LOOK, recorded: () => at(15) };
  expect(register(definition([HOURLY]), [], look).decision?.clocks).toMatchObject([{ to: { knownSince: NOW, lastDueAt: at(15), nextDueAt: at(16) } }]);
  expect(register(definition([{ cron: '15 * * * *' }]), [clock(HOURLY, { lastDueAt: at(15) })], look).decision?.clocks).toMatchObject([{ to: { lastDueAt: at(15), nextDueAt: new Date('2027-03-01T15:15Z') } }]);
});

test.each([
  ['a new one has seen this boot where the scheduler has', undefined, true, 'boot-2'],
  ['a new one has not where the scheduler has not', undefined, false, undefined],
  ['an edited one has seen this boot where the scheduler has', clock({ atStartup: { randomDelay: '1m' } }, { event: 'boot-1' }), true, 'boot-2'],
  ['one that was enabled has seen this boot where the scheduler has', clock({ atStartup: {} }, { enabled: false, event: 'boot-1' }), true, 'boot-2'],
  ['one that was enabled before this boot has not', clock({ atStartup: {} }, { enabled: false, event: 'boot-1' }), false, 'boot-1'],
  ['one that did not change has seen what it had seen', clock({ atStartup: {} }, { event: 'boot-1' }), true, 'boot-1'],
])('of triggers that wait for a boot %s', (_what, from, sinceBoot, event) => {
  const { triggers } = register(definition([{ atStartup: {} }]), from === undefined ? [] : [from], { ...LOOK, sinceBoot });
  expect(triggers[0]?.clock.event).toBe(event);
});

test('a definition that is gone leaves its rows, and no clock', () => {
  const decision = unregister('ops/job', [clock(HOURLY), clock(HOURLY, { triggerId: 2, lastDueAt: at(12) })], LOOK);
  expect(rows(decision)).toEqual([range('edited')]);
  expect(decision.clocks).toEqual([{ from: clock(HOURLY) }, { from: clock(HOURLY, { triggerId: 2, lastDueAt: at(12) }) }]);
});

test('a clock with a meaning that cannot be read leaves nothing pending', () => {
  expect(unregister('ops/job', [clock(HOURLY, { revision: 'from a later version' })], LOOK).firings).toEqual([]);
});
