import { createTask } from 'node-cron';
import { describe, expect, test } from 'vitest';
import { dueTimes } from '../../src/due-times.ts';
import { dueIn, nextOf } from '../due-in.ts';
import { seeded } from '../seeded.ts';

const MINUTE = 60_000;
const FROM = Date.UTC(2026, 10, 22);
const EIGHTEEN_MONTHS = 548 * 24 * 60;

function isDue(cron: string, instant: number): boolean {
  const at = new Date(instant);
  return dueTimes({ cron }, { knownSince: at, after: new Date(instant - 1), until: at, limit: 1, timeZone: 'UTC' }).length === 1;
}

/** The library's own opinion, for which it needs a task that is never started. */
function withMatcher<T>(cron: string, use: (matches: (instant: number) => boolean) => T): T {
  const task = createTask(cron, () => undefined, { timezone: 'UTC' });
  try {
    return use((instant) => task.match(new Date(instant)));
  } finally {
    void task.destroy();
  }
}

describe('every due time is one for node-cron, and the other way round', () => {
  test.each([
    '* * * * *', '*/15 * * * *', '7-37/10 * * * *', '0 * * * *', '30 2 * * *', '0 22-2 * * *', '58-1 * * * *', '0 0 * * fri-mon',
    '0 9-17/2 * * mon-fri', '0 12 1 * *', '0 12 31 * *', '0 12 28-3 * *', '0 12 L * *', '0 12 L-3 * *', '0 12 15W * *', '0 12 1W * *', '0 12 31W * *',
    '0 12 LW * *', '0 12 1,15,L * *', '0 12 * * 7', '0 12 * * 1#1', '0 12 * * mon#5', '0 12 * * 5L', '0 12 * * 0L,3#2', '0 12 29 2 *', '0 0 1 jan,jul *',
    '0 6 * nov-feb 2', '10,20,30 4 2-4 */3 *', '*/20 30 6 * * *', '15 0 12 * * 1-5', '@hourly', '@daily', '@weekly', '@monthly', '@yearly',
  ])('%s', (cron) => {
    const random = seeded(cron.length);
    withMatcher(cron, (matches) => {
      const due = dueTimes({ cron }, { knownSince: new Date(0), after: new Date(FROM), limit: 60, timeZone: 'UTC' });
      expect(due).toHaveLength(60);
      for (const { dueAt } of due) {
        expect(matches(dueAt.getTime()), dueAt.toISOString()).toBe(true);
        // Its neighbours of the next day and hour are the likely mistakes.
        for (const minutes of [-1_440, -60, 60, 1_440, 10_080]) {
          const near = dueAt.getTime() + minutes * MINUTE;
          expect(isDue(cron, near), new Date(near).toISOString()).toBe(matches(near));
        }
      }
      for (let round = 0; round < 200; round++) {
        const instant = FROM + Math.floor(random() * EIGHTEEN_MONTHS) * MINUTE;
        expect(isDue(cron, instant), new Date(instant).toISOString()).toBe(matches(instant));
      }
    });
  });
});

describe('the days of a month', () => {
  test.each([
    ['L', ['2027-01-31', '2027-02-28', '2027-03-31']],
    ['L-28', ['2027-01-03', '2027-03-03', '2027-04-02']],
    ['L-30', ['2027-01-01', '2027-03-01', '2027-05-01']],
    // 15 May 2027 is a Saturday, 15 August a Sunday.
    ['15W', ['2027-01-15', '2027-02-15', '2027-03-15', '2027-04-15', '2027-05-14', '2027-06-15', '2027-07-15', '2027-08-16']],
    // 1 May 2027 is a Saturday, 1 August a Sunday: the month is not left.
    ['1W', ['2027-01-01', '2027-02-01', '2027-03-01', '2027-04-01', '2027-05-03', '2027-06-01', '2027-07-01', '2027-08-02']],
    ['31W', ['2027-01-29', '2027-03-31', '2027-05-31']],
    ['LW', ['2027-01-29', '2027-02-26', '2027-03-31', '2027-04-30', '2027-05-31']],
    ['30-2', ['2027-01-01', '2027-01-02', '2027-01-30', '2027-01-31', '2027-02-01', '2027-02-02', '2027-03-01']],
  ])('0 0 %s * * are %j', (days, expected) => {
    expect(nextOf({ cron: `0 0 ${days} * *` }, 'UTC', '2026-12-31T12:00Z', expected.length)).toEqual(expected.map((day) => `${day}T00:00Z`));
  });

  test.each([
    ['5L', ['2027-01-29', '2027-02-26', '2027-03-26']],
    ['mon#1', ['2027-01-04', '2027-02-01', '2027-03-01']],
    ['fri#5', ['2027-01-29', '2027-04-30', '2027-07-30']],
    ['sun#2,7L', ['2027-01-10', '2027-01-31', '2027-02-14', '2027-02-28']],
  ])('0 0 * * %s are %j', (days, expected) => {
    expect(nextOf({ cron: `0 0 * * ${days}` }, 'UTC', '2026-12-31T12:00Z', expected.length)).toEqual(expected.map((day) => `${day}T00:00Z`));
  });
});

describe('two day fields', () => {
  test.each([
    ['either will do unless it is said otherwise', { cron: '0 0 1 * fri' }, ['2027-01-01', '2027-01-08', '2027-01-15', '2027-01-22', '2027-01-29', '2027-02-01']],
    ['both are asked for by dayMatch: and', { cron: '0 0 1-7 * fri', dayMatch: 'and' }, ['2027-01-01', '2027-02-05', '2027-03-05']],
    ['a field of * or ? adds nothing', { cron: '0 0 ? * fri', dayMatch: 'or' }, ['2027-01-01', '2027-01-08', '2027-01-15']],
    ['an impossible day leaves the other', { cron: '0 0 30 2 mon' }, ['2027-02-01', '2027-02-08', '2027-02-15', '2027-02-22', '2028-02-07']],
  ])('%s', (_what, trigger, expected) => {
    expect(nextOf(trigger, 'UTC', '2026-12-31T12:00Z', expected.length)).toEqual(expected.map((day) => `${day}T00:00Z`));
  });
});

describe('the next due time', () => {
  test.each([
    ['* * * * * *', '2026-12-31T23:59:59Z', '2027-01-01T00:00Z'],
    ['* * * * * *', '2026-12-31T23:59:58.500Z', '2026-12-31T23:59:59Z'],
    ['59 59 23 31 12 *', '2026-12-31T23:59:59Z', '2027-12-31T23:59:59Z'],
    ['30 10 4 * * *', '2026-11-22T04:10:29Z', '2026-11-22T04:10:30Z'],
    ['30 10 4 * * *', '2026-11-22T04:10:30Z', '2026-11-23T04:10:30Z'],
    ['10,50 10,50 4,20 * * *', '2026-11-22T04:50:50Z', '2026-11-22T20:10:10Z'],
    ['10,50 10,50 4,20 * * *', '2026-11-22T04:09:30Z', '2026-11-22T04:10:10Z'],
    ['10,50 10,50 4,20 * * *', '2026-11-22T04:11:00Z', '2026-11-22T04:50:10Z'],
    ['10,50 10,50 4,20 * * *', '2026-11-22T20:50:50Z', '2026-11-23T04:10:10Z'],
    ['0 0 29 2 *', '2096-02-29T00:00Z', '2104-02-29T00:00Z'],
  ])('of %s after %s is %s', (cron, after, expected) => {
    expect(nextOf({ cron }, 'UTC', after, 1)).toEqual([expected]);
  });

  test('in the second pass of an overlap goes on from where the clock had been', () => {
    expect(nextOf({ cron: '0,30 2,3 * * *' }, 'Europe/Berlin', '2026-10-25T01:10Z', 2)).toEqual(['2026-10-25T02:00Z', '2026-10-25T02:30Z']);
    expect(nextOf({ cron: '*/30 2,3 * * *' }, 'Europe/Berlin', '2026-10-25T01:10Z', 2)).toEqual(['2026-10-25T01:30Z', '2026-10-25T02:00Z']);
  });

  test('in a gap of a whole day is the beginning of the next day, once', () => {
    expect(dueIn({ cron: '0,30 6,18 * * *' }, 'Pacific/Apia', '2011-12-29T12:00Z', '2011-12-31T04:00Z')).toEqual([
      '2011-12-29T16:00Z', '2011-12-29T16:30Z', '2011-12-30T04:00Z', '2011-12-30T04:30Z', '2011-12-30T10:00Z', '2011-12-30T16:00Z', '2011-12-30T16:30Z',
    ]);
  });
});
