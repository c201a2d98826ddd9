import type { Attempt } from '@nightshift/sdk';
import { json, type Transaction } from '../database.ts';
import { dayOfInstance } from '../days.ts';

/** Closed attempts of any instances, part of somebody's transaction. */
export async function insertAttempts(within: Transaction, schema: string, attempts: readonly (readonly [instanceId: string, Attempt])[]): Promise<void> {
  if (attempts.length === 0) return;
  const rows = attempts.map(([instanceId, { attempt, beginTime, endTime, reason, statusMessage, exitCode, signal }]) => ({
    day: dayOfInstance(instanceId), instance_id: instanceId, attempt, begin_time: beginTime, end_time: endTime, reason, status_message: statusMessage, exit_code: exitCode, signal,
  }));
  const columns = 'day, instance_id, attempt, begin_time, end_time, reason, status_message, exit_code, signal';
  await within.query(
    `INSERT INTO ${schema}.attempt (${columns}) SELECT ${columns} FROM jsonb_to_recordset($1::jsonb)
     AS row (day date, instance_id uuid, attempt int, begin_time timestamptz, end_time timestamptz, reason text, status_message text, exit_code int, signal text)`,
    [json(rows)],
  );
}
