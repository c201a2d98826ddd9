import { cronDays, type DayMatch } from './cron-days.ts';
import type { CronFields } from './cron-language.ts';
import { cronTimes } from './cron-times.ts';
import { SEARCH_YEARS, type Walls } from './wall-clock.ts';

const SECOND = 1_000;
const DAY = 86_400;

/**
 * The wall times that an expression picks: on each of its days each of its times.
 * `next` costs at most one step per month of forty years, `count` one per month of its span, however many lie between.
 */
export function cronWalls(fields: CronFields, match: DayMatch): Walls {
  const days = cronDays(fields, match);
  const times = cronTimes(fields);
  /** How many on the day of a second, up to that second. */
  const onDayUpTo = (second: number, day: number): number => (days.next(day, 0) === day ? times.upTo(second - day * DAY) : 0);
  return {
    next(from) {
      const start = Math.ceil(from / SECOND);
      const today = Math.floor(start / DAY);
      const time = days.next(today, 0) === today ? times.next(start - today * DAY) : -1;
      if (time >= 0) return (today * DAY + time) * SECOND;
      const day = days.next(today + 1, SEARCH_YEARS * 12);
      return day === undefined ? undefined : (day * DAY + times.next(0)) * SECOND;
    },
    count(after, until) {
      const [begin, end] = [Math.floor(after / SECOND), Math.floor(until / SECOND)];
      const [first, last] = [Math.floor(begin / DAY), Math.floor(end / DAY)];
      return days.count(first, last) * times.perDay + onDayUpTo(end, last) - onDayUpTo(begin, first);
    },
  };
}
