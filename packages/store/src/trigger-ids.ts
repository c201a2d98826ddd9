import type { DatabaseSync } from 'node:sqlite';

/**
 * Gives `count` ids above all that were given before and all in use, in somebody's transaction. A clock counts only as long
 * as nothing was remembered: after all triggers were removed theirs may still stand, and numbering begins at 1 again.
 */
export function nextTriggerIds(database: DatabaseSync, definition: string, used: readonly number[], count: number): number[] {
  const given = highestGiven(database, definition) ?? highestOfClocks(database, definition);
  const highest = used.reduce((most, id) => Math.max(most, id), given);
  remember(database, definition, highest + count);
  return Array.from({ length: count }, (_, index) => highest + 1 + index);
}

/** The row stays, so that the clocks of those that were removed do not count. */
export function forgetTriggerIds(database: DatabaseSync, definition: string): void {
  remember(database, definition, 0);
}

/** Undefined when none was ever given. */
export function highestGiven(database: DatabaseSync, definition: string): number | undefined {
  return (database.prepare('SELECT highest FROM trigger_id WHERE definition = ?').get(definition) as { highest: number } | undefined)?.highest;
}

function highestOfClocks(database: DatabaseSync, definition: string): number {
  return (database.prepare('SELECT max(triggerId) AS highest FROM trigger_clock WHERE definition = ?').get(definition) as { highest: number | null }).highest ?? 0;
}

function remember(database: DatabaseSync, definition: string, highest: number): void {
  database.prepare('INSERT INTO trigger_id VALUES (?, ?) ON CONFLICT DO UPDATE SET highest = excluded.highest').run(definition, highest);
}
