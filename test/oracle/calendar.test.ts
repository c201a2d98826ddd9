import { describe, expect, test } from 'vitest';
import { ask, differenceInChain } from './ask.ts';
import { randomDays } from './random-schedules.ts';
import { dueAmong } from './rules.ts';
import type { Walls } from './walls.ts';

/*
 * Random day fields against a walk over every day. In UTC: what clocks do is the other oracle's matter.
 */
const SEED = Number(process.env['SEED'] ?? 20_261_122);
const DAY = 86_400_000;

/** Every day at midnight. */
function daysFrom(year: number, until: number): Walls {
  const start = Date.UTC(year, 0, 1);
  return { start, unit: DAY, shown: Float64Array.from({ length: (Date.UTC(until, 0, 1) - start) / DAY }, (_, day) => start / DAY + day) };
}

describe.each([
  ['the years from 2026, with three leap days', daysFrom(2026, 2038), 300],
  ['the years around 2090', daysFrom(2086, 2094), 150],
  ['the years around 2100, which has no leap day', daysFrom(2096, 2106), 150],
])('in %s', (_what, days, count) => {
  const end = days.start + days.shown.length * days.unit;

  test(`${count} random day fields are due on the days that a walk over all days finds`, () => {
    let due = 0;
    for (const { trigger, ...matcher } of randomDays(SEED, count)) {
      const [expected = []] = dueAmong([days], matcher);
      const difference = differenceInChain(expected, ask(trigger, 'UTC', days.start), days.start, end);
      if (difference !== undefined) throw new Error(`${JSON.stringify(trigger)} (seed ${SEED}): ${difference}`);
      due += expected.length;
    }
    expect(due).toBeGreaterThan(1_000);
  });
});
