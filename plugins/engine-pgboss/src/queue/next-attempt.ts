import type { Attempt, Instance, NextAttempt } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { dayOfInstance } from '../days.ts';
import { entryOf } from '../places.ts';
import { findInstances } from '../store/find.ts';
import { columnsOf, instanceOfRow, type InstanceRow } from '../store/rows.ts';
import { stopAtOnce } from '../store/wish.ts';
import { jobsOf } from './jobs.ts';

/**
 * Closes an attempt and lets the run and its job wait for the next, which has an entry of its own. Undefined when the run has
 * moved on: another attempt, another state, a wish to stop. Otherwise whoever else is to be told: nobody.
 */
export async function goOn(context: EngineContext, within: Transaction, next: NextAttempt): Promise<readonly string[] | undefined> {
  const run = await closeRun(context, within, next);
  if (run === undefined) return undefined;
  const job = (await jobsOf(context, within, [run], false)).get(run.parentId);
  const ids = [run.instanceId];
  if (job !== undefined && job.run === undefined) {
    await closeJob(context, within, job, next);
    ids.push(job.instanceId);
  }
  await keepAttempt(context, within, ids, next.closed);
  await wait(context, within, run);
  return [];
}

/** Of a run that somebody wanted to stop while this attempt ended there is no next one: it is stopped, with what the attempt has come to. */
export async function stopInstead(context: EngineContext, within: Transaction, { instanceId, closed }: NextAttempt): Promise<readonly string[] | undefined> {
  const [run] = await findInstances(within, context.schema, { instanceIds: [instanceId] });
  if (run?.stopReason === undefined || run.attempt !== closed.attempt) return undefined;
  const { exitCode, signal, endTime = context.clock.now() } = closed;
  return await stopAtOnce(within, context, run, { endTime, ...(exitCode === undefined ? {} : { exitCode }), ...(signal === undefined ? {} : { signal }) });
}

/** A run that never ran stays NotStarted. */
async function closeRun({ schema }: EngineContext, within: Transaction, { instanceId, closed, notBefore, retried, statusMessage }: NextAttempt): Promise<Instance | undefined> {
  const { rows } = await within.query<InstanceRow>(
    `UPDATE ${schema}.instance AS run SET attempt = attempt + 1, not_before = $4, status_message = $5, run = jsonb_set(run - 'holder', '{retried}', to_jsonb($6::int))
     WHERE day = $1 AND instance_id = $2 AND attempt = $3 AND state IN ('NotStarted', 'Running', 'Suspended', 'Disconnected') AND stop_reason IS NULL RETURNING ${columnsOf('run')}`,
    [dayOfInstance(instanceId), instanceId, closed.attempt, notBefore, statusMessage, retried],
  );
  return rows[0] === undefined ? undefined : instanceOfRow(rows[0]);
}

async function closeJob({ schema }: EngineContext, within: Transaction, { instanceId }: Instance, { closed, notBefore, statusMessage }: NextAttempt): Promise<void> {
  await within.query(`UPDATE ${schema}.instance SET attempt = $3 + 1, not_before = $4, status_message = $5 WHERE day = $1 AND instance_id = $2`, [dayOfInstance(instanceId), instanceId, closed.attempt, notBefore, statusMessage]);
}

async function keepAttempt({ schema }: EngineContext, within: Transaction, instanceIds: readonly string[], closed: Attempt): Promise<void> {
  await within.query(
    `INSERT INTO ${schema}.attempt (day, instance_id, attempt, begin_time, end_time, reason, status_message, exit_code, signal)
     SELECT day, instance_id, $3, $4, $5, $6, $7, $8, $9 FROM unnest($1::date[], $2::uuid[]) AS closed (day, instance_id)`,
    [instanceIds.map(dayOfInstance), instanceIds, closed.attempt, closed.beginTime ?? null, closed.endTime ?? null, closed.reason ?? null, closed.statusMessage ?? null, closed.exitCode ?? null, closed.signal ?? null],
  );
}

async function wait({ schema, boss }: EngineContext, within: Transaction, run: Instance): Promise<void> {
  const entry = entryOf(run);
  await within.query(
    `UPDATE ${schema}.place SET entry_id = $2, attempt = $3, not_before = $4, waits_since = clock_timestamp(), host = NULL, token = NULL, fence = NULL, lease_until = NULL, entry_until = NULL, told = '{}', wishes = '{}'
     WHERE instance_id = $1`,
    [run.instanceId, entry.entryId, entry.attempt, entry.notBefore ?? null],
  );
  if (!(await boss.enqueue(within, [entry]))) throw new Error(`the next attempt of ${run.instanceId} is in the queue already`);
}
