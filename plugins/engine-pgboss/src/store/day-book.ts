/**
 * Which days a question has to look into. A history has hundreds of partitions, and a question that names none opens them all,
 * with all of their indexes: on a new connection that takes longer than the answer. What is known of each day (the table `day`)
 * leaves nearly all of them out:
 *
 *     unfinished            open days alone
 *     ids, above or below one  days whose ids reach there
 *     ended since           days in which something has ended since
 *     children              days that their parent knows of
 *     newest, first, last so many  the days in which they must be; some at a time, until no other can have one
 *
 * Open days, of which nothing is known, are always looked into: those of today, of yesterday, and what waits for something.
 */
import type { InstanceQuery } from '@nightshift/sdk';
import type { Queryable } from '../database.ts';

/** A day, and what is known of it. */
export interface DayFacts {
  readonly day: string;
  readonly closed: boolean;
  readonly lowId: number;
  readonly highId: number;
  /** Milliseconds. */
  readonly lastEnd: number;
}

/** Newest first. */
export async function daysIn(on: Queryable, schema: string): Promise<readonly DayFacts[]> {
  const { rows } = await on.query<{ day: string; closed: boolean; low_id: number | null; high_id: number | null; last_end: Date | null }>(`SELECT * FROM ${schema}.day ORDER BY day DESC`);
  return rows.map(({ day, closed, low_id, high_id, last_end }) => ({ day, closed, lowId: low_id ?? Infinity, highId: high_id ?? -Infinity, lastEnd: last_end?.getTime() ?? -Infinity }));
}

/** Days that are not closed. */
export function openDays(days: readonly DayFacts[]): readonly string[] {
  return days.filter(({ closed }) => !closed).map(({ day }) => day);
}

const FINISHED: readonly string[] = ['Completed', 'Failed', 'Stopped'];

/** The days in which an answer may be. Children are asked for otherwise. */
export function daysFor(query: InstanceQuery, days: readonly DayFacts[]): readonly DayFacts[] {
  const { above, before, endedSince, ids, states } = query;
  const isOfUnfinished = states !== undefined && !states.some((state) => FINISHED.includes(state));
  const reaches = ({ lowId, highId, lastEnd }: DayFacts): boolean =>
    (ids === undefined || ids.some((id) => id >= lowId && id <= highId)) && (above === undefined || highId > above) && (before === undefined || lowId < before) && (endedSince === undefined || lastEnd >= endedSince.getTime());
  return days.filter((day) => !day.closed || (!isOfUnfinished && reaches(day)));
}

/** How many closed days are looked into at first; then four times as many, and so on. */
const AT_FIRST = 4;
const GROWS = 4;

/**
 * Asks for a part of the days at a time, those first in which the best answers are, until none of the others can have a better
 * one. `bound`: what the others must reach to matter, from the answers so far; undefined when there are too few of them.
 */
export async function askInParts<Row>(days: readonly DayFacts[], inOrder: (a: DayFacts, b: DayFacts) => number, ask: (days: readonly string[]) => Promise<readonly Row[]>, matters: (rows: readonly Row[]) => (day: DayFacts) => boolean): Promise<readonly Row[]> {
  const closed = days.filter((day) => day.closed).toSorted(inOrder);
  let rest = closed.slice(AT_FIRST);
  let rows = [...(await ask([...openDays(days), ...closed.slice(0, AT_FIRST).map(({ day }) => day)]))];
  for (let size = AT_FIRST * GROWS; ; size *= GROWS) {
    rest = rest.filter(matters(rows));
    if (rest.length === 0) return rows;
    rows = [...rows, ...(await ask(rest.slice(0, size).map(({ day }) => day)))];
    rest = rest.slice(size);
  }
}
