import type { EngineContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { nextEntryId } from '../places.ts';

interface Bare {
  readonly entryId: string;
  readonly route: string;
  readonly instanceId: string;
  readonly type: string;
  readonly attempt: number;
  readonly priority: number;
  readonly capKey: string | null;
  readonly capLimit: number | null;
  readonly notBefore: Date | null;
}

/** Places of one pass. */
const AT_A_TIME = 500;

/**
 * Runs that wait without an entry get another one: somebody has emptied a queue of pg-boss by its own tools, or has brought its
 * schema back from an older copy. The place is ours, and says that the run waits. How many there were.
 */
export async function mendPlaces(context: EngineContext): Promise<number> {
  const { database, boss } = context;
  const routes = await routesWithBare(context);
  await boss.prepare(routes);
  return routes.length === 0 ? 0 : await database.transaction((within) => mend(context, within));
}

/** As it is found without any locks: most often there is none. */
async function routesWithBare({ database, schema, boss }: EngineContext): Promise<readonly string[]> {
  await boss.prepare([]);
  return (await database.query<{ route: string }>(`SELECT DISTINCT route FROM ${schema}.place WHERE ${isBare(boss.schema)}`)).rows.map(({ route }) => route);
}

async function mend({ schema, boss }: EngineContext, within: Transaction): Promise<number> {
  const { rows } = await within.query<Bare>(
    `SELECT entry_id AS "entryId", route, instance_id AS "instanceId", type, attempt, priority, cap_key AS "capKey", cap_limit AS "capLimit", not_before AS "notBefore"
     FROM ${schema}.place WHERE ${isBare(boss.schema)} LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [AT_A_TIME],
  );
  const mended = rows.map((bare) => ({ ...bare, entryId: nextEntryId(bare) }));
  await boss.enqueue(within, mended.map(({ capKey, capLimit, notBefore, ...entry }) => ({ ...entry, ...(capKey === null || capLimit === null ? {} : { cap: { key: capKey, limit: capLimit } }), ...(notBefore === null ? {} : { notBefore }) })));
  await within.query(`UPDATE ${schema}.place SET entry_id = mended.entry_id FROM unnest($1::uuid[], $2::uuid[]) AS mended (instance_id, entry_id) WHERE place.instance_id = mended.instance_id`, [mended.map(({ instanceId }) => instanceId), mended.map(({ entryId }) => entryId)]);
  return mended.length;
}

const isBare = (entries: string): string => `host IS NULL AND NOT EXISTS (SELECT 1 FROM ${entries}.job WHERE job.id = place.entry_id AND job.state < 'active')`;
