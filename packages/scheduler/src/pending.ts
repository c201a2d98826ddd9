import type { ClockMove, FiringDecision, NewFiring, SkipReason } from '@nightshift/sdk';
import { newestDueTimes } from './newest-due-times.ts';
import { accountedUntil, type TriggerState } from './trigger-state.ts';

/** Consecutive due times. */
export interface DueRange {
  readonly dueAt: Date;
  readonly lastDueAt: Date;
  readonly count: number;
}

/** The due times of a trigger that have no word yet, up to an instant and including it; undefined when there are none. */
export function pendingOf({ clock, schedule }: TriggerState, until: Date): DueRange | undefined {
  const after = accountedUntil(clock);
  const first = schedule.next(after);
  if (first === undefined || first.dueAt > until) return undefined;
  const last = newestDueTimes(schedule, after, until, 1)[0] ?? first;
  return { dueAt: first.dueAt, lastDueAt: last.dueAt, count: schedule.count(after, until) };
}

/** The row of due times that start nothing. */
export function skipped(triggerId: number, range: DueRange, reason: SkipReason): NewFiring {
  return { triggerId, ...range, word: 'Skipped', reason };
}

/** A decision is worth writing when it says something. */
export function saysSomething({ clocks, firings }: Pick<FiringDecision, 'clocks' | 'firings'>): boolean {
  return firings.length > 0 || clocks.some(({ from, to }: ClockMove) => from !== to);
}
