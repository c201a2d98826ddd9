import { describe, expect, test } from 'vitest';
import { openTrigger } from '@nightshift/scheduler';
import { ODD_ZONES, SEED, nearChange, randomTriggers, someZones, type RandomTrigger } from './random-triggers.ts';
import { oneOf, seeded } from './seeded.ts';

const YEAR = 365.25 * 86_400_000;
const NOW = new Date('2026-11-22T18:00Z');
const open = (entry: unknown, timeZone: string) => openTrigger(entry, { timeZone, now: NOW, knownSince: NOW });
const iso = (instant: number): string => new Date(instant).toISOString();

describe(`a count is what one comes to by walking from due time to due time (SEED=${SEED})`, () => {
  test.each([...ODD_ZONES, ...someZones(SEED)])('of random triggers in %s, from around the changes of its clock', (zone) => {
    const random = seeded(SEED);
    for (const trigger of randomTriggers(SEED, zone, 40)) {
      for (let round = 0; round < 3; round++) checkSpan(trigger, nearChange(random, zone), Math.floor(random() ** 3 * 200), random);
      checkParts(trigger, random);
    }
  });
});

/** From an instant over so many due times, to one of the instants before the next. */
function checkSpan({ what, trigger }: RandomTrigger, after: number, steps: number, random: () => number): void {
  let walked = 0;
  let last = after;
  let next = trigger.next(new Date(after))?.dueAt.getTime();
  for (; next !== undefined && walked < steps; next = trigger.next(new Date(last))?.dueAt.getTime()) [walked, last] = [walked + 1, next];
  const until = oneOf(random, [last, next === undefined ? last + 1_000 : next - 1]);
  const counted = trigger.count(new Date(after), new Date(until));
  expect(counted, `${what}: (${iso(after)}, ${iso(until)}]`).toBe(walked);
}

/** Over years: the whole is the sum of two parts. */
function checkParts({ what, trigger, knownSince }: RandomTrigger, random: () => number): void {
  const [after, middle, until] = [random(), random(), random()].map((part) => new Date(knownSince + (part - 0.5) * 12 * YEAR)).toSorted((a, b) => Number(a) - Number(b)) as [Date, Date, Date];
  expect(trigger.count(after, middle) + trigger.count(middle, until), `${what}: ${iso(+after)}, ${iso(+middle)}, ${iso(+until)}`).toBe(trigger.count(after, until));
}

describe('a count', () => {
  test.each([
    ['of every minute of ten years is that of its minutes', { cron: '* * * * *' }, 'Europe/Berlin', '2016-11-22T18:00Z', '2026-11-22T18:00Z', 3_652 * 1_440],
    ['has both hours of an overlap where time elapses', { cron: '*/15 * * * *' }, 'Europe/Berlin', '2026-10-24T22:59Z', '2026-10-25T02:59Z', 16],
    ['has a fixed time in an overlap once', { cron: '0,30 2 * * *' }, 'Europe/Berlin', '2026-10-24T22:00Z', '2026-10-25T22:00Z', 2],
    ['has nothing inside a gap where time elapses', { cron: '*/30 2 * * *' }, 'Europe/Berlin', '2027-03-27T23:00Z', '2027-03-28T22:00Z', 0],
    ['has what falls together at the end of a gap once', { cron: '0,30 2 * * *' }, 'Europe/Berlin', '2027-03-27T23:00Z', '2027-03-28T22:00Z', 1],
    ['has a wall time at the very end of a gap once', { cron: '0 2,3 * * *' }, 'Europe/Berlin', '2027-03-27T23:00Z', '2027-03-28T22:00Z', 1],
    ['has a missing midnight once', { daily: { at: '00:00' } }, 'Africa/Cairo', '2027-04-29T12:00Z', '2027-04-30T12:00Z', 1],
    ['has a missing day once', { cron: '0 6,12,18 * * *' }, 'Pacific/Apia', '2011-12-30T09:59Z', '2011-12-30T10:00Z', 1],
    ['leaves its beginning out and its end in', { every: '10m' }, 'UTC', '2026-11-22T18:10Z', '2026-11-22T18:30Z', 2],
    ['of a trigger that is never due again is 0', { once: { at: '2026-11-23T00:00Z' } }, 'UTC', '2026-11-23T00:00Z', '2036-11-23T00:00Z', 0],
    ['of an event is 0', { atStartup: {} }, 'UTC', '2016-11-23T00:00Z', '2036-11-23T00:00Z', 0],
    ['of a span that ends before it begins is 0', { cron: '* * * * *' }, 'UTC', '2026-11-23T00:00Z', '2025-11-23T00:00Z', 0],
    ['ends where the calendar ends', { cron: '0 0 31 12 *' }, 'UTC', '9990-01-01T00:00Z', '+010020-01-01T00:00Z', 10],
    ['ends there for the wall clock too', { cron: '0 3 31 12 *' }, 'Asia/Tokyo', '9998-01-01T00:00Z', '+010020-01-01T00:00Z', 1],
  ] as const)('%s', (_what, entry, zone, after, until, expected) => {
    expect(open(entry, zone).count(new Date(after), new Date(until))).toBe(expected);
  });

  test('goes on behind eight empty years, as the walk does', () => {
    const trigger = openTrigger({ cron: '0 0 29 2 1', dayMatch: 'and' }, { timeZone: 'UTC', now: new Date('2044-01-01'), knownSince: NOW });
    expect(trigger.next(new Date('2044-03-01'))?.dueAt).toEqual(new Date('2072-02-29'));
    expect(trigger.count(new Date('2044-01-01'), new Date('2072-03-01'))).toBe(2);
  });
});
