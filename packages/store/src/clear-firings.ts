import type { DatabaseSync } from 'node:sqlite';

/**
 * Forgets what became of due times before an instant, in somebody's transaction. How many due times. The newest word of a
 * trigger that goes on stays: where a clock that ran ahead is put right, its trigger goes back to the last due time that keeps
 * its word (void-firings.ts), and without any it would go back to the day on which it was first seen. What waits for an idle
 * machine stays too: it has no word yet, and is started or skipped by its row.
 */
export function clearFirings(database: DatabaseSync, definition: string, before: number, whatIf: boolean): number {
  const { n } = database.prepare(`SELECT coalesce(sum(count), 0) AS n FROM firing WHERE ${GOES}`).get(definition, before) as { n: number };
  if (!whatIf) database.prepare(`DELETE FROM firing WHERE ${GOES}`).run(definition, before);
  return n;
}

const NEWEST = "SELECT max(dueAt) FROM firing AS newest WHERE newest.definition = firing.definition AND newest.triggerId = firing.triggerId AND newest.word <> 'Void'";
/** Whether the trigger of a row in the table `firing` is one that a scheduler still answers. */
export const GOES_ON = 'EXISTS (SELECT 1 FROM trigger_clock AS clock WHERE clock.definition = firing.definition AND clock.triggerId = firing.triggerId)';
const GOES = `definition = ? AND lastDueAt < ? AND NOT (${GOES_ON} AND (word = 'Waiting' OR (word <> 'Void' AND dueAt = (${NEWEST}))))`;
