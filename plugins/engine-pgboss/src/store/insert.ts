import { isFinished, type Fenced, type Instance, type NewInstance } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { dayOfInstance, isInstanceId } from '../days.ts';
import { idTaken, isDuplicate, isWithoutPartition, takesNoChildren } from '../errors.ts';
import { isForQueue, putInQueue, releaseQueued, routesOf } from '../places.ts';
import { findInstances } from './find.ts';
import { columnsOf, insertInstances, instanceOfRow, noteChild, startOf, type InstanceRow } from './rows.ts';

/**
 * A parent, then its children, with their places in the queue: one transaction. A family that is there already comes back as it
 * is, whoever had called; a single id of it that another job has is refused with `InvalidJobState`.
 */
export async function insertFamily(context: EngineContext, { fence, ...parent }: Fenced<NewInstance>, children: readonly NewInstance[]): Promise<readonly Instance[]> {
  const plans = [parent, ...children];
  const strange = plans.find(({ instanceId }) => !isInstanceId(instanceId));
  if (strange !== undefined) throw new TypeError(`an instance id is a UUID, not "${strange.instanceId}"`);
  await context.boss.prepare(routesOf(plans));
  const insert = (): Promise<readonly Instance[]> => insertOnce(context, plans, fence);
  const instances = await insert().catch((cause) => {
    if (isWithoutPartition(cause)) context.days.forget();
    // Somebody has inserted it between our look and our commit: it is there now.
    if (isWithoutPartition(cause) || isDuplicate(cause)) return insert();
    throw cause;
  });
  context.hints.tell(instances.map(({ instanceId }) => instanceId));
  return instances;
}

async function insertOnce(context: EngineContext, plans: readonly NewInstance[], fence: number | undefined): Promise<readonly Instance[]> {
  const { database, days, schema } = context;
  await days.ensure(plans.map(({ instanceId }) => dayOfInstance(instanceId)));
  return database.transaction(async (within) => {
    const there = await findInstances(within, schema, { instanceIds: plans.map(({ instanceId }) => instanceId) });
    if (there.length > 0) return asAsked(plans, there);
    const above = await parentToJoin(within, schema, plans[0], fence);
    const ids = await takeIds(within, schema, plans.length);
    const top = startOf(plans[0] as NewInstance, ids[0] as number, above);
    const instances = [top, ...plans.slice(1).map((child, index) => startOf(child, ids[index + 1] as number, top))];
    await insertInstances(within, schema, instances);
    if (above !== undefined) await noteChild(within, schema, above.id, dayOfInstance(above.instanceId), dayOfInstance(top.instanceId));
    return enqueue(within, context, instances);
  });
}

/** Ids that follow one another. */
export async function takeIds(within: Transaction, schema: string, count: number): Promise<readonly number[]> {
  if (count === 0) return [];
  const { rows } = await within.query<{ ids: (number | string)[] }>(`SELECT ${schema}.take_ids($1) AS ids`, [count]);
  return (rows[0]?.ids ?? []).map(Number);
}

/** What can start goes into the queue; what waits for others of its definition does so when it is its turn, which may be now. The instances as they are then. */
export async function enqueue(within: Transaction, context: Pick<EngineContext, 'boss' | 'schema'>, instances: readonly Instance[]): Promise<readonly Instance[]> {
  const runs = instances.filter(isForQueue);
  await putInQueue(within, context, runs.filter(({ queued }) => queued !== true));
  if (!runs.some(({ queued }) => queued === true)) return instances;
  const definitions = instances.flatMap(({ definition, parentId }) => (definition === undefined || parentId !== undefined ? [] : [definition.key]));
  const released = await releaseQueued(within, context, definitions);
  return instances.map((instance) => (released.includes(instance.instanceId) ? goingOn(instance) : instance));
}

function goingOn({ queued: _queued, ...instance }: Instance): Instance {
  return instance;
}

/** The whole family, said twice; never a part of it. */
function asAsked(plans: readonly NewInstance[], there: readonly Instance[]): readonly Instance[] {
  const family = plans.flatMap(({ instanceId }) => there.find((one) => one.instanceId === instanceId) ?? []);
  const [top, ...children] = family;
  if (family.length === plans.length && children.every(({ parentId }) => parentId === top?.id)) return family;
  throw idTaken(there[0]?.instanceId ?? '');
}

/** The job that a new one is to be a child of; it neither ends nor has another owner before the child is there. */
async function parentToJoin(within: Transaction, schema: string, plan: NewInstance | undefined, fence: number | undefined): Promise<Instance | undefined> {
  if (plan?.parentInstanceId === undefined) return undefined;
  const { parentInstanceId } = plan;
  if (!isInstanceId(parentInstanceId)) throw takesNoChildren(parentInstanceId, 'is not there');
  // It is written to where the child lies in another day: the lock for that, before two wait for each other.
  const lock = dayOfInstance(plan.instanceId) === dayOfInstance(parentInstanceId) ? 'SHARE' : 'NO KEY UPDATE';
  const { rows } = await within.query<InstanceRow>(`SELECT ${columnsOf('job')} FROM ${schema}.instance AS job WHERE day = $1 AND instance_id = $2 FOR ${lock}`, [dayOfInstance(parentInstanceId), parentInstanceId]);
  const parent = rows[0] === undefined ? undefined : instanceOfRow(rows[0]);
  if (parent === undefined) throw takesNoChildren(parentInstanceId, 'is not there');
  if (isFinished(parent.state) || parent.stopReason !== undefined) throw takesNoChildren(parentInstanceId, `is ${parent.state}`);
  if (fence !== undefined && fence !== (parent.fence ?? 0)) throw takesNoChildren(parentInstanceId, 'is run by another host by now');
  return parent;
}
