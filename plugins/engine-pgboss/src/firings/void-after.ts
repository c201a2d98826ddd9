import type { Transaction } from '../database.ts';
import { lockDefinitions } from '../places.ts';

/**
 * Takes out what a clock that ran ahead has written about times after `after`, in somebody's transaction. How many rows became Void.
 *
 * A range that reaches that far was decided upon by the wrong clock as a whole, and becomes Void as a whole: what of it was
 * due until now gets another word, by the right clock. Therefore a clock that stood later goes back to the last due time that
 * keeps its word, and its next due time is `now`, which means: look again at once. One that waits for an event has no next due
 * time, and has seen its event. Source: reliability specification, section 8.
 */
export async function voidAfter(within: Transaction, schema: string, definitions: readonly string[], after: Date, now: Date): Promise<number> {
  await lockDefinitions(within, schema, definitions);
  const { count } = await within.query(`UPDATE ${schema}.firing SET word = 'Void' WHERE definition = ANY($1::text[]) AND last_due_at > $2 AND word <> 'Void'`, [definitions, after]);
  await within.query(
    `UPDATE ${schema}.trigger_clock AS clock SET
       known_since = least(known_since, $3),
       last_due_at = (SELECT max(last_due_at) FROM ${schema}.firing WHERE firing.definition = clock.definition AND firing.trigger_id = clock.trigger_id AND word <> 'Void'),
       next_due_at = CASE WHEN event IS NULL THEN $3::timestamptz END
     WHERE definition = ANY($1::text[]) AND (coalesce(last_due_at, known_since) > $2 OR known_since > $2)`,
    [definitions, after, now],
  );
  return count;
}
