import { fixedTime } from './wall-clock.ts';
import { defineKind, type ReadKind } from '../trigger-kind.ts';
import { daysOfWeek, duration, interval, timeOfDay } from '../trigger-values.ts';
import { countWords, dayName, listWords, timeWords } from '../words/value-words.ts';
import { wallAt } from '../zone.ts';

const DAY = 86_400_000;
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
    const anchor = weekOf(at.day ?? Math.floor(wallAt(zone, knownSince.getTime()) / DAY));
    const sorted = sortedDays(daysOfWeek);
    const first = sorted[0] as number;
    return fixedTime(zone, (from) => {
      const day = Math.ceil((from - at.time) / DAY);
      const earliest = at.day === undefined ? day : Math.max(day, at.day);
      const week = anchor + Math.ceil((weekOf(earliest) - anchor) / weeksInterval) * weeksInterval;
      const weekday = sorted.find((candidate) => sundayOf(week) + candidate >= earliest);
      const due = weekday === undefined ? sundayOf(week + weeksInterval) + first : sundayOf(week) + weekday;
      return due * DAY + at.time;
    });
  },
});

function sortedDays(days: readonly number[]): readonly number[] {
  return days.toSorted((a, b) => a - b);
}

function weekOf(day: number): number {
  return Math.floor((day - FIRST_SUNDAY) / 7);
}

function sundayOf(week: number): number {
  return week * 7 + FIRST_SUNDAY;
}
