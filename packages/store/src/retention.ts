import type { DatabaseSync } from 'node:sqlite';
import type { Instance } from '@nightshift/sdk';
import { findInstances, UNFINISHED } from './instances.ts';

/**
 * The finished jobs of a definition beyond the `keep` that ended last, oldest first, each followed by its children. Every job
 * of it counts, whatever started it: in the durable store only those are that are to be kept. Source: scheduled-jobs.md 9.2.
 */
export function finishedBeyond(database: DatabaseSync, root: string, definitionKey: string, keep: number): Instance[] {
  const rows = database
    .prepare(
      `SELECT id FROM instance WHERE definitionKey = ? AND endTime IS NOT NULL AND state IN ('Completed', 'Failed', 'Stopped')
       ORDER BY endTime DESC, id DESC LIMIT -1 OFFSET ?`,
    )
    .all(definitionKey, keep) as unknown as { id: number }[];
  return rows.toReversed().flatMap(({ id }) => findInstances(database, root, { family: id }));
}

/** The unfinished jobs of a definition, whatever started them, each followed by its children. */
export function unfinishedFamilies(database: DatabaseSync, root: string, definition: string): Instance[] {
  const rows = database.prepare(`SELECT id FROM instance WHERE definitionKey = ? AND ${UNFINISHED} ORDER BY id`).all(definition) as unknown as { id: number }[];
  return rows.flatMap(({ id }) => findInstances(database, root, { family: id }));
}
