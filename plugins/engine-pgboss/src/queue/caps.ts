import type { EngineContext } from '../context.ts';
import type { Queryable, Transaction } from '../database.ts';

/** A place whose time has come. */
export interface Candidate {
  readonly entryId: string;
  readonly route: string;
  readonly instanceId: string;
  readonly priority: number;
  readonly waitsSince: Date;
  readonly capKey: string | null;
  readonly capLimit: number | null;
}

/**
 * Of these candidates those that fit under their caps, in their order; keys that are full are added to `full`. Those that run
 * are counted under a lock of the key, which lasts until the leases are there to be counted by the next: a count without it
 * lets through what two count at the same time.
 *
 * The keys of the first round are waited for, in one order for all. A key that turns up later, with others held already, is
 * full where somebody else is at it: waiting for it could be waiting for each other.
 */
export async function fitting(context: EngineContext, within: Transaction, found: readonly Candidate[], chosen: readonly Candidate[], full: Set<string>, waits: boolean): Promise<readonly Candidate[]> {
  const keys = [...new Set(found.flatMap(({ capKey }) => capKey ?? []))];
  if (keys.length === 0) return found;
  const mine = new Set(await lockCaps(context, within, keys, waits));
  const running = await runningUnder(context, within, keys);
  for (const { capKey } of chosen) if (capKey !== null) running.set(capKey, (running.get(capKey) ?? 0) + 1);
  return found.filter(({ capKey, capLimit }) => {
    if (capKey === null || capLimit === null) return true;
    const count = running.get(capKey) ?? 0;
    if (!mine.has(capKey) || count >= capLimit) {
      full.add(capKey);
      return false;
    }
    running.set(capKey, count + 1);
    return true;
  });
}

/** Those that are ours until the transaction ends. */
async function lockCaps({ schema }: EngineContext, within: Transaction, keys: readonly string[], waits: boolean): Promise<readonly string[]> {
  const lock = waits ? 'pg_advisory_xact_lock(number) IS NOT NULL' : 'pg_try_advisory_xact_lock(number)';
  const { rows } = await within.query<{ key: string; mine: boolean }>(
    `SELECT key, ${lock} AS mine FROM (SELECT key, hashtextextended($1 || '.cap.' || key, 0) AS number FROM unnest($2::text[]) AS key ORDER BY 2 OFFSET 0) AS ordered`,
    [schema, keys],
  );
  return rows.flatMap(({ key, mine }) => (mine ? [key] : []));
}

/** A statement of its own, after the locks: it sees what was committed while they were waited for. */
async function runningUnder({ schema }: EngineContext, within: Queryable, keys: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await within.query<{ key: string; count: number }>(`SELECT cap_key AS key, count(*) AS count FROM ${schema}.place WHERE cap_key = ANY ($1) AND host IS NOT NULL GROUP BY cap_key`, [keys]);
  return new Map(rows.map(({ key, count }) => [key, count]));
}
