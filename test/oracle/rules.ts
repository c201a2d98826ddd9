import type { Walls } from './walls.ts';

/*
 * The two rules by which a wall time becomes due times, by walking over every moment:
 *
 *   fixed     a wall time counts when the clock shows it, or a later one, for the first time
 *   elapsed   a moment counts when the clock shows a wall time that matches
 */

/** A day of the calendar, as whoever says which days match sees it. */
export interface CalendarDay {
  /** Since 1970-01-01. */
  readonly day: number;
  /** From 1. */
  readonly date: number;
  /** From 1. */
  readonly month: number;
  /** Sunday is 0. */
  readonly weekday: number;
  /** How many days the month has. */
  readonly length: number;
}

/** What matches: some days, and on each of them the same times. */
export interface Matcher {
  readonly rule: 'fixed' | 'elapsed';
  onDay(day: CalendarDay): boolean;
  /** Seconds after midnight. */
  atTime(second: number): boolean;
}

const DAY = 86_400_000;

/** Every due time among the moments of each window, as instants. All windows have one unit. */
export function dueAmong(windows: readonly Walls[], matcher: Matcher): readonly (readonly number[])[] {
  const matches = matcherOf(matcher, windows[0]?.unit ?? 1_000);
  return windows.map((walls) => {
    const due = matcher.rule === 'fixed' ? fixed(walls, matches) : elapsed(walls, matches);
    return due.map((index) => walls.start + index * walls.unit);
  });
}

function fixed({ shown }: Walls, matches: (wall: number) => boolean): readonly number[] {
  const due: number[] = [];
  let latest = (shown[0] as number) - 1;
  for (let index = 0; index < shown.length; index++) {
    let isDue = false;
    for (; latest < (shown[index] as number); latest++) isDue = matches(latest + 1) || isDue;
    if (isDue) due.push(index);
  }
  return due;
}

function elapsed({ shown }: Walls, matches: (wall: number) => boolean): readonly number[] {
  const due: number[] = [];
  for (let index = 0; index < shown.length; index++) if (matches(shown[index] as number)) due.push(index);
  return due;
}

/** Asks about each day and each time once. */
function matcherOf({ onDay, atTime }: Matcher, unit: number): (wall: number) => boolean {
  const units = DAY / unit;
  const times = Uint8Array.from({ length: units }, (_, at) => ((at * unit) % 1_000 === 0 && atTime((at * unit) / 1_000) ? 1 : 0));
  const days = new Map<number, boolean>();
  return (wall) => {
    if (times[wall % units] === 0) return false;
    const day = Math.floor(wall / units);
    const known = days.get(day);
    if (known !== undefined) return known;
    const isOn = onDay(calendarDay(day));
    days.set(day, isOn);
    return isOn;
  };
}

export function calendarDay(day: number): CalendarDay {
  const date = new Date(day * DAY);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return { day, date: date.getUTCDate(), month: date.getUTCMonth() + 1, weekday: date.getUTCDay(), length };
}
