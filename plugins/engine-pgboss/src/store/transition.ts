import { isFinished, type Fenced, type JobState, type Transition } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import { json, type Transaction } from '../database.ts';
import { dayOfInstance, isInstanceId } from '../days.ts';
import { leaveQueue, releaseQueued } from '../places.ts';

/** All changes or none: false when an instance has left the states it was seen in, or is somebody else's by now. */
export async function transitionInstances(context: EngineContext, changes: readonly Fenced<Transition>[]): Promise<boolean> {
  const LEFT = new Error('an instance has left the states it was seen in');
  try {
    const released = await context.database.transaction(async (within) => {
      const done = await applyTransitions(within, context, changes);
      if (done === undefined) throw LEFT;
      return done;
    });
    context.hints.tell([...changes.map(({ instanceId }) => instanceId), ...released]);
    return true;
  } catch (cause) {
    if (cause === LEFT) return false;
    throw cause;
  }
}

/**
 * Part of somebody's transaction, which must not stand where the answer is undefined. Otherwise it is the instances that may go
 * on because these have come to their end. What ends leaves the queue.
 */
export async function applyTransitions(within: Transaction, context: Pick<EngineContext, 'boss' | 'schema'>, changes: readonly Fenced<Transition>[]): Promise<readonly string[] | undefined> {
  // The places first, as everybody locks.
  await leaveQueue(within, context, changes.filter(({ to, instanceId }) => isFinished(to) && isInstanceId(instanceId)).map(({ instanceId }) => instanceId));
  const moved = await applyChanges(within, context.schema, changes);
  if (moved === undefined) return undefined;
  return releaseQueued(within, context, endedDefinitions(moved));
}

/** The rows alone, for whoever has seen to the queue already. */
export async function applyChanges(within: Transaction, schema: string, changes: readonly Fenced<Transition>[]): Promise<readonly Moved[] | undefined> {
  if (!changes.every(({ instanceId }) => isInstanceId(instanceId))) return undefined;
  const moved: Moved[] = [];
  for (const step of stepsOf(changes)) {
    const rows = await applyStep(within, schema, step);
    if (rows.length !== step.length) return undefined;
    moved.push(...rows);
  }
  return moved;
}

/** Definitions of which a job has come to its end: another one may queue behind it. */
export function endedDefinitions(moved: readonly Moved[]): readonly string[] {
  return moved.flatMap(({ definition_key, scheduled, state }) => (isFinished(state) && scheduled && definition_key !== null ? [definition_key] : []));
}

export interface Moved {
  readonly state: JobState;
  readonly definition_key: string | null;
  readonly scheduled: boolean;
}

/** One statement moves an instance once: whoever is moved twice is moved in two. */
function stepsOf(changes: readonly Fenced<Transition>[]): readonly (readonly Fenced<Transition>[])[] {
  const steps: Fenced<Transition>[][] = [];
  for (const change of changes) {
    const step = steps.find((one) => one.every(({ instanceId }) => instanceId !== change.instanceId));
    if (step === undefined) steps.push([change]);
    else step.push(change);
  }
  return steps;
}

/** Facts that the first one to know them sets for ever. */
const SET_ONCE = { begin_time: 'timestamptz', end_time: 'timestamptz', stop_reason: 'text' } as const;
/** Facts that the last one sets who says them. */
const SET = { reason: 'text', status_message: 'text', exit_code: 'int', signal: 'text', output_bytes: 'bigint' } as const;

const ASSIGNMENTS: string = [
  'state = change.state',
  // Whatever it waited for, it does not wait any more.
  ...['not_before', 'queued'].map((column) => `${column} = CASE WHEN change.state IN ('Completed', 'Failed', 'Stopped') THEN NULL ELSE instance.${column} END`),
  ...Object.keys(SET_ONCE).map((column) => `${column} = coalesce(instance.${column}, change.${column})`),
  ...Object.keys(SET).map((column) => `${column} = coalesce(change.${column}, instance.${column})`),
].join(', ');

const CHANGE: string = Object.entries({ instance_id: 'uuid', from: 'text[]', state: 'text', attempt: 'int', fence: 'bigint', ...SET_ONCE, ...SET }).map(([column, type]) => `"${column}" ${type}`).join(', ');

/** Both columns of the key, as values: whatever the server knows of its tables, it looks nowhere else. */
const WANTED = 'instance.day = ANY ($2::date[]) AND instance.instance_id = ANY ($3::uuid[])';

/**
 * A parent that runs nothing itself has no owner: it follows its children, whose moves are fenced, in the same step. Several are
 * locked in one order, whatever the order of their moves: nobody then waits for whom he keeps waiting.
 */
async function applyStep(within: Transaction, schema: string, changes: readonly Fenced<Transition>[]): Promise<readonly Moved[]> {
  if (changes.length === 0) return [];
  const { rows } = await within.query<Moved>(
    `WITH locked AS MATERIALIZED (SELECT instance_id FROM ${schema}.instance WHERE ${WANTED} ORDER BY instance_id FOR NO KEY UPDATE)
     UPDATE ${schema}.instance SET ${ASSIGNMENTS} FROM jsonb_to_recordset($1::jsonb) AS change (${CHANGE})
     WHERE ${WANTED} AND instance.instance_id = change.instance_id AND instance.state = ANY (change."from") AND (SELECT count(*) FROM locked) > 0
       AND (change.attempt IS NULL OR instance.attempt = change.attempt) AND (change.fence IS NULL OR instance.run IS NULL OR instance.fence = change.fence)
     RETURNING instance.state, definition_key, scheduled`,
    [json(changes.map(rowOf)), [...new Set(changes.map(({ instanceId }) => dayOfInstance(instanceId)))], changes.map(({ instanceId }) => instanceId)],
  );
  return rows;
}

function rowOf({ instanceId, from, to, attempt, fence, beginTime, endTime, stopReason, reason, statusMessage, exitCode, signal, outputBytes }: Fenced<Transition>): object {
  return {
    instance_id: instanceId, from, state: to, attempt, fence, begin_time: beginTime, end_time: endTime, stop_reason: stopReason,
    reason, status_message: statusMessage, exit_code: exitCode, signal, output_bytes: outputBytes,
  };
}
