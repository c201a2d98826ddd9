import type { DueTime } from './schedule.ts';

/** What can be asked for its next due time. */
export interface Asked {
  /** The first one strictly after an instant. */
  next(after: Date): DueTime | undefined;
}

/** Which due times of several triggers are asked for. */
export interface MergeRequest {
  /** Excluded. */
  readonly after: Date;
  /** Included. Default: for ever. */
  readonly until?: Date | undefined;
  /** Of all triggers together. */
  readonly limit: number;
}

/**
 * The due times of several triggers in one order, oldest first; those of one instant in the order of the triggers. Each
 * trigger is asked once more than it has due times in the answer.
 */
export function mergeDueTimes<T extends Asked>(triggers: readonly T[], { after, until, limit }: MergeRequest): readonly (readonly [T, DueTime])[] {
  const heads = triggers.map((trigger) => trigger.next(after));
  const merged: (readonly [T, DueTime])[] = [];
  while (merged.length < limit) {
    const first = indexOfEarliest(heads);
    const due = heads[first];
    if (due === undefined || (until !== undefined && due.dueAt > until)) break;
    const trigger = triggers[first] as T;
    merged.push([trigger, due]);
    heads[first] = trigger.next(due.dueAt);
  }
  return merged;
}

function indexOfEarliest(heads: readonly (DueTime | undefined)[]): number {
  let best = -1;
  let earliest = Infinity;
  for (const [index, head] of heads.entries()) {
    const instant = head?.dueAt.getTime() ?? Infinity;
    if (instant < earliest) [best, earliest] = [index, instant];
  }
  return best;
}
