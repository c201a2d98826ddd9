import { describe, expect, test } from 'vitest';
import { openTrigger } from '@nightshift/scheduler';

const NOW = new Date('2026-11-22T18:00Z');
const open = (entry: unknown, timeZone = 'Europe/Berlin') => openTrigger(entry, { timeZone, now: NOW, knownSince: NOW });

describe('an opened trigger', () => {
  test('knows its kind, its zone and its random delay, wherever that is written', () => {
    expect(open({ daily: { at: '03:00', randomDelay: '15m' } })).toMatchObject({ kind: 'daily', timeZone: 'Europe/Berlin', randomDelay: 900_000 });
    expect(open({ cron: '0 3 * * *', timeZone: 'UTC', randomDelay: '1h' })).toMatchObject({ kind: 'cron', timeZone: 'UTC', randomDelay: 3_600_000 });
    expect(open({ every: '10m' }).randomDelay).toBe(0);
  });

  test('of an event has no due times and no random delay', () => {
    const trigger = open({ atStartup: { randomDelay: '5m' } });
    expect([trigger.isEvent, trigger.randomDelay, trigger.next(NOW), trigger.count(NOW, new Date('2036-11-22'))]).toEqual([true, 0, undefined, 0]);
    expect(open({ every: '10m' }).isEvent).toBe(false);
  });

  test('answers the same whatever it was asked before', () => {
    const trigger = open({ daily: { at: '03:00' } });
    const first = trigger.next(NOW);
    trigger.next(new Date('2090-01-01'));
    expect(trigger.next(NOW)).toEqual(first);
    expect(first).toEqual({ dueAt: new Date('2026-11-23T02:00Z') });
  });

  test('counts its due times', () => {
    expect(open({ daily: { at: '03:00' } }).count(NOW, new Date('2026-12-22T18:00Z'))).toBe(30);
  });

  test.each([
    ['of one expression', { cron: '*/7 * * * *' }, { cron: '*/7 * * * *', randomDelay: '1h' }, true],
    ['of one expression, with blanks', { cron: '*/7 * * * *' }, { cron: ' */7  * * * * ' }, true],
    ['of one time of day', { daily: { at: '03:00' } }, { daily: { at: '3:00' } }, true],
    ['of one day and time', { weekly: { at: '03:00', daysOfWeek: 'sunday,monday' } }, { weekly: { at: '03:00', daysOfWeek: [1, 0] } }, true],
    ['in two zones', { cron: '*/7 * * * *' }, { cron: '*/7 * * * *', timeZone: 'Asia/Tokyo' }, false],
    ['with two readings', { cron: '0 0 1 * 1' }, { cron: '0 0 1 * 1', dayMatch: 'and' }, false],
    ['that begin on two days', { daily: { at: '2026-12-01T03:00' } }, { daily: { at: '2026-12-02T03:00' } }, false],
    ['that count from two days', { daily: { at: '2026-12-01T03:00', daysInterval: 2 } }, { daily: { at: '2026-12-02T03:00', daysInterval: 2 } }, false],
    ['that begin on two days of one week', { weekly: { at: '2026-12-01T03:00', daysOfWeek: '*' } }, { weekly: { at: '2026-12-02T03:00', daysOfWeek: '*' } }, false],
    ['on other days', { weekly: { at: '03:00', daysOfWeek: [1] } }, { weekly: { at: '03:00', daysOfWeek: [2] } }, false],
  ])('shares its schedule, or does not, with another one %s', (_what, one, other, isShared) => {
    expect(open(one).next === open(other).next).toBe(isShared);
  });

  test('counts days from the day it was first seen, whoever was seen before', () => {
    const everyOther = (knownSince: string) => openTrigger({ daily: { at: '03:00', daysInterval: 2 } }, { timeZone: 'UTC', now: NOW, knownSince: new Date(knownSince) }).next(NOW)?.dueAt;
    expect([everyOther('2026-11-20T12:00Z'), everyOther('2026-11-21T12:00Z'), everyOther('2026-11-22T12:00Z')]).toEqual([new Date('2026-11-24T03:00Z'), new Date('2026-11-23T03:00Z'), new Date('2026-11-24T03:00Z')]);
  });

  test('has the warnings of the check', () => {
    expect(open({ cron: '0 0 13 * 5' }).warnings).toMatchObject([{ code: 'CronDayMatch' }]);
  });

  test('is refused with everything that is wrong with it', () => {
    expect(() => open({ cron: '61 24 * * *', enabled: 'yes' })).toThrow(expect.objectContaining({ errors: [expect.objectContaining({ code: 'DefinitionValueInvalid' }), expect.objectContaining({ code: 'CronExpressionInvalid' }), expect.objectContaining({ code: 'CronExpressionInvalid' })] }));
  });
});

describe('in words', () => {
  test.each([
    [{ daily: { at: '03:00', randomDelay: '15m' } }, 'daily at 03:00, Europe/Berlin, random delay up to 15 min'],
    [{ daily: { at: '3:00:30', daysInterval: 3 }, timeZone: 'Asia/Tokyo' }, 'every 3 days at 03:00:30, counted from the day it is first seen, Asia/Tokyo'],
    [{ daily: { at: '2026-12-01T04:15', daysInterval: 3 } }, 'every 3 days at 04:15 from 2026-12-01, Europe/Berlin'],
    [{ weekly: { at: '23:00', daysOfWeek: 'Friday,Monday,Wednesday' } }, 'weekly on Monday, Wednesday and Friday at 23:00, Europe/Berlin'],
    [{ weekly: { at: '23:00', daysOfWeek: '*', weeksInterval: 2 } }, 'every 2 weeks on every day at 23:00, counted from the week it is first seen, Europe/Berlin'],
    [{ once: { at: '2026-12-24T18:00' } }, 'once at 2026-12-24 18:00 Europe/Berlin'],
    [{ once: { at: '2026-12-24T18:00-03:30', repetitionInterval: '90m', repetitionDuration: '2d' } }, 'once at 2026-12-24 18:00 UTC-03:30, then every 1 h 30 min for 2 d'],
    [{ once: { at: '2026-12-24T18:00', repetitionInterval: '1h', repeatIndefinitely: true } }, 'once at 2026-12-24 18:00 Europe/Berlin, then every 1 h for ever'],
    [{ atStartup: {} }, 'at the first start of the scheduler after each boot'],
    [{ atStartup: null, randomDelay: '5m' }, '5 min after the first start of the scheduler after each boot'],
    [{ atLogOn: { user: 'mina', randomDelay: '30s' } }, '30 s after each log-on of mina'],
    [{ atLogOn: {} }, 'at each log-on of anybody'],
    [{ every: '1500ms', randomDelay: '1s' }, 'every 1 s 500 ms, counted from the moment it is first seen, random delay up to 1 s'],
    [{ cron: ' 30  2 * * * ' }, 'at 02:30, every day, Europe/Berlin (30 2 * * *)'],
    [{ cron: '@daily', randomDelay: '1h' }, 'at 00:00, every day, Europe/Berlin (@daily), random delay up to 1 h'],
    [{ cron: '0 0 1-7 * fri', dayMatch: 'and' }, 'at 00:00, on Friday, but only on days 1 through 7 of the month, Europe/Berlin (0 0 1-7 * fri)'],
  ])('%o is %s', async (entry, words) => {
    expect(await open(entry).words()).toBe(words);
  });
});
