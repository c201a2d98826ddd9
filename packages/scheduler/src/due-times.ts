import { checkTimeZone, readTrigger } from './check-trigger.ts';
import { mergeDueTimes } from './merge-due-times.ts';
import { refusal } from './open-trigger.ts';
import type { DueTime } from './schedule.ts';

/** Which due times of a trigger are asked for. */
export interface DueTimesRequest {
  /** When the trigger was first seen: the anchor of `every`, and of days and weeks that are counted. */
  readonly knownSince: Date;
  /** Excluded. */
  readonly after: Date;
  /** Included. Default: for ever. */
  readonly until?: Date;
  readonly limit: number;
  /** Where the trigger names none itself. */
  readonly timeZone: string;
}

/**
 * The due times of one trigger in (after, until], oldest first, at most `limit`. Starts nothing and waits for nothing; that a
 * trigger is disabled does not matter, nor does its random delay.
 * Throws `JobError` with the first issue of a trigger or zone that `checkTrigger` and `checkTimeZone` would refuse, and with
 * `CronNeverFires` when the eight years after `after` hold no due time.
 */
export function dueTimes(trigger: unknown, request: DueTimesRequest): readonly DueTime[] {
  const { issues, trigger: read } = readTrigger(trigger, { timeZone: request.timeZone, now: request.after });
  const issue = issues[0] ?? checkTimeZone(request.timeZone);
  if (issue !== undefined) throw refusal(issue);
  return mergeDueTimes(read === undefined ? [] : [read.schedule(request.knownSince)], request).map(([, due]) => due);
}

/** The next due times of a trigger, each with its note: `moved out of a DST gap`, `first of two in a DST overlap`, or ''. */
export function nextDueTimes(
  trigger: unknown,
  request: { readonly knownSince: Date; readonly after: Date; readonly limit: number; readonly timeZone: string },
): readonly { readonly dueAt: Date; readonly note: string }[] {
  const { knownSince, after, limit, timeZone } = request;
  return dueTimes(trigger, { knownSince, after, limit, timeZone }).map(({ dueAt, note = '' }) => ({ dueAt, note }));
}
