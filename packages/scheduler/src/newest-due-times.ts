import type { DueTime, Schedule } from './schedule.ts';

/** How many more than are wanted may be walked through: cheaper than to narrow the span down to exactly those. */
const SLACK = 8;

/**
 * The last `n` due times in (after, until], oldest first; fewer where it holds fewer. The cost depends on `n`, and on the
 * distance from `until` by its logarithm alone: nothing is walked through that is not nearly among the last.
 */
export function newestDueTimes(schedule: Schedule, after: Date, until: Date, n: number): readonly DueTime[] {
  if (n <= 0) return [];
  return walk(schedule, beginOf(schedule, after.getTime(), until, n), until).slice(-n);
}

/** A beginning from which the span holds at least `n` due times, or all of them, and few others. */
function beginOf(schedule: Schedule, after: number, until: Date, n: number): number {
  const end = until.getTime();
  const counted = (from: number): number => schedule.count(new Date(from), until);
  const all = counted(after);
  if (all <= n + SLACK) return after;
  let [begin, tooLate] = [Math.floor(end - ((end - after) * (n + 1)) / all), end];
  // Right at once where they are as far apart from one another as their mean says; else further back, by and by.
  let held = counted(begin);
  for (; held < n; held = counted(begin)) [begin, tooLate] = [Math.max(after, end - 4 * (end - begin)), begin];
  // Due times are a millisecond apart at least, so this ends.
  for (; held > n + SLACK; held = counted(begin)) {
    const middle = Math.floor((begin + tooLate) / 2);
    if (counted(middle) < n) tooLate = middle;
    else begin = middle;
  }
  return begin;
}

function walk(schedule: Schedule, after: number, until: Date): readonly DueTime[] {
  const due: DueTime[] = [];
  for (let next = schedule.next(new Date(after)); next !== undefined && next.dueAt <= until; next = schedule.next(next.dueAt)) due.push(next);
  return due;
}
