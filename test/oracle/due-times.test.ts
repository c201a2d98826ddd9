import { describe, expect, test } from 'vitest';
import { ask, differenceFromAnywhere, differenceInChain } from './ask.ts';
import { randomSchedules } from './random-schedules.ts';
import { dueAmong } from './rules.ts';
import { SCHEDULES, SCHEDULES_WITH_SECONDS, type Schedule } from './schedules.ts';
import { changesOf, clockOf, wallsOf, type Walls } from './walls.ts';

/*
 * Every zone that this Node knows, around every change of its clock in two years: what is due is compared with a walk over
 * every minute, which asks Intl what the clock shows and knows two rules (rules.ts). SEED=n plays a round again.
 */
const SEED = Number(process.env['SEED'] ?? 20_261_122);
const RANDOM = 10;
const [FROM, UNTIL] = [Date.UTC(2026, 0, 1), Date.UTC(2028, 0, 1)];
const HOUR = 3_600_000;
const MINUTE = 60_000;

describe.each(Intl.supportedValuesOf('timeZone').map((zone, index) => [zone, SEED + index] as const))('in %s', (zone, seed) => {
  test('every schedule is due as its rule says around every change of the clock', () => {
    const clock = clockOf(zone);
    const changes = changesOf(clock, FROM, UNTIL);
    const windows = (changes.length === 0 ? [Date.UTC(2026, 5, 15)] : changes).map((change) => wallsOf(clock, change - 15 * HOUR, change + 15 * HOUR, MINUTE));
    // With SEED=n the zone whose seed was printed has to have the same one again.
    const own = process.env['SEED'] === undefined ? seed : SEED;
    for (const schedule of [...SCHEDULES, ...randomSchedules(own, RANDOM)]) check(zone, schedule, windows, own);
  });
});

test.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'America/St_Johns', 'Antarctica/Troll', 'Pacific/Chatham', 'Atlantic/Azores'])('in %s schedules with seconds are due as their rule says', (zone) => {
  const clock = clockOf(zone);
  const windows = changesOf(clock, FROM, UNTIL).map((change) => wallsOf(clock, change - 5 * HOUR, change + 5 * HOUR, 1_000));
  for (const schedule of SCHEDULES_WITH_SECONDS) check(zone, schedule, windows, SEED);
});

test('there are more than a hundred zones whose clocks are changed', () => {
  const zones = Intl.supportedValuesOf('timeZone').filter((zone) => changesOf(clockOf(zone), FROM, Date.UTC(2027, 0, 1)).length > 0);
  expect(zones.length).toBeGreaterThan(100);
});

function check(zone: string, { trigger, ...matcher }: Schedule, windows: readonly Walls[], seed: number): void {
  const next = ask(trigger, zone, FROM);
  for (const [index, due] of dueAmong(windows, matcher).entries()) {
    const { start, unit, shown } = windows[index] as Walls;
    const end = start + shown.length * unit;
    const difference = differenceInChain(due, next, start, end) ?? differenceFromAnywhere(due, next, start, end);
    if (difference !== undefined) throw new Error(`${zone}: ${JSON.stringify(trigger)} (seed ${seed}): ${difference}`);
  }
}
