// How long the next due time of a trigger takes, in a process that has computed others before; and that it takes no longer
// the further away it lies from the one before.
import { openTrigger } from '../packages/scheduler/dist/index.js';
import { median } from './pairs.mjs';

const TRIGGERS = [
  { cron: '*/15 * * * *' },
  { cron: '30 2 * * *' },
  { cron: '0 9 * * 1-5' },
  { cron: '*/15 8-18 * * 1-5' },
  { cron: '0 0 1 * *' },
  { cron: '0 0 LW * *' },
  { cron: '0 4 * * sun#1' },
  { daily: { at: '03:00' } },
  { weekly: { at: '23:00', daysOfWeek: [1, 5] } },
  { every: '10m' },
];
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];
const NOW = new Date('2026-11-22T18:00Z');
const YEAR = 365.25 * 86_400_000;

export async function bench() {
  const cases = TRIGGERS.flatMap((trigger) => ZONES.map((timeZone) => ({ what: `${JSON.stringify(Object.values(trigger)[0])} in ${timeZone}`, micros: microsOf(trigger, timeZone) })));
  const slowest = cases.reduce((a, b) => (b.micros > a.micros ? b : a));
  const distances = {
    'a cron expression asked in 2060 : in 1970': microsOf({ cron: '*/15 * * * *' }, 'Europe/Berlin', new Date('2060-06-01')) / microsOf({ cron: '*/15 * * * *' }, 'Europe/Berlin', new Date('1970-06-01')),
    'every 1s since 30 years : since now': microsOf({ every: '1s' }, 'UTC', NOW, new Date(NOW - 30 * YEAR)) / microsOf({ every: '1s' }, 'UTC'),
  };
  return {
    figure: median(cases.map(({ micros }) => micros)),
    unit: ' µs',
    atMost: 5,
    what: `a next due time, ${TRIGGERS.length} triggers in ${ZONES.length} zones`,
    details: [`slowest ${slowest.micros.toFixed(2)} µs: ${slowest.what}`, ...Object.entries(distances).map(([what, ratio]) => `${what} ${ratio.toFixed(2)}`)].join('; '),
    measured: { cases, distances },
  };
}

/** The median of rounds, each of due times one after another from an instant. The first rounds warm up. */
function microsOf(entry, timeZone, from = NOW, knownSince = from) {
  const trigger = openTrigger(entry, { timeZone, now: NOW, knownSince });
  const rounds = Array.from({ length: 40 }, () => {
    const begin = process.hrtime.bigint();
    let at = from;
    for (let n = 0; n < 500; n += 1) at = trigger.next(at).dueAt;
    return Number(process.hrtime.bigint() - begin) / 1_000 / 500;
  });
  return median(rounds.slice(10));
}
