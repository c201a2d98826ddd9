import { createTask } from 'node-cron';
import { describe, expect, test } from 'vitest';
import { randomOf } from '../crash/random.ts';
import { ask, type Next } from './ask.ts';
import { randomSchedules } from './random-schedules.ts';
import { SCHEDULES } from './schedules.ts';

/*
 * A second opinion where no clock is changed: the library's own `match`, which shares with us how an expression is read and
 * nothing of how its times are found. It knows no dayMatch and no ranges that wrap around.
 */
const SEED = Number(process.env['SEED'] ?? 20_261_122);
const MINUTE = 60_000;
const SPAN = 3 * 24 * 60;

const EXPRESSIONS = [...SCHEDULES, ...randomSchedules(SEED, 80)].map(({ trigger }) => trigger['cron']).filter((cron) => typeof cron === 'string').filter(isPlain);

/** At most one day field says something, and nothing wraps. */
function isPlain(cron: string): boolean {
  const [, , date = '*', , weekday = '*'] = cron.split(' ');
  const wraps = [...cron.matchAll(/(\d+)-(\d+)/g)].some(([, first, last]) => Number(first) > Number(last)) || /fri-sun/.test(cron);
  return !wraps && (/^[*?]$/.test(date) || /^[*?]$/.test(weekday)) && !cron.startsWith('@');
}

describe.each([
  ['Europe/Berlin', '2026-12-30T12:00Z'],
  ['America/New_York', '2027-02-27T00:00Z'],
  ['Asia/Kathmandu', '2026-08-30T18:15Z'],
  ['Australia/Lord_Howe', '2027-06-29T00:00Z'],
  ['America/St_Johns', '2028-02-28T03:30Z'],
])('in %s from %s', (zone, from) => {
  test.each(EXPRESSIONS)('%s is due at minutes that node-cron matches, and at no other that is looked at', (cron) => {
    const start = Date.parse(from);
    const due = dueWithin(ask({ cron }, zone, start), start, start + SPAN * MINUTE);
    const random = randomOf(SEED);
    const looked = new Set([...due.slice(0, 50), ...Array.from({ length: 150 }, () => start + random.between(0, SPAN - 1) * MINUTE)]);
    const task = createTask(cron, () => undefined, { timezone: zone });
    const wrong = [...looked].filter((instant) => task.match(new Date(instant)) !== due.includes(instant));
    void task.destroy();
    expect(wrong.map((instant) => `${new Date(instant).toISOString()}, seed ${SEED}`)).toEqual([]);
  });
});

function dueWithin(next: Next, start: number, end: number): readonly number[] {
  const due: number[] = [];
  for (let at = next(start - 1); at !== undefined && at < end; at = next(at)) {
    if (at <= (due.at(-1) ?? 0)) throw new Error(`after ${due.at(-1)} it is due at ${at}`);
    due.push(at);
  }
  return due;
}
