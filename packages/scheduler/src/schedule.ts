/** What says when something is due. Without state: the same question has the same answer, whatever was asked before. */
export interface Schedule {
  /** The first due time strictly after an instant; undefined when there is none, or none that is near enough to matter. */
  next(after: Date): DueTime | undefined;
  /** How many due times lie in (after, until]: exactly those that `next` would walk through, by arithmetic. */
  count(after: Date, until: Date): number;
}

/** An instant that a trigger names. */
export interface DueTime {
  readonly dueAt: Date;
  /** Why it is not at the wall time that was asked for, or which of two. Absent: nothing to say. */
  readonly note?: string;
}

/** What becomes of a fixed wall time, in words; undefined for the ordinary case. */
export const NOTES: Readonly<Record<'once' | 'gap' | 'overlap', string | undefined>> = {
  once: undefined,
  gap: 'moved out of a DST gap',
  overlap: 'first of two in a DST overlap',
};

// Behind the year 9999 neither ISO 8601 nor the calendars of databases are plain any more.
export const LAST_INSTANT: number = Date.UTC(9999, 11, 31);

/** A due time, or undefined where the calendar ends. */
export function dueAt(instant: number, note?: string): DueTime | undefined {
  if (!(instant <= LAST_INSTANT)) return undefined;
  return note === undefined ? { dueAt: new Date(instant) } : { dueAt: new Date(instant), note };
}

/** A `count` over instants as one over dates; nothing lies behind the end of the calendar, nor in a span that ends before it begins. */
export function countOf(count: (after: number, until: number) => number): Schedule['count'] {
  return (after, until) => {
    const end = Math.min(until.getTime(), LAST_INSTANT);
    return end > after.getTime() ? count(after.getTime(), end) : 0;
  };
}
