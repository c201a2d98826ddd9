import type { HostFacts, JobQueue } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';

type Host = Awaited<ReturnType<JobQueue['hosts']>>[number];

/** A host that was not seen for longer is forgotten. */
const FORGOTTEN = "interval '1 day'";

/** Seen by the server's clock: those of the hosts may differ. */
export async function register({ database, schema, upkeep }: EngineContext, { name, routes, slots }: HostFacts): Promise<void> {
  await database.query(
    `WITH forgotten AS (DELETE FROM ${schema}.host WHERE last_seen < clock_timestamp() - ${FORGOTTEN} AND name <> $1)
     INSERT INTO ${schema}.host (name, routes, slots, last_seen) VALUES ($1, $2, $3, clock_timestamp())
     ON CONFLICT (name) DO UPDATE SET routes = excluded.routes, slots = excluded.slots, last_seen = excluded.last_seen`,
    [name, routes, slots],
  );
  // Where nothing runs, nothing has to be looked after.
  upkeep.tend();
}

export async function hosts({ database, schema }: EngineContext): Promise<readonly Host[]> {
  const { rows } = await database.query<Host>(
    `SELECT name, routes, slots, last_seen AS "lastSeen", (SELECT count(*) FROM ${schema}.place WHERE place.host = host.name) AS running
     FROM ${schema}.host WHERE last_seen >= clock_timestamp() - ${FORGOTTEN} ORDER BY name`,
  );
  return rows;
}
