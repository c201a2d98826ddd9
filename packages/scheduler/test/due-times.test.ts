import { describe, expect, test } from 'vitest';
import { nextDueTimes } from '@nightshift/scheduler';
import { dueTimes } from '../src/due-times.ts';
import { dueIn, nextOf } from './due-in.ts';

const BERLIN = 'Europe/Berlin';
const NEW_YORK = 'America/New_York';

describe('the required results of the specification', () => {
  test.each([
    ['a missing 02:30 is due at the first instant after the gap, once', BERLIN, { cron: '30 2 * * *' }, '2026-03-28T23:00Z', '2026-03-29T22:00Z', ['2026-03-29T01:00Z']],
    ['the same a year later', BERLIN, { cron: '30 2 * * *' }, '2027-03-27T23:00Z', '2027-03-28T22:00Z', ['2027-03-28T01:00Z']],
    ['two missing times are one due time', BERLIN, { cron: '0,30 2 * * *' }, '2027-03-27T23:00Z', '2027-03-28T22:00Z', ['2027-03-28T01:00Z']],
    ['a missing time and the end of the gap are one due time', BERLIN, { cron: '0 2,3 * * *' }, '2027-03-27T23:00Z', '2027-03-28T22:00Z', ['2027-03-28T01:00Z']],
    ['daily behaves as cron does', BERLIN, { daily: { at: '02:30' } }, '2027-03-27T23:00Z', '2027-03-28T22:00Z', ['2027-03-28T01:00Z']],
    ['New York misses 02:30 too', NEW_YORK, { cron: '30 2 * * *' }, '2027-03-14T05:00Z', '2027-03-15T04:00Z', ['2027-03-14T07:00Z']],
    ['Cairo misses midnight', 'Africa/Cairo', { cron: '0 0 * * *' }, '2027-04-29T22:00Z', '2027-04-30T21:00Z', ['2027-04-29T22:00Z']],
    ['Lord Howe misses half an hour', 'Australia/Lord_Howe', { cron: '15 2 * * *' }, '2027-10-02T13:30Z', '2027-10-03T13:00Z', ['2027-10-02T15:30Z']],
    ['02:30 that comes twice counts the first time', BERLIN, { cron: '30 2 * * *' }, '2026-10-24T22:00Z', '2026-10-25T23:00Z', ['2026-10-25T00:30Z']],
    ['so does 01:30 in New York', NEW_YORK, { cron: '30 1 * * *' }, '2026-11-01T04:00Z', '2026-11-02T05:00Z', ['2026-11-01T05:30Z']],
    ['every half hour goes on through the overlap', BERLIN, { cron: '*/30 * * * *' }, '2026-10-25T00:00Z', '2026-10-25T02:00Z', ['2026-10-25T00:00Z', '2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z']],
    ['a rhythm inside one hour has both of its hours', BERLIN, { cron: '*/30 2 * * *' }, '2026-10-24T22:00Z', '2026-10-25T23:00Z', ['2026-10-25T00:00Z', '2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z']],
    ['a rhythm inside the missing hour has nothing', BERLIN, { cron: '*/30 2 * * *' }, '2027-03-27T23:00Z', '2027-03-28T22:00Z', []],
    ['quarter hours go on across the gap', BERLIN, { cron: '*/15 * * * *' }, '2027-03-28T00:30Z', '2027-03-28T01:30Z', ['2027-03-28T00:30Z', '2027-03-28T00:45Z', '2027-03-28T01:00Z', '2027-03-28T01:15Z']],
    ['hours wrap around midnight', 'UTC', { cron: '0 22-2 * * *' }, '2026-12-01T00:00Z', '2026-12-02T00:00Z', ['2026-12-01T00:00Z', '2026-12-01T01:00Z', '2026-12-01T02:00Z', '2026-12-01T22:00Z', '2026-12-01T23:00Z']],
    ['the last workday of May 2027 is the 31st', 'UTC', { cron: '0 0 LW * *' }, '2027-05-01T00:00Z', '2027-06-01T00:00Z', ['2027-05-31T00:00Z']],
    ['the 29th of February waits for a leap year', 'UTC', { cron: '0 0 29 2 *' }, '2026-11-22T00:00Z', '2030-01-01T00:00Z', ['2028-02-29T00:00Z']],
  ] as const)('%s (%s %o)', (_what, zone, trigger, from, until, expected) => {
    expect(dueIn(trigger, zone, from, until)).toEqual(expected);
  });

  test.each([
    ['every real quarter hour of the overlap', BERLIN, { cron: '*/15 * * * *' }, '2026-10-24T23:00Z', '2026-10-25T03:00Z', 16],
    ['the same in New York', NEW_YORK, { cron: '*/15 * * * *' }, '2026-11-01T04:00Z', '2026-11-01T08:00Z', 16],
    ['six real hours across the overlap', BERLIN, { cron: '0 * * * *' }, '2026-10-24T22:00Z', '2026-10-25T04:00Z', 6],
    ['the same in New York', NEW_YORK, { cron: '0 * * * *' }, '2026-11-01T03:00Z', '2026-11-01T09:00Z', 6],
    ['Fridays and the 13th', 'UTC', { cron: '0 0 13 * 5' }, '2026-11-22T00:00Z', '2027-01-01T00:01Z', 7],
    ['a Friday the 13th', 'UTC', { cron: '0 0 13 * 5', dayMatch: 'and' }, '2026-11-22T00:00Z', '2027-01-01T00:01Z', 0],
    ['odd days and Mondays', 'UTC', { cron: '0 0 */2 * 1' }, '2026-12-01T00:00Z', '2027-01-01T00:00Z', 18],
    ['odd Mondays', 'UTC', { cron: '0 0 */2 * 1', dayMatch: 'and' }, '2026-12-01T00:00Z', '2027-01-01T00:00Z', 2],
  ] as const)('%s (%s %o)', (_what, zone, trigger, from, until, count) => {
    expect(dueIn(trigger, zone, from, until)).toHaveLength(count);
  });

  test.each([
    ['2026-10-25T00:07:30Z', '2026-10-24T22:07:30Z'],
    ['2027-03-28T00:57:30Z', '2027-03-27T22:07:30Z'],
  ])('every: 10m keeps to ten real minutes across the change of clocks after %s', (after, knownSince) => {
    const due = nextDueTimes({ every: '10m' }, { knownSince: new Date(knownSince), after: new Date(after), limit: 12, timeZone: BERLIN });
    expect(due.map(({ dueAt }, index) => (dueAt.getTime() - Date.parse(after)) / 60_000 - 10 * index)).toEqual(Array(12).fill(10));
  });

  test.each(['0 0 31 2 *', '0 0 30 2 *'])('%s is refused with CronNeverFires', (cron) => {
    expect(() => nextOf({ cron }, 'UTC', '2026-11-22T00:00Z', 1)).toThrow(expect.objectContaining({ code: 'CronNeverFires' }));
  });
});

describe('the note of a due time', () => {
  test.each([
    [{ daily: { at: '02:30' } }, BERLIN, '2027-03-27T00:00Z', ['2027-03-27T01:30Z', '2027-03-28T01:00Z moved out of a DST gap', '2027-03-29T00:30Z']],
    [{ daily: { at: '02:30' } }, BERLIN, '2026-10-24T00:00Z', ['2026-10-24T00:30Z', '2026-10-25T00:30Z first of two in a DST overlap', '2026-10-26T01:30Z']],
    [{ weekly: { at: '02:30', daysOfWeek: 'Sunday' } }, BERLIN, '2027-03-22T00:00Z', ['2027-03-28T01:00Z moved out of a DST gap', '2027-04-04T00:30Z']],
    [{ cron: '30 2 * * *' }, BERLIN, '2027-03-27T02:00Z', ['2027-03-28T01:00Z moved out of a DST gap', '2027-03-29T00:30Z']],
    [{ cron: '*/30 2 * * *' }, BERLIN, '2026-10-25T00:00Z', ['2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z', '2026-10-26T01:00Z']],
    [{ once: { at: '2027-03-28T02:30' } }, BERLIN, '2027-01-01T00:00Z', ['2027-03-28T01:00Z moved out of a DST gap']],
    [{ once: { at: '2026-10-25T02:30' } }, BERLIN, '2026-01-01T00:00Z', ['2026-10-25T00:30Z first of two in a DST overlap']],
  ])('of %o in %s after %s says what became of the wall time', (trigger, zone, after, expected) => {
    expect(nextOf(trigger, zone, after, expected.length)).toEqual(expected);
  });

  test('is an empty text where there is nothing to say', () => {
    const request = { knownSince: new Date(0), after: new Date('2026-11-22T18:00Z'), limit: 1, timeZone: 'UTC' };
    expect(nextDueTimes({ daily: { at: '03:00' } }, request)).toEqual([{ dueAt: new Date('2026-11-23T03:00Z'), note: '' }]);
  });
});

describe('what is asked for', () => {
  test('begins strictly after one instant and ends with the other', () => {
    const request = { knownSince: new Date(0), after: new Date('2026-11-22T10:00Z'), until: new Date('2026-11-22T12:00Z'), limit: 10, timeZone: 'UTC' };
    expect(dueTimes({ cron: '0 * * * *' }, request).map(({ dueAt }) => dueAt.getUTCHours())).toEqual([11, 12]);
  });

  test('is at most as many as the limit says', () => {
    expect(nextOf({ cron: '* * * * *' }, 'UTC', '2026-11-22T10:00Z', 3)).toHaveLength(3);
    expect(nextOf({ cron: '* * * * *' }, 'UTC', '2026-11-22T10:00Z', 0)).toEqual([]);
  });

  test('is answered in the zone of the trigger before that of the file', () => {
    expect(nextOf({ daily: { at: '03:00' }, timeZone: 'Asia/Kathmandu' }, BERLIN, '2026-11-22T00:00Z', 1)).toEqual(['2026-11-22T21:15Z']);
  });

  test('does not depend on the trigger being enabled', () => {
    expect(nextOf({ daily: { at: '03:00' }, enabled: false }, 'UTC', '2026-11-22T00:00Z', 1)).toEqual(['2026-11-22T03:00Z']);
  });

  test.each([
    [{ cron: '61 * * * *' }, 'UTC', 'CronExpressionInvalid'],
    [{ daily: { at: '03:00' } }, 'UTC+5', 'TimeZoneInvalid'],
    ['daily', 'UTC', 'TriggerInvalid'],
  ])('throws the first issue of %o in %s: %s', (trigger, zone, code) => {
    expect(() => nextOf(trigger, zone, '2026-11-22T00:00Z', 1)).toThrow(expect.objectContaining({ name: 'JobError', code }));
  });

  test('costs the same ten minutes and ten years after the last due time', () => {
    const trigger = { cron: '*/10 * * * * *' };
    const start = performance.now();
    for (let year = 2027; year < 2037; year++) expect(nextOf(trigger, BERLIN, `${year}-06-01T00:00Z`, 1, '2026-01-01T00:00Z')).toHaveLength(1);
    // Thirty million due times lie between; walking over them takes minutes.
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
