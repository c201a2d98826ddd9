import type { Instance, Lease } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { dayOfInstance } from '../days.ts';
import { leaveQueue } from '../places.ts';
import { columnsOf, instanceOfRow, type InstanceRow } from '../store/rows.ts';
import { jobsOf } from './jobs.ts';
import { tokenOf } from './token.ts';

/** A place that is locked for this transaction. */
interface Given {
  readonly entryId: string;
  readonly route: string;
  readonly instanceId: string;
}

/** With the entry in the hands of a host. */
interface Taken extends Given {
  readonly token: string;
}

/** Milliseconds of a day: pg-boss lets no entry be active for longer. */
export const DAY: number = 24 * 60 * 60 * 1_000;

/** Gives waiting runs to a host, in their order: the entry is taken, the place has its host, the fence rises. */
export async function lease(context: EngineContext, within: Transaction, host: string, chosen: readonly Given[]): Promise<readonly Lease[]> {
  const claimed = new Map((await context.boss.claim(within, chosen)).map((held) => [held.id, tokenOf(held)]));
  const taken = chosen.flatMap((given) => {
    const token = claimed.get(given.entryId);
    return token === undefined ? [] : [{ ...given, token }];
  });
  return await give(context, within, host, taken, 'not_before = NULL, queued = NULL, status_message = NULL, reason = NULL,');
}

/** Gives leases that ran out to another host. Their entries stay as they are: nothing is tried again by itself. */
export function takeOver(context: EngineContext, within: Transaction, host: string, over: readonly Taken[]): Promise<readonly Lease[]> {
  return give(context, within, host, over, '');
}

/** What has ended meanwhile, by somebody who needed no lease, is not given out: its place goes. */
async function give(context: EngineContext, within: Transaction, host: string, taken: readonly Taken[], waitsNoMore: string): Promise<readonly Lease[]> {
  const runs = await raise(context, within, host, taken, waitsNoMore);
  const jobs = await jobsOf(context, within, [...runs.values()], waitsNoMore !== '');
  await leaveQueue(within, context, taken.flatMap(({ instanceId }) => (runs.has(instanceId) ? [] : [instanceId])));
  return taken.flatMap(({ instanceId, token }) => {
    const instance = runs.get(instanceId);
    if (instance === undefined) return [];
    return [{ instance, job: jobs.get(instance.parentId) ?? instance, host, fence: instance.fence ?? 0, token }];
  });
}

/** The fence and the place, in one statement. */
async function raise({ schema, options }: EngineContext, within: Transaction, host: string, taken: readonly Taken[], waitsNoMore: string): Promise<ReadonlyMap<string, Instance>> {
  const ids = taken.map(({ instanceId }) => instanceId);
  const { rows } = await within.query<InstanceRow>(
    `WITH taken AS (SELECT * FROM unnest($1::uuid[], $2::date[], $3::text[]) AS taken (instance_id, day, token)),
     raised AS (
       UPDATE ${schema}.instance AS run SET ${waitsNoMore} fence = fence + 1, location = $4 FROM taken
       WHERE run.day = taken.day AND run.instance_id = taken.instance_id AND run.state NOT IN ('Completed', 'Failed', 'Stopped')
       RETURNING ${columnsOf('run')}, taken.token),
     leased AS (
       UPDATE ${schema}.place SET
         host = $4, token = raised.token, fence = raised.fence, told = '{}', not_before = NULL, lease_until = clock_timestamp() + $5 * interval '1 millisecond',
         entry_until = CASE WHEN place.token = raised.token THEN entry_until ELSE clock_timestamp() + $6 * interval '1 millisecond' END
       FROM raised WHERE place.instance_id = raised.instance_id)
     SELECT ${columnsOf('raised')} FROM raised`,
    [ids, ids.map(dayOfInstance), taken.map(({ token }) => token), host, options.lease, (options.entryLimit ?? DAY) / 2],
  );
  return new Map(rows.map((row) => [row.instance_id, instanceOfRow(row)]));
}
