import { dueTimes } from '../src/due-times.ts';

/** The due times in [from, until), as ISO 8601 without seconds where those are zero. */
export function dueIn(trigger: unknown, timeZone: string, from: string, until: string, knownSince: string = from): readonly string[] {
  const before = (instant: string): Date => new Date(Date.parse(instant) - 1);
  const request = { knownSince: new Date(knownSince), after: before(from), until: before(until), limit: 1_000, timeZone };
  return dueTimes(trigger, request).map(({ dueAt }) => iso(dueAt));
}

/** The next due times strictly after an instant, each with its note if it has one. */
export function nextOf(trigger: unknown, timeZone: string, after: string, limit: number, knownSince: string = after): readonly string[] {
  const request = { knownSince: new Date(knownSince), after: new Date(after), limit, timeZone };
  return dueTimes(trigger, request).map(({ dueAt, note }) => (note === undefined ? iso(dueAt) : `${iso(dueAt)} ${note}`));
}

function iso(instant: Date): string {
  return instant.toISOString().replace(/(?::00)?\.000Z$/, 'Z');
}
