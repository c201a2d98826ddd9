import { fixedTime } from './wall-clock.ts';
import { defineKind, type ReadKind } from '../trigger-kind.ts';
import { duration, interval, timeOfDay } from '../trigger-values.ts';
import { countWords, timeWords } from '../words/value-words.ts';
import { wallAt } from '../zone.ts';

const DAY = 86_400_000;

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
    const anchor = at.day ?? Math.floor(wallAt(zone, knownSince.getTime()) / DAY);
    return fixedTime(zone, (from) => {
      const day = Math.ceil((from - at.time) / DAY);
      const earliest = at.day === undefined ? day : Math.max(day, at.day);
      return (anchor + Math.ceil((earliest - anchor) / daysInterval) * daysInterval) * DAY + at.time;
    });
  },
});
