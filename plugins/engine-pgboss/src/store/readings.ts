import type { Cursor, Reading } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import type { Queryable } from '../database.ts';
import { dayOfInstance, isInstanceId } from '../days.ts';
import { inTheirDays } from './query.ts';

interface ReadingRow {
  readonly instance_id: string;
  readonly position: string;
  readonly reason_delivered: boolean;
  readonly warnings_delivered: boolean;
  readonly drained: boolean;
}

export async function readingsOf(on: Queryable, schema: string, instanceIds: readonly string[]): Promise<ReadonlyMap<string, Reading>> {
  const values: unknown[] = [];
  const where = inTheirDays(instanceIds, (one) => `$${values.push(one)}`);
  const { rows } = await on.query<ReadingRow>(`SELECT * FROM ${schema}.reading WHERE ${where}`, values);
  return new Map(rows.map((row) => [row.instance_id, readingOf(row)]));
}

/** What was once delivered and once drained stays so, whoever saves afterwards. */
export async function saveReading({ database, days, schema }: EngineContext, instanceId: string, { cursor, reasonDelivered, warningsDelivered = false, drained }: Reading): Promise<void> {
  if (!isInstanceId(instanceId)) throw new TypeError(`an instance id is a UUID, not "${instanceId}"`);
  await days.ensure([dayOfInstance(instanceId)]);
  await database.transaction((within) =>
    within.query(
      `INSERT INTO ${schema}.reading AS known VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (day, instance_id) DO UPDATE SET position = excluded.position,
       reason_delivered = known.reason_delivered OR excluded.reason_delivered, warnings_delivered = known.warnings_delivered OR excluded.warnings_delivered, drained = known.drained OR excluded.drained`,
      [dayOfInstance(instanceId), instanceId, cursor, reasonDelivered, warningsDelivered, drained],
    ),
  );
}

function readingOf({ position, reason_delivered, warnings_delivered, drained }: ReadingRow): Reading {
  return { cursor: position as Cursor, reasonDelivered: reason_delivered, ...(warnings_delivered ? { warningsDelivered: true } : {}), drained };
}
