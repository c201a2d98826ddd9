import { remember } from './remember.ts';
import { fixedTime, type Walls } from './wall-clock.ts';
import type { Schedule } from '../schedule.ts';
import { defineKind, type ReadKind } from '../trigger-kind.ts';
import { daysOfWeek, duration, interval, timeOfDay } from '../trigger-values.ts';
import { countWords, dayName, listWords, timeWords } from '../words/value-words.ts';
import { wallAt } from '../zone.ts';

const DAY = 86_400_000;
const scheduleOnce = remember<Schedule>();
/** 1970-01-04 was the first Sunday. */
const FIRST_SUNDAY = 3;

/** Some days of every nth week. Weeks begin on Sunday and are counted like the days of `daily`. */
export const weekly: ReadKind = defineKind({
  example: '{ at: "23:00", daysOfWeek: [Monday, Friday] }',
  mandatory: { at: timeOfDay, daysOfWeek },
  optional: { weeksInterval: interval, randomDelay: duration },
  words({ at, daysOfWeek, weeksInterval = 1 }, { zone }) {
    const days = daysOfWeek.length === 7 ? 'every day' : listWords(sortedDays(daysOfWeek).map(dayName));
    const weeks = weeksInterval === 1 ? 'weekly' : `every ${weeksInterval} weeks`;
    return `${weeks} on ${days} at ${timeWords(at.time)}${countWords(at.day, weeksInterval, 'week')}, ${zone.name}`;
  },
  schedule({ at, daysOfWeek, weeksInterval = 1 }, { zone }, knownSince) {
    const days = sortedDays(daysOfWeek);
    // As with `daily`: only the place in the interval matters where no date is given.
    const anchor = at.day === undefined ? weekOf(Math.floor(wallAt(zone, knownSince.getTime()) / DAY)) % weeksInterval : weekOf(at.day);
    return scheduleOnce([zone.name, at.time, days, weeksInterval, anchor, at.day].join(' '), () => fixedTime(zone, daysOfNthWeek(at.time, days, weeksInterval, anchor, at.day ?? -Infinity)));
  },
});

/** A time of day on some days, ascending, of the weeks `anchor + n * interval`; none of them before the day `earliest`. */
function daysOfNthWeek(time: number, days: readonly number[], interval: number, anchor: number, earliest: number): Walls {
  /** How many of the days are not later than that of a wall time; only differences of it mean anything. */
  const upTo = (wall: number): number => {
    const day = Math.max(Math.floor((wall - time) / DAY), earliest - 1);
    const week = weekOf(day);
    const passed = Math.floor((week - anchor) / interval);
    const isCounted = anchor + passed * interval === week;
    return passed * days.length + (isCounted ? days.filter((weekday) => sundayOf(week) + weekday <= day).length : days.length);
  };
  return {
    next(from) {
      const start = Math.max(Math.ceil((from - time) / DAY), earliest);
      const week = anchor + Math.ceil((weekOf(start) - anchor) / interval) * interval;
      const weekday = days.find((candidate) => sundayOf(week) + candidate >= start);
      const day = weekday === undefined ? sundayOf(week + interval) + (days[0] as number) : sundayOf(week) + weekday;
      return day * DAY + time;
    },
    count: (after, until) => upTo(until) - upTo(after),
  };
}

function sortedDays(days: readonly number[]): readonly number[] {
  return days.toSorted((a, b) => a - b);
}

function weekOf(day: number): number {
  return Math.floor((day - FIRST_SUNDAY) / 7);
}

function sundayOf(week: number): number {
  return week * 7 + FIRST_SUNDAY;
}
