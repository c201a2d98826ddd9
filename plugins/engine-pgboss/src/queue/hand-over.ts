import type { EngineContext } from '../context.ts';
import { nextEntryId } from '../places.ts';
import { DAY } from './lease.ts';
import { heldOf, tokenOf } from './token.ts';

interface Worn {
  readonly entryId: string;
  readonly route: string;
  readonly type: string;
  readonly attempt: number;
  readonly priority: number;
  readonly token: string;
}

/**
 * Hands a run over to a fresh entry, long before pg-boss would end the old one and with it a healthy run (24 h, its longest).
 * The instance, its attempt, its host and its fence stay; its host notices nothing. Who comes second finds it done.
 */
export async function handOver({ database, schema, boss, options }: EngineContext, instanceId: string): Promise<void> {
  await database.transaction(async (within) => {
    const { rows } = await within.query<Worn>(
      `SELECT entry_id AS "entryId", route, type, attempt, priority, token FROM ${schema}.place
       WHERE instance_id = $1 AND host IS NOT NULL AND entry_until < clock_timestamp() FOR UPDATE`,
      [instanceId],
    );
    const [worn] = rows;
    if (worn === undefined) return;
    const { route, type, attempt, priority } = worn;
    const entryId = nextEntryId({ instanceId, attempt, entryId: worn.entryId });
    // One that pg-boss has ended nevertheless, because nobody renewed it for so long, is ended already.
    await boss.finish(within, route, heldOf(worn.token));
    await boss.enqueue(within, [{ entryId, route, instanceId, type, attempt, priority }]);
    const [fresh] = await boss.claim(within, [{ route, entryId }]);
    if (fresh === undefined) throw new Error(`the fresh entry of ${instanceId} was taken by somebody else`);
    await within.query(
      `UPDATE ${schema}.place SET entry_id = $2, token = $3, entry_until = clock_timestamp() + $4 * interval '1 millisecond' WHERE instance_id = $1`,
      [instanceId, entryId, tokenOf(fresh), (options.entryLimit ?? DAY) / 2],
    );
  });
}
