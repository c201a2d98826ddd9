import { describe, expect, test } from 'vitest';
import { newestDueTimes, openTrigger } from '@nightshift/scheduler';
import { ODD_ZONES, SEED, nearChange, randomTriggers } from './random-triggers.ts';
import { seeded } from './seeded.ts';

const NOW = new Date('2026-11-22T18:00Z');
const open = (entry: unknown, timeZone = 'UTC') => openTrigger(entry, { timeZone, now: NOW, knownSince: NOW });
const newest = (entry: unknown, after: string, until: string, n: number) => newestDueTimes(open(entry), new Date(after), new Date(until), n).map(({ dueAt }) => dueAt.toISOString().slice(0, 16));

describe('the newest due times of a span', () => {
  test.each([
    ['oldest first', { cron: '0 * * * *' }, '2026-01-01T00:00Z', '2026-11-22T17:59Z', 2, ['2026-11-22T16:00', '2026-11-22T17:00']],
    ['with one at its end', { cron: '0 * * * *' }, '2026-01-01T00:00Z', '2026-11-22T18:00Z', 1, ['2026-11-22T18:00']],
    ['without one at its beginning', { cron: '0 * * * *' }, '2026-11-22T17:00Z', '2026-11-22T18:30Z', 5, ['2026-11-22T18:00']],
    ['however rare they are', { cron: '0 0 29 2 *' }, '1990-01-01T00:00Z', '2026-11-22T18:00Z', 2, ['2020-02-29T00:00', '2024-02-29T00:00']],
    ['of which none is wanted', { cron: '0 * * * *' }, '2026-01-01T00:00Z', '2026-11-22T18:00Z', 0, []],
    ['of which there is none', { cron: '0 * * * *' }, '2026-11-22T18:00Z', '2026-11-22T18:59Z', 3, []],
    ['that ends before it begins', { cron: '0 * * * *' }, '2026-11-22T18:00Z', '2026-11-21T18:00Z', 3, []],
  ])('%s', (_what, entry, after, until, n, expected) => {
    expect(newest(entry, after, until, n)).toEqual(expected);
  });

  test('bear their notes', () => {
    expect(newestDueTimes(open({ cron: '30 2 * * *' }, 'Europe/Berlin'), new Date('2027-01-01'), new Date('2027-03-28T12:00Z'), 1)).toEqual([{ dueAt: new Date('2027-03-28T01:00Z'), note: 'moved out of a DST gap' }]);
  });

  test('are found without walking through those before them', () => {
    const { next, count } = open({ cron: '* * * * * *' }, 'Europe/Berlin');
    let [asked, counted] = [0, 0];
    const watched = { next: (after: Date) => (asked++, next(after)), count: (after: Date, until: Date) => (counted++, count(after, until)) };
    expect(newestDueTimes(watched, new Date('2016-01-01'), NOW, 3)).toHaveLength(3);
    expect(asked).toBeLessThan(20);
    expect(counted).toBeLessThan(40);
  });

  test.each(ODD_ZONES)(`are the last of a walk, of random triggers in %s (SEED=${SEED})`, (zone) => {
    const random = seeded(SEED);
    for (const { what, trigger } of randomTriggers(SEED, zone, 60)) {
      const after = nearChange(random, zone);
      const walked = [new Date(after)];
      for (let due = trigger.next(new Date(after)); due !== undefined && walked.length <= 100; due = trigger.next(due.dueAt)) walked.push(due.dueAt);
      const n = Math.floor(random() * 20);
      const due = newestDueTimes(trigger, new Date(after), walked.at(-1) as Date, n).map(({ dueAt }) => dueAt);
      expect(due, `${what}: ${n} after ${new Date(after).toISOString()}`).toEqual(n === 0 ? [] : walked.slice(1).slice(-n));
    }
  });
});
