import type { JobQueue, Lease, Wish } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import { dayOfInstance } from '../days.ts';
import { handOver } from './hand-over.ts';

type Renewal = Awaited<ReturnType<JobQueue['renew']>>;

interface Renewed {
  readonly instanceId: string;
  /** By the instance ids of those of whom it is wished: the run, or children that it has started. */
  readonly wishes: Readonly<Record<string, Wish>>;
  readonly isOld: boolean;
}

const UNFULFILLED = `(SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(place.wishes) WHERE NOT (key = ANY ($5::text[]) AND coalesce(value = place.told -> key, false)))`;

/**
 * One statement for all leases of a host. A lease that ran out and was taken by nobody is renewed. What a host has fulfilled
 * is the wish that it was told last: one that came since stays. The rows are locked first, in one order for all: what is set is
 * taken from the row as it is then.
 */
export async function renew(context: EngineContext, leases: readonly Lease[], fulfilled: readonly string[] = []): Promise<Renewal> {
  if (leases.length === 0) return { lost: [], wishes: [] };
  const { database, schema, options } = context;
  const ids = leases.map(({ instance }) => instance.instanceId);
  const { rows } = await database.transaction((within) => within.query<Renewed>(
    `WITH held AS (
       SELECT place.instance_id FROM ${schema}.place
       JOIN unnest($1::uuid[], $2::date[], $3::bigint[]) AS lease (instance_id, day, fence) ON place.instance_id = lease.instance_id AND place.fence = lease.fence
       JOIN ${schema}.instance ON instance.day = lease.day AND instance.instance_id = lease.instance_id AND instance.state NOT IN ('Completed', 'Failed', 'Stopped')
       ORDER BY place.instance_id FOR UPDATE OF place)
     UPDATE ${schema}.place SET
       lease_until = clock_timestamp() + $4 * interval '1 millisecond',
       wishes = ${UNFULFILLED}, told = ${UNFULFILLED}
     FROM held WHERE place.instance_id = held.instance_id
     RETURNING place.instance_id AS "instanceId", wishes, entry_until < clock_timestamp() AS "isOld"`,
    [ids, ids.map(dayOfInstance), leases.map(({ fence }) => fence), options.lease, fulfilled],
  ));
  for (const { instanceId, isOld } of rows) if (isOld) await handOver(context, instanceId);
  const renewed = new Set(rows.map(({ instanceId }) => instanceId));
  return {
    lost: leases.filter(({ instance }) => !renewed.has(instance.instanceId)),
    wishes: rows.flatMap(({ wishes }) => Object.entries(wishes).map(([instanceId, wish]) => ({ ...wish, instanceId }))),
  };
}
