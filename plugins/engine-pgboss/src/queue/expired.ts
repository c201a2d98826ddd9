import type { Lease } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import { takeOver } from './lease.ts';

interface Over {
  readonly instanceId: string;
  readonly entryId: string;
  readonly route: string;
  readonly token: string;
}

/** Leases that are taken away at a time: a machine that went down held a few dozen. */
const AT_A_TIME = 100;

/** Judged by the server's clock alone. Each lease goes to one caller: others pass over what is locked, and find it renewed afterwards. */
export async function expired(context: EngineContext, host: string): Promise<readonly Lease[]> {
  const { database, schema } = context;
  await context.boss.prepare([]);
  return await database.transaction(async (within) => {
    const { rows } = await within.query<Over>(
      `SELECT instance_id AS "instanceId", entry_id AS "entryId", route, token FROM ${schema}.place
       WHERE host IS NOT NULL AND lease_until < clock_timestamp() ORDER BY lease_until LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [AT_A_TIME],
    );
    return rows.length === 0 ? [] : await takeOver(context, within, host, rows);
  });
}
