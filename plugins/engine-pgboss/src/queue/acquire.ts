/**
 * Leases for runs that may start now, in one transaction:
 *
 *     candidates     what waits on these routes, of these types; locked, so that others pass over it      (this file)
 *     fitting        of those with a cap as many as may run besides those that do                          (caps.ts)
 *     lease          the entry becomes active, the place gets its host, the fence rises                    (lease.ts)
 *
 * Only a candidate with a cap makes others wait, and only those who want the same cap. What does not fit is left out, and the
 * slots that it leaves are offered to what comes after it.
 */
import type { AcquireRequest, Lease } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { fitting, type Candidate } from './caps.ts';
import { lease } from './lease.ts';

/** How often slots that caps have left free are offered again. */
const ROUNDS = 10;

export async function acquire(context: EngineContext, request: AcquireRequest): Promise<readonly Lease[]> {
  if (request.slots < 1 || request.routes.length === 0 || request.types?.length === 0) return [];
  await context.boss.prepare([]);
  return await context.database.transaction(async (within) => {
    const chosen = await choose(context, within, request);
    return chosen.length === 0 ? [] : await lease(context, within, request.host, chosen);
  });
}

async function choose(context: EngineContext, within: Transaction, request: AcquireRequest): Promise<readonly Candidate[]> {
  const chosen: Candidate[] = [];
  const full = new Set<string>();
  for (let round = 0; round < ROUNDS && chosen.length < request.slots; round++) {
    const found = await candidates(context, within, { ...request, slots: request.slots - chosen.length }, chosen, full);
    const fit = await fitting(context, within, found, chosen, full, round === 0);
    chosen.push(...fit);
    if (fit.length === found.length) break;
  }
  return chosen.toSorted((a, b) => b.priority - a.priority || a.waitsSince.getTime() - b.waitsSince.getTime());
}

/**
 * The first of each route, by the index that pg-boss keeps for its own fetch (`priority DESC, created_on`); of those the first
 * together. Locked in one go: whoever stops a run that waits has locked its place first, and is passed over.
 */
async function candidates({ schema, boss }: EngineContext, within: Transaction, { routes, types, slots }: AcquireRequest, chosen: readonly Candidate[], full: ReadonlySet<string>): Promise<readonly Candidate[]> {
  const { rows } = await within.query<Candidate>(
    `SELECT found.* FROM unnest($1::text[]) AS wanted (queue) CROSS JOIN LATERAL (
       SELECT entry.id AS "entryId", place.route, place.instance_id AS "instanceId", entry.priority, entry.created_on AS "waitsSince", place.cap_key AS "capKey", place.cap_limit AS "capLimit"
       FROM ${boss.schema}.job AS entry JOIN ${schema}.place ON place.entry_id = entry.id
       WHERE entry.name = wanted.queue AND entry.state < 'active' AND NOT entry.blocked AND entry.start_after <= now()
         AND ($2::text[] IS NULL OR place.type = ANY ($2)) AND (place.cap_key IS NULL OR place.cap_key <> ALL ($3)) AND place.instance_id <> ALL ($4::uuid[])
         AND (place.cap_key IS NULL OR (SELECT count(*) FROM ${schema}.place AS running WHERE running.cap_key = place.cap_key AND running.host IS NOT NULL) < place.cap_limit)
       ORDER BY entry.priority DESC, entry.created_on LIMIT $5 FOR UPDATE OF entry, place SKIP LOCKED) AS found
     ORDER BY priority DESC, "waitsSince" LIMIT $5`,
    [boss.queuesOf(routes), types ?? null, [...full], chosen.map(({ instanceId }) => instanceId), slots],
  );
  return rows;
}
