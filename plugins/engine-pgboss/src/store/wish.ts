import { isFinished, JOB_REASONS, type Instance, type JobReason, type Transition, type Wish } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import { json, type Transaction } from '../database.ts';
import { dayOfInstance, isInstanceId } from '../days.ts';
import { findInstances } from './find.ts';
import { applyTransitions } from './transition.ts';

/**
 * Leaves a wish where the next renewal of the lease finds it: in the `place` of the run, or, for a child that a run has started by
 * itself, in that of the nearest run above it. What nobody holds is stopped at once. Of a job without a run of its own its runs
 * are meant. False when it is finished, or not there.
 */
export async function leaveWish(context: EngineContext, instanceId: string, wish: Wish): Promise<boolean> {
  if (!isInstanceId(instanceId)) return false;
  const touched = await context.database.transaction(async (within) => {
    const [instance] = await findInstances(within, context.schema, { instanceIds: [instanceId] });
    if (instance === undefined || isFinished(instance.state)) return undefined;
    const children = instance.run === undefined ? await findInstances(within, context.schema, { parentIds: [instance.id] }) : [];
    const runs = (instance.run === undefined ? children : [instance]).filter(({ state }) => !isFinished(state));
    await lockPlaces(within, context.schema, runs);
    // As they are now: somebody may just have taken one, or have brought it to its end.
    const [job, ...others] = await findInstances(within, context.schema, { ids: [instance.id, ...runs.map(({ id }) => id)] });
    if (job === undefined || isFinished(job.state)) return undefined;
    return wishAll(within, context, job, (job.run === undefined ? others : [job]).filter(({ state }) => !isFinished(state)), wish);
  });
  if (touched !== undefined) context.hints.tell(touched);
  return touched !== undefined;
}

/** The places first, as everybody locks: whoever takes a run passes over it, or is waited for. */
async function lockPlaces(within: Transaction, schema: string, runs: readonly Instance[]): Promise<void> {
  await within.query(`SELECT 1 FROM ${schema}.place WHERE instance_id = ANY($1::uuid[]) ORDER BY instance_id FOR UPDATE`, [runs.map(({ instanceId }) => instanceId)]);
}

async function wishAll(within: Transaction, context: EngineContext, job: Instance, runs: readonly Instance[], wish: Wish): Promise<readonly string[]> {
  const { schema } = context;
  const touched = [job, ...runs].map(({ instanceId }) => instanceId);
  const ends = wish.wish === 'stop' || wish.wish === 'kill';
  // Whoever takes a run up from now on knows, and nothing joins it as a child any more.
  if (ends) await within.query(`UPDATE ${schema}.instance SET stop_reason = coalesce(stop_reason, $3) WHERE day = ANY($1::date[]) AND instance_id = ANY($2::uuid[])`, [touched.map(dayOfInstance), touched, wish.reason ?? 'stopped']);
  for (const run of runs) {
    const isCarried = await passOn(within, schema, run, wish);
    if (!isCarried && ends) touched.push(...(await stopWaiting(within, context, run, wish)));
  }
  return touched;
}

/** True when somebody will carry it out: who holds the run, or, of anything but a stop, who takes it. */
async function passOn(within: Transaction, schema: string, run: Instance, wish: Wish): Promise<boolean> {
  const held = wish.wish === 'stop' || wish.wish === 'kill' ? ' AND host IS NOT NULL' : '';
  const { count } = await within.query(
    `UPDATE ${schema}.place SET wishes = wishes || jsonb_build_object($2::text, $3::jsonb)
     WHERE instance_id = (SELECT instance_id FROM unnest($1::uuid[]) WITH ORDINALITY AS above (instance_id, height) JOIN ${schema}.place USING (instance_id) WHERE true${held} ORDER BY height LIMIT 1)`,
    [await lineOf(within, schema, run), run.instanceId, json(wish)],
  );
  return count === 1;
}

/** A run, its parent, the parent of that, and so on. */
async function lineOf(within: Transaction, schema: string, run: Instance): Promise<readonly string[]> {
  const line = [run.instanceId];
  for (let { parentId } = run; parentId !== undefined; ) {
    const [parent] = await findInstances(within, schema, { ids: [parentId] });
    if (parent !== undefined) line.push(parent.instanceId);
    parentId = parent?.parentId;
  }
  return line;
}

async function stopWaiting(within: Transaction, context: EngineContext, run: Instance, wish: Wish): Promise<readonly string[]> {
  const released = await stopAtOnce(within, context, { stopReason: wish.reason ?? 'stopped', ...run }, { endTime: context.clock.now() });
  // Nobody holds it, and its place is ours until the end of the transaction: only somebody who needs no lease can have moved it.
  if (released === undefined) throw new Error(`${run.name} has moved on`);
  return released;
}

/** Of a run that nobody holds any more, with its job. Undefined when it has left the state that it was seen in: the transaction must not stand. */
export async function stopAtOnce(within: Transaction, context: EngineContext, run: Instance, facts: Pick<Transition, 'exitCode' | 'signal'> & { readonly endTime: Date }): Promise<readonly string[] | undefined> {
  const end = { to: 'Stopped', reason: reasonOf(run.stopReason), endTime: facts.endTime } as const;
  const stopped = { instanceId: run.instanceId, from: [run.state], ...facts, ...end };
  return await applyTransitions(within, context, [stopped, ...(await endOfParent(within, context, run, end))]);
}

/** Of a parent that runs nothing itself, once all of its children have ended. */
async function endOfParent(within: Transaction, { schema }: EngineContext, run: Instance, end: Pick<Transition, 'reason' | 'endTime'>): Promise<readonly Transition[]> {
  if (run.parentId === undefined) return [];
  const [parent, ...children] = await findInstances(within, schema, { family: run.parentId });
  const others = children.filter(({ id }) => id !== run.id);
  if (parent === undefined || parent.run !== undefined || isFinished(parent.state) || !others.every(({ state }) => isFinished(state))) return [];
  return [{ instanceId: parent.instanceId, from: [parent.state], to: others.some(({ state }) => state === 'Failed') ? 'Failed' : 'Stopped', ...end }];
}

function reasonOf(stopReason: string | undefined): JobReason {
  return (JOB_REASONS as readonly string[]).includes(stopReason ?? '') ? (stopReason as JobReason) : 'stopped';
}
