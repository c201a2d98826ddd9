import type { Firing, FiringDecision, FiringQuery, NewFiring, SkipReason } from '@nightshift/sdk';
import { json, type Queryable, type Transaction } from '../database.ts';

interface FiringRow {
  readonly definition: string;
  readonly trigger_id: number;
  readonly due_at: Date;
  readonly last_due_at: Date;
  readonly count: number;
  readonly decided_at: Date;
  readonly word: Firing['word'];
  readonly reason: SkipReason | null;
  readonly instance_id: string | null;
  readonly text: string | null;
}

/** Newest due time first. */
export async function findFirings(on: Queryable, schema: string, { limit, ...query }: FiringQuery): Promise<readonly Firing[]> {
  const { where, values } = matching(query);
  const { rows } = await on.query<FiringRow>(`SELECT * FROM ${schema}.firing${where} ORDER BY last_due_at DESC, number DESC LIMIT $${values.length + 1}`, [...values, limit]);
  return rows.map(firingOfRow);
}

/** Due times: a range is many. */
export async function countFirings(on: Queryable, schema: string, query: Omit<FiringQuery, 'limit'>): Promise<number> {
  const { where, values } = matching(query);
  return Number((await on.query<{ n: number }>(`SELECT coalesce(sum(count), 0)::bigint AS n FROM ${schema}.firing${where}`, values)).rows[0]?.n ?? 0);
}

function matching({ definitions, since, until, word, reason }: Omit<FiringQuery, 'limit'>): { readonly where: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  const value = (one: unknown): string => `$${values.push(one)}`;
  const conditions = [
    ...(definitions === undefined ? [] : [`definition = ANY(${value(definitions)}::text[])`]),
    ...(since === undefined ? [] : [`last_due_at >= ${value(since)}`]),
    ...(until === undefined ? [] : [`due_at <= ${value(until)}`]),
    ...(word === undefined ? [] : [`word = ${value(word)}`]),
    ...(reason === undefined ? [] : [`reason = ${value(reason)}`]),
  ];
  return { where: conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`, values };
}

/** Keys of definitions with a row or a clock, sorted. By leaps from one to the next: there are many firings and few definitions. */
export async function definitionsIn(on: Queryable, schema: string): Promise<readonly string[]> {
  const { rows } = await on.query<{ definition: string }>(
    `WITH RECURSIVE next (definition) AS (
       SELECT min(definition) FROM ${schema}.firing UNION ALL SELECT (SELECT min(firing.definition) FROM ${schema}.firing WHERE firing.definition > next.definition) FROM next WHERE next.definition IS NOT NULL)
     SELECT definition FROM next WHERE definition IS NOT NULL UNION SELECT definition FROM ${schema}.trigger_clock ORDER BY definition`,
  );
  return rows.map(({ definition }) => definition);
}

/** The last row that begins in time for a due time; rows never overlap, so it is the only one that can reach that far. */
export interface RowBefore {
  readonly number: number;
  readonly lastDueAt: number;
  readonly word: Firing['word'];
  readonly reason: SkipReason | null;
}

/** What is there of a due time that is about to get its word. */
export interface Found {
  readonly before: RowBefore | undefined;
  /** It has a row with the word Waiting. */
  readonly waits: boolean;
}

/** Of each due time asked for, in order. A row with which it waits itself is not one before it. */
export async function lookUp(within: Transaction, schema: string, asked: readonly { readonly definition: string; readonly firing: NewFiring }[]): Promise<readonly Found[]> {
  if (asked.length === 0) return [];
  const { rows } = await within.query<{ number: number | null; last_due_at: Date; word: Firing['word']; reason: SkipReason | null; waits: boolean }>(
    `SELECT before.number, before.last_due_at, before.word, before.reason,
       asked.waited AND EXISTS (SELECT 1 FROM ${schema}.firing AS own WHERE own.definition = asked.definition AND own.trigger_id = asked.trigger_id AND own.due_at = asked.due_at AND own.word = 'Waiting') AS waits
     FROM jsonb_to_recordset($1::jsonb) AS asked (place int, definition text, trigger_id int, due_at timestamptz, end_at timestamptz, waited boolean)
     LEFT JOIN LATERAL (
       SELECT number, last_due_at, word, reason FROM ${schema}.firing AS row
       WHERE row.definition = asked.definition AND row.trigger_id = asked.trigger_id AND row.due_at <= asked.end_at AND row.word <> 'Void'
         AND NOT (asked.waited AND row.word = 'Waiting' AND row.due_at = asked.due_at)
       ORDER BY row.due_at DESC LIMIT 1) AS before ON true
     ORDER BY asked.place`,
    [json(asked.map(({ definition, firing }, place) => ({ place, definition, trigger_id: firing.triggerId, due_at: firing.dueAt, end_at: endOf(firing), waited: firing.waited === true })))],
  );
  return rows.map(({ number, last_due_at, word, reason, waits }) => ({ before: number === null ? undefined : { number, lastDueAt: last_due_at.getTime(), word, reason }, waits }));
}

/** Whether a due time has its word already, or does not wait as it should. */
export function isTaken(firing: NewFiring, { before, waits }: Found): boolean {
  return firing.waited === true ? !waits : (before?.lastDueAt ?? -Infinity) >= firing.dueAt.getTime();
}

/** Rows that are to be written, of one transaction. */
export interface WrittenFirings {
  readonly waited: object[];
  readonly lengthened: object[];
  readonly inserted: Written[];
}

interface Written {
  readonly definition: string;
  readonly trigger_id: number;
  readonly due_at: Date;
  last_due_at: Date;
  count: number;
  readonly decided_at: Date;
  readonly word: Firing['word'];
  readonly reason?: SkipReason;
  readonly instance_id?: string;
  readonly text?: string;
}

/** A word for each due time of a decision. One that lengthens does so to a row of the same decision too. */
export function plan(to: WrittenFirings, { definition, decidedAt, firings }: FiringDecision, found: readonly Found[]): void {
  const own = to.inserted.length;
  for (const [index, firing] of firings.entries()) {
    const { triggerId, dueAt, count = 1, word, reason, instanceId, text } = firing;
    const end = endOf(firing);
    if (firing.waited === true) to.waited.push({ definition, trigger_id: triggerId, due_at: dueAt });
    const planned = to.inserted.slice(own).filter((row) => row.trigger_id === triggerId && row.due_at <= end).toSorted((a, b) => Number(a.due_at) - Number(b.due_at)).at(-1);
    const before = found[index]?.before;
    const isAlike = (row: { readonly word: string; readonly reason?: string | null } | undefined): boolean => firing.lengthens === true && row?.word === 'Skipped' && word === 'Skipped' && row.reason === reason;
    if (planned !== undefined && isAlike(planned)) {
      planned.last_due_at = end;
      planned.count += count;
    } else if (planned === undefined && before !== undefined && isAlike(before)) to.lengthened.push({ number: before.number, last_due_at: end, count, decided_at: decidedAt });
    else to.inserted.push({ definition, trigger_id: triggerId, due_at: dueAt, last_due_at: end, count, decided_at: decidedAt, word, ...(reason === undefined ? {} : { reason }), ...(instanceId === undefined ? {} : { instance_id: instanceId }), ...(text === undefined ? {} : { text }) });
  }
}

/** Part of somebody's transaction. */
export async function writeFirings(within: Transaction, schema: string, { waited, lengthened, inserted }: WrittenFirings): Promise<void> {
  if (waited.length > 0) await within.query(`DELETE FROM ${schema}.firing WHERE word = 'Waiting' AND (definition, trigger_id, due_at) IN (SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (definition text, trigger_id int, due_at timestamptz))`, [json(waited)]);
  if (lengthened.length > 0) {
    // Two due times of one call may lengthen one row.
    await within.query(
      `UPDATE ${schema}.firing SET last_due_at = more.last_due_at, count = firing.count + more.count, decided_at = more.decided_at
       FROM (SELECT number, max(last_due_at) AS last_due_at, sum(count) AS count, max(decided_at) AS decided_at FROM jsonb_to_recordset($1::jsonb) AS row (number bigint, last_due_at timestamptz, count bigint, decided_at timestamptz) GROUP BY number) AS more
       WHERE firing.number = more.number`,
      [json(lengthened)],
    );
  }
  if (inserted.length === 0) return;
  const columns = 'definition, trigger_id, due_at, last_due_at, count, decided_at, word, reason, instance_id, text';
  await within.query(
    `INSERT INTO ${schema}.firing (${columns}) SELECT ${columns} FROM jsonb_to_recordset($1::jsonb)
     AS row (definition text, trigger_id int, due_at timestamptz, last_due_at timestamptz, count bigint, decided_at timestamptz, word text, reason text, instance_id text, text text)`,
    [json(inserted)],
  );
}

export function endOf({ dueAt, lastDueAt }: NewFiring): Date {
  return lastDueAt ?? dueAt;
}

function firingOfRow({ definition, trigger_id, due_at, last_due_at, count, decided_at, word, reason, instance_id, text }: FiringRow): Firing {
  return {
    definition,
    triggerId: trigger_id,
    dueAt: due_at,
    lastDueAt: last_due_at,
    count,
    decidedAt: decided_at,
    word,
    ...(reason === null ? {} : { reason }),
    ...(instance_id === null ? {} : { instanceId: instance_id }),
    ...(text === null ? {} : { text }),
  };
}
