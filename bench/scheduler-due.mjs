// What the arithmetic of the scheduler costs when many triggers are due at once, and when it has been away for long.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { catchUp, openTrigger } from '../packages/scheduler/dist/index.js';
import { median } from './pairs.mjs';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** Everything below is due at this instant. */
const NOW = new Date('2026-11-22T18:00Z');
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Africa/Casablanca'];
const ENTRIES = [
  { cron: '* * * * *' },
  { cron: '*/15 * * * *' },
  { cron: '0 * * * *' },
  { cron: '0,30 0-23 * * *' },
  { cron: '0 0-23 * * 1-5,0' },
  { cron: '0 */1 L,22 * *' },
  { cron: '*/20 * * 1-12 sun' },
  { cron: '0,20,40 * * * 0,1#1' },
  { cron: '0 0 * * * *' },
  { every: '10m' },
];
const LATEST = { policy: 'latest', limit: 100 };

export async function bench() {
  const many = openMany(10_000);
  const due = rounds(20, (round) => timed(() => many.forEach(({ next }) => next(new Date(NOW.getTime() + round)))));
  const jumps = rounds(20, (round) => jump(many.slice(0, 1_000), new Date(NOW.getTime() + 30 * DAY + round)));
  const years = ZONES.map((timeZone) => tenYears(openTrigger({ cron: '* * * * *' }, { timeZone, now: NOW, knownSince: NOW })));
  const opened = openedMany(100_000);
  const measured = {
    nextOf10000: due,
    tenYearsOfMinutes: { first: Math.max(...years.map(({ first }) => first)), again: Math.max(...years.map(({ again }) => again)) },
    thirtyDaysOf1000: { total: median(jumps.map(({ total }) => total)), longest: median(jumps.map(({ longest }) => longest)) },
    open100000: opened,
  };
  return {
    figure: median(due),
    unit: ' ms',
    atMost: 20,
    what: `the next due times of 10,000 triggers that are due in one second, ${ENTRIES.length * ZONES.length} different ones`,
    details: describe(measured),
    measured,
  };
}

function describe({ tenYearsOfMinutes: years, thirtyDaysOf1000: days, open100000: opened }) {
  return [
    `ten missed years of * * * * * in the slowest zone ${years.first.toFixed(1)} ms, again ${years.again.toFixed(2)} ms`,
    `thirty missed days of 1,000 triggers ${days.total.toFixed(1)} ms, the longest of them ${days.longest.toFixed(2)} ms`,
    `100,000 triggers open in ${opened.seconds.toFixed(2)} s, ${opened.bytes} bytes each, ${opened.bytesOfSchedule} where only next and count are kept`,
  ].join('; ');
}

/** One after the other in all zones; each was read from an entry of its own, as from a file. */
function openMany(count, keep = (trigger) => trigger) {
  return Array.from({ length: count }, (_, index) => {
    const [entry, timeZone] = [ENTRIES[index % ENTRIES.length], ZONES[Math.floor(index / ENTRIES.length) % ZONES.length]];
    return keep(openTrigger({ ...entry }, { timeZone, now: NOW, knownSince: new Date(NOW.getTime() - 10 * index * MINUTE) }));
  });
}

/** All rounds but the first quarter, which warms up. */
function rounds(count, measure) {
  return Array.from({ length: count }, (_, round) => measure(round)).slice(count / 4);
}

function timed(work) {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

function jump(triggers, now) {
  const each = triggers.map((trigger) => timed(() => catchUp(trigger, { after: NOW, now }, LATEST)));
  return { total: each.reduce((sum, one) => sum + one, 0), longest: Math.max(...each) };
}

/** The first time the clock changes of these years are looked up as well. */
function tenYears(trigger) {
  const span = { after: new Date('2016-11-22T18:00Z'), now: NOW };
  const first = timed(() => catchUp(trigger, span, LATEST));
  return { first, again: median(rounds(8, () => timed(() => catchUp(trigger, span, LATEST)))) };
}

function openedMany(count) {
  const whole = opened(count);
  const ofSchedule = opened(count, ({ next, count: counted }) => ({ next, count: counted }));
  return { seconds: whole.milliseconds / 1_000, bytes: whole.bytes, bytesOfSchedule: ofSchedule.bytes };
}

function opened(count, keep) {
  const kept = [];
  const before = heapUsed();
  const milliseconds = timed(() => kept.push(openMany(count, keep)));
  return { milliseconds, bytes: Math.round((heapUsed() - before) / kept[0].length) };
}

function heapUsed() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
