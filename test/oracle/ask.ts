import { openTrigger } from '@nightshift/scheduler';

/** What an oracle compares with: the first due time strictly after an instant, or undefined. */
export type Next = (after: number) => number | undefined;

/** Some random expressions are never due, which is right where the oracle finds nothing either. */
export function ask(trigger: unknown, timeZone: string, from: number): Next {
  try {
    const { next } = openTrigger(trigger, { timeZone, now: new Date(from), knownSince: new Date(from) });
    return (after) => next(new Date(after))?.dueAt.getTime();
  } catch (cause) {
    if (cause instanceof AggregateError && cause.errors.every(({ code }) => code === 'CronNeverFires')) return () => undefined;
    throw cause;
  }
}

/** The first difference between what is expected in a span of time and what `next` says from one due time to the next. */
export function differenceInChain(expected: readonly number[], next: Next, start: number, end: number): string | undefined {
  let after = start - 1;
  for (const wanted of [...expected, undefined]) {
    const due = next(after);
    if (!isAsWanted(due, wanted, end)) return differ(after, due, wanted);
    after = due ?? end;
  }
  return undefined;
}

/** The same from moments that are no due times: about every 67 minutes, so that each minute of an hour has its turn. */
export function differenceFromAnywhere(expected: readonly number[], next: Next, start: number, end: number): string | undefined {
  let passed = 0;
  for (let after = start; after < end; after += 67 * 60_000 - 1) {
    while ((expected[passed] ?? Infinity) <= after) passed++;
    const due = next(after);
    if (!isAsWanted(due, expected[passed], end)) return differ(after, due, expected[passed]);
  }
  return undefined;
}

/** Behind the last one of a span anything is right that lies outside. */
function isAsWanted(due: number | undefined, wanted: number | undefined, end: number): boolean {
  return wanted === undefined ? due === undefined || due >= end : due === wanted;
}

function differ(after: number, due: number | undefined, wanted: number | undefined): string {
  const iso = (instant: number | undefined): string => (instant === undefined ? 'nothing' : new Date(instant).toISOString());
  return `after ${iso(after)} it is due at ${iso(due)} instead of ${iso(wanted)}`;
}
