import type { CronFields } from './cron-language.ts';
import { HORIZON_YEARS, type NextWall } from './wall-clock.ts';

const SECOND = 1_000;
const DAY = 86_400_000;

/** How days are told that two fields speak about. */
export type DayMatch = 'or' | 'and';

/** What the days of a month depend on; there are 28 of these. */
interface Month {
  readonly length: number;
  /** Day of the week of the first, Sunday is 0. */
  readonly weekday: number;
}

/** A set of days: bit 0 is the first of the month. */
type Days = number;

/** The days that each of the two fields picks out of a month. */
export interface CronDays {
  readonly ofMonth: (month: Month) => Days;
  readonly ofWeek: (month: Month) => Days;
}

/**
 * The matching wall times. `match` is how the two day fields are joined; a field that says nothing picks every day, so that
 * `and` is right wherever less than both of them speak.
 * The cost is at most one step per month of eight years, whatever the distance from the last due time.
 */
export function cronWalls(fields: CronFields, match: DayMatch): NextWall {
  const nextTime = timesOf(fields);
  const nextDay = daysOf(fields, match);
  return (from) => {
    const start = Math.ceil(from / SECOND);
    const today = Math.floor(start / 86_400);
    const time = nextDay(today, 0) === today ? nextTime(start - today * 86_400) : -1;
    if (time >= 0) return (today * 86_400 + time) * SECOND;
    const day = nextDay(today + 1, HORIZON_YEARS * 12);
    return day === undefined ? undefined : (day * 86_400 + nextTime(0)) * SECOND;
  };
}

/** True when some month from a wall time on, for eight years, has a day that only one of the two fields picks. */
export function dayFieldsDiffer(fields: CronFields, wall: number): boolean {
  const days = cronDays(fields);
  const date = new Date(wall);
  for (let ahead = 0; ahead <= HORIZON_YEARS * 12; ahead++) {
    const [year, index] = [date.getUTCFullYear(), date.getUTCMonth() + ahead];
    const month = monthOf(year, index);
    if (fields.month.includes((index % 12) + 1) && days.ofMonth(month) !== days.ofWeek(month)) return true;
  }
  return false;
}

/** The first matching day, counted from 1970, at or after a day, at most so many months ahead. */
function daysOf(fields: CronFields, match: DayMatch): (from: number, months: number) => number | undefined {
  const { ofMonth, ofWeek } = cronDays(fields);
  const join = match === 'or' ? (month: Month) => ofMonth(month) | ofWeek(month) : (month: Month) => ofMonth(month) & ofWeek(month);
  const wanted = Array.from({ length: 12 }, (_, index) => fields.month.includes(index + 1));
  return (from, months) => {
    const date = new Date(from * DAY);
    const [year, first] = [date.getUTCFullYear(), date.getUTCMonth()];
    let passed = date.getUTCDate() - 1;
    for (let index = first; index <= first + months; index++, passed = 0) {
      if (!wanted[index % 12]) continue;
      const days = (join(monthOf(year, index)) >>> passed) << passed;
      if (days !== 0) return Date.UTC(year, index, 1) / DAY + lowest(days);
    }
    return undefined;
  };
}

function cronDays(fields: CronFields): CronDays {
  const dates = numbersIn(fields.dayOfMonth).reduce((days, date) => days | bit(date), 0);
  const weekdays = numbersIn(fields.dayOfWeek);
  const ofMonth = tokensIn(fields.dayOfMonth, DAY_OF_MONTH);
  const ofWeek = tokensIn(fields.dayOfWeek, DAY_OF_WEEK);
  return {
    ofMonth: (month) => (dates | ofMonth(month)) & allOf(month),
    ofWeek: (month) => weekdays.reduce((days, weekday) => days | everyWeek(weekday, month), ofWeek(month)) & allOf(month),
  };
}

type Token = readonly [RegExp, (month: Month, first: number, second: number) => Days];

const DAY_OF_MONTH: readonly Token[] = [
  [/^L$/, (month) => bit(month.length)],
  [/^L-(\d+)$/, (month, offset) => bit(month.length - offset)],
  [/^(\d+)W$/, (month, date) => (date > month.length ? 0 : bit(nearestWorkday(date, month)))],
  [/^LW$/, (month) => bit(nearestWorkday(month.length, month))],
];

const DAY_OF_WEEK: readonly Token[] = [
  [/^(\d)#(\d)$/, (month, weekday, ordinal) => bit(firstOf(weekday, month) + 7 * (ordinal - 1))],
  [/^(\d)L$/, (month, weekday) => highest(everyWeek(weekday, month) & allOf(month))],
];

function tokensIn(values: CronFields['dayOfMonth'], tokens: readonly Token[]): (month: Month) => Days {
  const found = values.flatMap((value) =>
    tokens.flatMap(([form, days]) => {
      const parts = typeof value === 'string' ? form.exec(value) : null;
      return parts === null ? [] : [(month: Month) => days(month, Number(parts[1]), Number(parts[2]))];
    }),
  );
  return (month) => found.reduce((days, token) => days | token(month), 0);
}

function numbersIn(values: CronFields['dayOfMonth']): readonly number[] {
  return values.filter((value) => typeof value === 'number');
}

/** The nearest day from Monday to Friday inside the month. */
function nearestWorkday(date: number, month: Month): number {
  const weekday = (month.weekday + date - 1) % 7;
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === month.length ? date - 2 : date + 1;
  return date;
}

function firstOf(weekday: number, month: Month): number {
  return 1 + ((weekday - month.weekday + 7) % 7);
}

/** The month's days of one day of the week: five bits, seven apart. */
function everyWeek(weekday: number, month: Month): Days {
  return 0x10204081 << (firstOf(weekday, month) - 1);
}

function allOf(month: Month): Days {
  return 0x7fffffff >>> (31 - month.length);
}

function bit(date: number): Days {
  return date >= 1 && date <= 31 ? 1 << (date - 1) : 0;
}

function lowest(days: Days): number {
  return 31 - Math.clz32(days & -days);
}

function highest(days: Days): Days {
  return days === 0 ? 0 : 1 << (31 - Math.clz32(days));
}

/** `index` counts months from January of `year` and may run past December. */
function monthOf(year: number, index: number): Month {
  const first = Date.UTC(year, index, 1);
  return { length: (Date.UTC(year, index + 1, 1) - first) / DAY, weekday: new Date(first).getUTCDay() };
}

/** The first matching second of a day at or after one; -1 when the day has none any more. */
function timesOf(fields: CronFields): (from: number) => number {
  const hours = nextTable(fields.hour, 24);
  const minutes = nextTable(fields.minute, 60);
  const seconds = nextTable(fields.second, 60);
  const [firstMinute, firstSecond] = [at(minutes, 0), at(seconds, 0)];
  return (from) => {
    // As in adding by hand: a place that finds nothing carries one, and everything right of a place that moved starts anew.
    let second = at(seconds, from % 60);
    const wantedMinute = (Math.floor(from / 60) % 60) + (second < 0 ? 1 : 0);
    let minute = at(minutes, wantedMinute);
    if (minute !== wantedMinute || second < 0) second = firstSecond;
    const wantedHour = Math.floor(from / 3_600) + (minute < 0 ? 1 : 0);
    const hour = at(hours, wantedHour);
    if (hour < 0) return -1;
    if (minute < 0 || hour !== wantedHour) [minute, second] = [firstMinute, firstSecond];
    return hour * 3_600 + minute * 60 + second;
  };
}

/** For every number up to `size`, the smallest value at or after it, or -1. */
function nextTable(values: readonly number[], size: number): Int8Array {
  const table = new Int8Array(size + 1).fill(-1);
  for (let number = size - 1; number >= 0; number--) table[number] = values.includes(number) ? number : at(table, number + 1);
  return table;
}

function at(table: Int8Array, index: number): number {
  return table[index] ?? -1;
}
