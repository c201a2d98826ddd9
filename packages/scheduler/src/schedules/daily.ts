import { remember } from './remember.ts';
import { fixedTime, type Walls } from './wall-clock.ts';
import type { Schedule } from '../schedule.ts';
import { defineKind, type ReadKind } from '../trigger-kind.ts';
import { duration, interval, timeOfDay } from '../trigger-values.ts';
import { countWords, timeWords } from '../words/value-words.ts';
import { wallAt } from '../zone.ts';

const DAY = 86_400_000;
const scheduleOnce = remember<Schedule>();

/** A time of day every n days: from the date in `at`, else counted from the day on which the trigger was first seen. */
export const daily: ReadKind = defineKind({
  example: '{ at: "03:00" }',
  mandatory: { at: timeOfDay },
  optional: { daysInterval: interval, randomDelay: duration },
  words({ at, daysInterval = 1 }, { zone }) {
    const days = daysInterval === 1 ? 'daily' : `every ${daysInterval} days`;
    return `${days} at ${timeWords(at.time)}${countWords(at.day, daysInterval, 'day')}, ${zone.name}`;
  },
  schedule({ at, daysInterval = 1 }, { zone }, knownSince) {
    // Of days that begin nowhere only their place in the interval matters, so that many triggers share one schedule.
    const anchor = at.day ?? Math.floor(wallAt(zone, knownSince.getTime()) / DAY) % daysInterval;
    return scheduleOnce([zone.name, at.time, daysInterval, anchor, at.day].join(' '), () => fixedTime(zone, everyNthDay(at.time, daysInterval, anchor, at.day ?? -Infinity)));
  },
});

/** A time of day on the days `anchor + n * interval`, none of them before `earliest`. Days are counted from 1970. */
function everyNthDay(time: number, interval: number, anchor: number, earliest: number): Walls {
  /** How many of the days are not later than a wall time; only differences of it mean anything. */
  const upTo = (wall: number): number => Math.floor((Math.max(Math.floor((wall - time) / DAY), earliest - 1) - anchor) / interval);
  return {
    next(from) {
      const day = Math.max(Math.ceil((from - time) / DAY), earliest);
      return (anchor + Math.ceil((day - anchor) / interval) * interval) * DAY + time;
    },
    count: (after, until) => upTo(until) - upTo(after),
  };
}
