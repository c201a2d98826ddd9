import { describe, expect, test } from 'vitest';
import { readTrigger } from '../../src/check-trigger.ts';
import { dueTimes } from '../../src/due-times.ts';

/*
 * An oracle by brute force. It walks over every real minute of two years, asks Intl what the clock shows, and knows two rules:
 *
 *   fixed      a wall minute counts when the clock shows it, or a later one, for the first time
 *   elapsed    a real minute counts when the clock shows a wall minute that matches
 */
const MINUTE = 60_000;
const FROM = Date.UTC(2026, 0, 1);
const UNTIL = Date.UTC(2028, 0, 1);

/** Is a wall minute one of the schedule? Minutes since 1970 on the wall. */
type Matches = (wall: number) => boolean;
/** The due times of a schedule among the real minutes, given what the clock shows at each. */
type Rule = (walls: Int32Array, matches: Matches) => readonly number[];

const timeOf = (wall: number): number => wall % 1_440;
const minuteOf = (wall: number): number => wall % 60;
const weekdayOf = (wall: number): number => (Math.floor(wall / 1_440) + 4) % 7;

const SCHEDULES: readonly (readonly [unknown, Rule, Matches])[] = [
  [{ cron: '30 2 * * *' }, fixed, (wall) => timeOf(wall) === 150],
  [{ cron: '15,45 0-3 * * *' }, fixed, (wall) => timeOf(wall) < 240 && minuteOf(wall) % 30 === 15],
  [{ daily: { at: '00:00' } }, fixed, (wall) => timeOf(wall) === 0],
  [{ weekly: { at: '02:05', daysOfWeek: 'Saturday, Sunday' } }, fixed, (wall) => timeOf(wall) === 125 && [0, 6].includes(weekdayOf(wall))],
  [{ cron: '*/15 * * * *' }, elapsed, (wall) => minuteOf(wall) % 15 === 0],
  [{ cron: '*/20 0-3 * * sun' }, elapsed, (wall) => timeOf(wall) < 240 && minuteOf(wall) % 20 === 0 && weekdayOf(wall) === 0],
];

describe.each([
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Africa/Casablanca',
  'Antarctica/Troll',
])('in %s', (zone) => {
  const walls = wallMinutes(zone);
  const changes = [...walls.keys()].filter((index) => index > 0 && walls[index] !== (walls[index - 1] as number) + 1);

  test('the clock shows what the oracle needs', () => {
    // How many changes there are depends on the zone data of this Node: governments decide late.
    expect(changes.length > 0).toBe(zone !== 'Asia/Kathmandu');
  });

  test.each(SCHEDULES)('%o is due as its rule says, from one due time to the next', (trigger, rule, matches) => {
    const request = { knownSince: new Date(FROM), after: new Date(FROM - 1), until: new Date(UNTIL - 1), limit: Infinity, timeZone: zone };
    const due = dueTimes(trigger, request).map(({ dueAt }) => dueAt.getTime());
    expect(firstDifference(due, rule(walls, matches))).toBeUndefined();
  });

  test.each(SCHEDULES)('%o is due as its rule says, from any quarter of an hour around a change of clocks', (trigger, rule, matches) => {
    const schedule = readTrigger(trigger, { timeZone: zone, now: new Date(FROM) }).trigger?.schedule(new Date(FROM));
    const instants = changes.flatMap(quartersAround);
    const expected = rule(walls, matches);
    let passed = 0;
    const following = instants.map((instant) => {
      while ((expected[passed] ?? Infinity) <= instant) passed++;
      return expected[passed];
    });
    const computed = instants.map((instant) => schedule?.next(new Date(instant))?.dueAt.getTime());
    expect(firstDifference(computed, following)).toBeUndefined();
  });
});

function fixed(walls: Int32Array, matches: Matches): readonly number[] {
  const due: number[] = [];
  let shown = (walls[0] as number) - 1;
  walls.forEach((wall, index) => {
    let isDue = false;
    for (; shown < wall; shown++) isDue = matches(shown + 1) || isDue;
    if (isDue) due.push(FROM + index * MINUTE);
  });
  return due;
}

function elapsed(walls: Int32Array, matches: Matches): readonly number[] {
  const due: number[] = [];
  walls.forEach((wall, index) => {
    if (matches(wall)) due.push(FROM + index * MINUTE);
  });
  return due;
}

/** Each quarter of an hour, and the second before it, from a day before a minute to a day after it. */
function quartersAround(index: number): readonly number[] {
  return Array.from({ length: 192 }, (_, quarter) => FROM + (index + (quarter - 96) * 15) * MINUTE).flatMap((instant) => [instant - 1_000, instant]);
}

function firstDifference(actual: readonly (number | undefined)[], expected: readonly (number | undefined)[]): string | undefined {
  const index = Array.from({ length: Math.max(actual.length, expected.length) }).findIndex((_, at) => actual[at] !== expected[at]);
  const shown = (instant: number | undefined): string => (instant === undefined ? 'nothing' : new Date(instant).toISOString());
  return index < 0 ? undefined : `number ${index} is ${shown(actual[index])} instead of ${shown(expected[index])}`;
}

/** What the clock shows at each real minute: Intl is asked at every full hour, and at every minute of an hour in which it changed. */
function wallMinutes(timeZone: string): Int32Array {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' });
  const ask = (instant: number): number => {
    const [day, month, year, hour, minute] = format.format(instant).split(/\D+/).map(Number) as [number, number, number, number, number];
    return Date.UTC(year, month - 1, day, hour, minute) / MINUTE;
  };
  const walls = new Int32Array((UNTIL - FROM) / MINUTE);
  for (let first = 0; first < walls.length; first += 60) {
    const start = ask(FROM + first * MINUTE);
    const isPlain = ask(FROM + (first + 60) * MINUTE) === start + 60;
    for (let minute = 0; minute < 60; minute++) walls[first + minute] = isPlain ? start + minute : ask(FROM + (first + minute) * MINUTE);
  }
  return walls;
}
