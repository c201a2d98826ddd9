import type { CronFields } from './cron-language.ts';
import { calendarMonth, firstDay, monthOf, shapeOf, type Shape } from './months.ts';
import { HORIZON_YEARS } from './wall-clock.ts';

const DAY = 86_400_000;

/** How days are told that two fields speak about. */
export type DayMatch = 'or' | 'and';

/** The days of the calendar that an expression picks, counted from 1970. Their cost is that of the months they pass. */
export interface CronDays {
  /** The first one at or after a day, at most so many months ahead. */
  next(from: number, months: number): number | undefined;
  /** How many there are in [from, until). */
  count(from: number, until: number): number;
}

/** A set of days: bit 0 is the first of the month. */
type Days = number;

/** The days that each of the two fields picks out of a month. */
interface DayFields {
  readonly ofMonth: (month: Shape) => Days;
  readonly ofWeek: (month: Shape) => Days;
}

/** `match` is how the two day fields are joined; one that says nothing picks every day, so that `and` is right wherever less than both speak. */
export function cronDays(fields: CronFields, match: DayMatch): CronDays {
  const pick = picked(fields, match);
  return {
    next(from, months) {
      const first = monthOf(from);
      let passed = from - firstDay(first);
      for (let month = first; month <= first + months; month++, passed = 0) {
        const days = (pick(month) >>> passed) << passed;
        if (days !== 0) return firstDay(month) + lowest(days);
      }
      return undefined;
    },
    count(from, until) {
      let counted = 0;
      for (let month = monthOf(from), begin = firstDay(month); begin < until; month++, begin = firstDay(month)) {
        counted += bits(within(pick(month), from - begin, until - begin));
      }
      return counted;
    },
  };
}

/** True when some month from a wall time on, for eight years, has a day that only one of the two fields picks. */
export function dayFieldsDiffer(fields: CronFields, wall: number): boolean {
  const { ofMonth, ofWeek } = dayFields(fields);
  const first = monthOf(Math.floor(wall / DAY));
  for (let month = first; month <= first + HORIZON_YEARS * 12; month++) {
    const shape = shapeOf(month);
    if (fields.month.includes(calendarMonth(month) + 1) && ofMonth(shape) !== ofWeek(shape)) return true;
  }
  return false;
}

/** The days picked out of a month, worked out once for each of the 28 shapes. */
function picked(fields: CronFields, match: DayMatch): (month: number) => Days {
  const { ofMonth, ofWeek } = dayFields(fields);
  const wanted = Array.from({ length: 12 }, (_, index) => fields.month.includes(index + 1));
  const known = new Map<number, Days>();
  return (month) => {
    if (wanted[calendarMonth(month)] !== true) return 0;
    const shape = shapeOf(month);
    const key = shape.length * 7 + shape.weekday;
    let days = known.get(key);
    if (days === undefined) {
      days = match === 'or' ? ofMonth(shape) | ofWeek(shape) : ofMonth(shape) & ofWeek(shape);
      known.set(key, days);
    }
    return days;
  };
}

function dayFields(fields: CronFields): DayFields {
  const dates = numbersIn(fields.dayOfMonth).reduce((days, date) => days | bit(date), 0);
  const weekdays = numbersIn(fields.dayOfWeek);
  const ofMonth = tokensIn(fields.dayOfMonth, DAY_OF_MONTH);
  const ofWeek = tokensIn(fields.dayOfWeek, DAY_OF_WEEK);
  return {
    ofMonth: (month) => (dates | ofMonth(month)) & allOf(month),
    ofWeek: (month) => weekdays.reduce((days, weekday) => days | everyWeek(weekday, month), ofWeek(month)) & allOf(month),
  };
}

type Token = readonly [RegExp, (month: Shape, first: number, second: number) => Days];

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

function tokensIn(values: CronFields['dayOfMonth'], tokens: readonly Token[]): (month: Shape) => Days {
  const found = values.flatMap((value) =>
    tokens.flatMap(([form, days]) => {
      const parts = typeof value === 'string' ? form.exec(value) : null;
      return parts === null ? [] : [(month: Shape) => days(month, Number(parts[1]), Number(parts[2]))];
    }),
  );
  return (month) => found.reduce((days, token) => days | token(month), 0);
}

function numbersIn(values: CronFields['dayOfMonth']): readonly number[] {
  return values.filter((value) => typeof value === 'number');
}

/** The nearest day from Monday to Friday inside the month. */
function nearestWorkday(date: number, month: Shape): number {
  const weekday = (month.weekday + date - 1) % 7;
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === month.length ? date - 2 : date + 1;
  return date;
}

function firstOf(weekday: number, month: Shape): number {
  return 1 + ((weekday - month.weekday + 7) % 7);
}

/** The month's days of one day of the week: five bits, seven apart. */
function everyWeek(weekday: number, month: Shape): Days {
  return 0x10204081 << (firstOf(weekday, month) - 1);
}

function allOf(month: Shape): Days {
  return 0x7fffffff >>> (31 - month.length);
}

function bit(date: number): Days {
  return date >= 1 && date <= 31 ? 1 << (date - 1) : 0;
}

/** Those from one place to another, the first included and the second not. */
function within(days: Days, from: number, until: number): Days {
  const low = from > 0 ? (days >>> from) << from : days;
  return until > 31 ? low : low & (2 ** until - 1);
}

function bits(days: Days): number {
  let counted = 0;
  for (let rest = days; rest !== 0; rest &= rest - 1) counted += 1;
  return counted;
}

function lowest(days: Days): number {
  return 31 - Math.clz32(days & -days);
}

function highest(days: Days): Days {
  return days === 0 ? 0 : 1 << (31 - Math.clz32(days));
}
