import type { Queryable } from '../database.ts';

/** Finished jobs, without their children, and what they have written. */
export interface Tally {
  readonly jobs: number;
  readonly bytes: number;
}

/** How many jobs have ended, known without a look at them: of all, or of a definition (its key). */
export async function talliedIn(on: Queryable, schema: string, definition?: string): Promise<Tally> {
  const where = definition === undefined ? '' : ' WHERE definition = $1';
  const { rows } = await on.query<Tally>(
    `SELECT coalesce(sum(jobs), 0)::bigint AS jobs, coalesce(sum(bytes), 0)::bigint AS bytes
     FROM (SELECT jobs, bytes FROM ${schema}.tally_total${where} UNION ALL SELECT jobs, bytes FROM ${schema}.tally_change${where}) AS counted`,
    definition === undefined ? [] : [definition],
  );
  return rows[0] ?? { jobs: 0, bytes: 0 };
}
