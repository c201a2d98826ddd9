import type { DatabaseSync } from 'node:sqlite';
import type { Instance } from '@nightshift/sdk';
import { findInstances } from './instances.ts';

/**
 * The finished jobs of a definition beyond the `keep` that ended last, oldest first, each followed by its children. Every job
 * of it counts, whatever started it: in the durable store only those are that are to be kept. Those that somebody reads are left
 * out: they go another time. Source: scheduled-jobs.md 9.2.
 */
export function finishedBeyond(database: DatabaseSync, root: string, definitionKey: string, keep: number, beingRead: () => ReadonlySet<string>): Instance[] {
  const rows = database
    .prepare(
      `SELECT id FROM instance WHERE definitionKey = ? AND endTime IS NOT NULL AND state IN ('Completed', 'Failed', 'Stopped')
       ORDER BY endTime DESC, id DESC LIMIT -1 OFFSET ?`,
    )
    .all(definitionKey, keep) as unknown as { id: number }[];
  if (rows.length === 0) return [];
  const read = beingRead();
  const families = rows.toReversed().map(({ id }) => findInstances(database, root, { family: id }));
  return families.filter((family) => !family.some(({ instanceId }) => read.has(instanceId))).flat();
}
