import type { JobQueue } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';

interface Depth {
  readonly queued: number;
  readonly active: number;
  readonly oldest: Date | null;
}

/** What waits for its time counts as queued, and for the oldest only once that has come. */
export async function depth({ database, schema }: EngineContext, route: string): ReturnType<JobQueue['depth']> {
  const { rows } = await database.query<Depth>(
    `SELECT count(*) FILTER (WHERE host IS NULL) AS queued, count(*) FILTER (WHERE host IS NOT NULL) AS active, min(greatest(waits_since, not_before)) FILTER (WHERE host IS NULL AND (not_before IS NULL OR not_before <= clock_timestamp())) AS oldest
     FROM ${schema}.place WHERE route = $1`,
    [route],
  );
  return rows[0] ?? { queued: 0, active: 0, oldest: null };
}
