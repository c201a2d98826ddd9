import { openTrigger, type OpenTrigger } from '@nightshift/scheduler';
import { zoneOf } from '../src/zone.ts';
import { oneOf, seeded } from './seeded.ts';

/** `SEED=n vitest run …` plays a round again. */
export const SEED: number = Number(process.env['SEED'] ?? 20_261_123);

const DAY = 86_400_000;
const YEAR = 365.25 * DAY;

/** Zones in which a clock does more than to go an hour forward and back. */
export const ODD_ZONES = ['Australia/Lord_Howe', 'Africa/Cairo', 'Pacific/Apia', 'Africa/Casablanca', 'Antarctica/Troll', 'America/St_Johns', 'Pacific/Chatham', 'Asia/Tehran'] as const;

/** Another tenth of all zones for another seed. */
export function someZones(seed: number): readonly string[] {
  return Intl.supportedValuesOf('timeZone').filter((_zone, index) => (index + seed) % 10 === 0);
}

type Random = () => number;
const between = (random: Random, least: number, most: number): number => least + Math.floor(random() * (most - least + 1));

/** A trigger with due times, open in a zone, and what it was made of. */
export interface RandomTrigger {
  readonly what: string;
  readonly trigger: OpenTrigger;
  readonly knownSince: number;
}

/** So many triggers of all kinds that have due times. Many of them have something to do at night, when clocks are changed. */
export function randomTriggers(seed: number, zone: string, count: number): readonly RandomTrigger[] {
  const random = seeded(seed);
  const triggers: RandomTrigger[] = [];
  while (triggers.length < count) {
    const knownSince = nearChange(random, zone);
    const entry = randomEntry(random, knownSince);
    const trigger = opened(entry, zone, new Date(knownSince));
    if (trigger !== undefined) triggers.push({ what: `${JSON.stringify(entry)} in ${zone}, first seen ${new Date(knownSince).toISOString()} (seed ${seed})`, trigger, knownSince });
  }
  return triggers;
}

/** An instant, to the millisecond, most often within two days of a change of clocks where there is one. */
export function nearChange(random: Random, zone: string): number {
  const anywhere = Date.UTC(2010, 0, 1) + Math.floor(random() * 28 * YEAR);
  if (random() < 0.2) return anywhere;
  const change = zone === 'Pacific/Apia' && random() < 0.5 ? Date.UTC(2011, 11, 30, 10) : zoneOf(zone).changeWithin(anywhere, anywhere + YEAR);
  const near = (change ?? anywhere) + oneOf(random, [0, 0, between(random, -2 * DAY, 2 * DAY), between(random, -3, 3) * 1_800_000]);
  return near + between(random, -1, 1);
}

/** Of the random expressions some are never due. */
function opened(entry: unknown, timeZone: string, now: Date): OpenTrigger | undefined {
  try {
    return openTrigger(entry, { timeZone, now, knownSince: now });
  } catch (cause) {
    if (cause instanceof AggregateError && cause.errors.every(({ code }) => code === 'CronNeverFires')) return undefined;
    throw cause;
  }
}

function randomEntry(random: Random, knownSince: number): unknown {
  const at = oneOf(random, [time(random), time(random), `${new Date(knownSince + between(random, -20, 20) * DAY).toISOString().slice(0, 10)}T${time(random)}`]);
  return oneOf(random, [
    () => ({ cron: randomCron(random), dayMatch: oneOf(random, ['or', 'and']) }),
    () => ({ cron: randomCron(random), dayMatch: oneOf(random, ['or', 'and']) }),
    () => ({ cron: randomCron(random), dayMatch: oneOf(random, ['or', 'and']) }),
    () => ({ daily: { at, daysInterval: oneOf(random, [1, 1, 2, 3, 10]) } }),
    () => ({ weekly: { at, daysOfWeek: Array.from({ length: between(random, 1, 4) }, () => between(random, 0, 6)), weeksInterval: oneOf(random, [1, 1, 2, 5]) } }),
    () => ({ every: `${between(random, 1, 5_000)}${oneOf(random, ['ms', 's', 'm'])}` }),
    () => ({ once: { at: new Date(knownSince + between(random, -DAY, DAY)).toISOString().slice(0, 19), repetitionInterval: `${between(random, 1, 90)}m`, repetitionDuration: '40h' } }),
    () => ({ once: { at: new Date(knownSince + between(random, -DAY, DAY)).toISOString().slice(0, 19) } }),
  ])();
}

function time(random: Random): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(oneOf(random, [0, 1, 2, 3, 23, between(random, 0, 23)]))}:${two(oneOf(random, [0, 15, 30, between(random, 0, 59)]))}${oneOf(random, ['', ':30', ':59.250'])}`;
}

function randomCron(random: Random): string {
  const field = (min: number, max: number): string => {
    const [first, last] = [between(random, min, max), between(random, min, max)];
    return oneOf(random, ['*', '*', `${first}`, `${first},${last}`, `${first}-${last}`, `*/${between(random, 2, 20) % max || 1}`]);
  };
  const hour = oneOf(random, [field(0, 23), '0-3', '2', '2,3', '0', '*']);
  const date = oneOf(random, ['*', '*', '*', field(1, 31), 'L', 'LW', '15W', 'L-3']);
  const weekday = oneOf(random, ['*', '*', '*', field(0, 6), '0L', '5#2', 'sun']);
  return [...oneOf(random, [[], [], [field(0, 59)]]), field(0, 59), hour, date, oneOf(random, ['*', '*', '*', field(1, 12)]), weekday].join(' ');
}
