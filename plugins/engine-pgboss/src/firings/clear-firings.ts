import type { Transaction } from '../database.ts';

/**
 * Forgets what became of due times before an instant, in somebody's transaction. How many due times. The newest word of a
 * trigger that goes on stays: where a clock that ran ahead is put right, its trigger goes back to the last due time that keeps
 * its word, and without any it would go back to the day on which it was first seen. What waits for an idle machine stays too:
 * it has no word yet, and is started or skipped by its row.
 */
export async function clearFirings(within: Transaction, schema: string, definition: string, before: Date | undefined, whatIf: boolean): Promise<number> {
  const newest = `SELECT max(due_at) FROM ${schema}.firing AS newest WHERE newest.definition = firing.definition AND newest.trigger_id = firing.trigger_id AND newest.word <> 'Void'`;
  const goesOn = `EXISTS (SELECT 1 FROM ${schema}.trigger_clock AS clock WHERE clock.definition = firing.definition AND clock.trigger_id = firing.trigger_id)`;
  const goes = `definition = $1 AND ($2::timestamptz IS NULL OR last_due_at < $2) AND NOT (${goesOn} AND (word = 'Waiting' OR (word <> 'Void' AND due_at = (${newest}))))`;
  const values = [definition, before ?? null];
  const { rows } = await within.query<{ n: number }>(`SELECT coalesce(sum(count), 0)::bigint AS n FROM ${schema}.firing WHERE ${goes}`, values);
  if (!whatIf) await within.query(`DELETE FROM ${schema}.firing WHERE ${goes}`, values);
  return rows[0]?.n ?? 0;
}
