import { newestDueTimes } from './newest-due-times.ts';
import type { Schedule } from './schedule.ts';

/** Up to this much later than its due time something is late, and not missed. */
const STILL_LATE = 60_000;
const DAY = 86_400_000;

export { STILL_LATE };

/** What becomes of due times that were missed; see `catchUp`. */
export interface CatchUpPolicy {
  readonly policy: 'skip' | 'latest' | 'all';
  /** Milliseconds; a due time longer ago than this is not run. Default: without end for `latest`, 24 hours for `all`. */
  readonly window?: number | undefined;
  /** How many are run at most by `all`; the others have no use for it. */
  readonly limit: number;
}

/** One instant at which something is to be started. */
export interface DueNow {
  readonly dueAt: Date;
  /** True of one that was missed and is run all the same; false of one that is merely late. */
  readonly catchUp: boolean;
}

/** Consecutive due times that are not run. */
export interface MissedRange {
  readonly dueAt: Date;
  /** Equal to `dueAt` where there is only one. */
  readonly lastDueAt: Date;
  readonly count: number;
}

/** What becomes of every due time in (after, now]: it is in `due`, or in one of the ranges. */
export interface CaughtUp {
  /** To be started, oldest first. */
  readonly due: readonly DueNow[];
  /** Misfires, oldest first; consecutive ones are one range. */
  readonly skipped: readonly MissedRange[];
  /** The newest due time of all that are in `due` or in a range. Absent: there is none. */
  readonly lastDueAt?: Date;
  /** The first due time after `now`, and after `after` where that is later. Absent: there is none any more. */
  readonly nextDueAt?: Date;
}

/**
 * Decides about the due times of one trigger in (after, now], where `after` is the newest that has been decided about.
 *
 * One that is at most 60 s ago is late and is started. One longer ago was missed:
 *
 *     policy   is run                                                 is skipped
 *     skip     none                                                   all
 *     latest   the newest one inside `window` (default: no end)       all others
 *     all      the newest `limit` inside `window` (default: 24 h)     all others
 *
 * The cost does not grow with the number of those that were missed: what is run is looked for from `now` backwards, and
 * what is skipped is counted by arithmetic. Source: reliability specification, 7.1; scheduled-job specification, 7.5 and 7.6.
 */
export function catchUp(schedule: Schedule, { after, now }: { readonly after: Date; readonly now: Date }, policy: CatchUpPolicy): CaughtUp {
  const first = schedule.next(after)?.dueAt;
  if (first === undefined || first > now) return { due: [], skipped: [], ...(first !== undefined && { nextDueAt: first }) };
  const missedUntil = new Date(Math.max(after.getTime(), now.getTime() - STILL_LATE - 1));
  const missed = schedule.count(after, missedUntil);
  const run = missed === 0 ? [] : toRun(schedule, after, missedUntil, now, policy);
  const skipped = missed === run.length ? [] : [rangeOf(schedule, first, missed - run.length, run[0], missedUntil)];
  const { late, nextDueAt } = lateOnes(schedule, missedUntil, now);
  const lastDueAt = late.at(-1) ?? run.at(-1) ?? skipped.at(-1)?.lastDueAt;
  return {
    due: [...run.map((dueAt) => ({ dueAt, catchUp: true })), ...late.map((dueAt) => ({ dueAt, catchUp: false }))],
    skipped,
    ...(lastDueAt !== undefined && { lastDueAt }),
    ...(nextDueAt !== undefined && { nextDueAt }),
  };
}

/** Those of the missed ones that are run: always the newest, without a hole between them. */
function toRun(schedule: Schedule, after: Date, missedUntil: Date, now: Date, { policy, window, limit }: CatchUpPolicy): readonly Date[] {
  const most = { skip: 0, latest: 1, all: limit }[policy];
  const oldest = now.getTime() - (window ?? (policy === 'all' ? DAY : Infinity));
  const from = new Date(Math.max(after.getTime(), oldest - 1));
  return from > missedUntil ? [] : newestDueTimes(schedule, from, missedUntil, most).map(({ dueAt }) => dueAt);
}

/** `first` and those that follow it, up to the first one that is run. */
function rangeOf(schedule: Schedule, first: Date, count: number, run: Date | undefined, missedUntil: Date): MissedRange {
  const before = new Date(first.getTime() - 1);
  const until = run === undefined ? missedUntil : new Date(run.getTime() - 1);
  const last = count === 1 ? first : newestDueTimes(schedule, before, until, 1)[0]?.dueAt;
  return { dueAt: first, lastDueAt: last ?? first, count };
}

function lateOnes(schedule: Schedule, missedUntil: Date, now: Date): { readonly late: readonly Date[]; readonly nextDueAt: Date | undefined } {
  const late: Date[] = [];
  let next = schedule.next(missedUntil)?.dueAt;
  for (; next !== undefined && next <= now; next = schedule.next(next)?.dueAt) late.push(next);
  return { late, nextDueAt: next };
}
