import type { DatabaseSync } from 'node:sqlite';

/**
 * Takes out what a clock that ran ahead has written about times after `after`, in somebody's transaction. All times are
 * milliseconds since 1970. How many rows became Void.
 *
 * A range that reaches that far was decided upon by the wrong clock as a whole, and becomes Void as a whole: what of it was
 * due until now gets another word, by the right clock. Therefore a clock that stood later goes back to the last due time that
 * keeps its word, and its next due time is `now`, which means: look again at once.
 * Source: reliability specification, section 8.
 */
export function voidAfter(database: DatabaseSync, definitions: readonly string[], after: number, now: number): number {
  const rows = database.prepare("UPDATE firing SET word = 'Void' WHERE definition = ? AND lastDueAt > ? AND word <> 'Void'");
  return definitions.reduce((sum, definition) => {
    const { changes } = rows.run(definition, after);
    resetClocks(database, definition, after, now);
    return sum + Number(changes);
  }, 0);
}

/** One that waits for an event has no next due time, and has seen its event. */
function resetClocks(database: DatabaseSync, definition: string, after: number, now: number): void {
  database
    .prepare(
      `UPDATE trigger_clock SET
         knownSince = min(knownSince, ?3),
         lastDueAt = (SELECT max(lastDueAt) FROM firing
           WHERE firing.definition = trigger_clock.definition AND firing.triggerId = trigger_clock.triggerId AND word <> 'Void'),
         nextDueAt = CASE WHEN event IS NULL THEN ?3 END
       WHERE definition = ?1 AND (coalesce(lastDueAt, knownSince) > ?2 OR knownSince > ?2)`,
    )
    .run(definition, after, now);
}
