import type { Instance } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { dayOfInstance } from '../days.ts';
import { leaveQueue } from '../places.ts';
import { findInstances } from './find.ts';

/**
 * Instances with everything below them and all that is kept of them. Objects of the output store are noted as gone in the same
 * step and deleted afterwards, so that a kill in between leaves none behind.
 */
export async function removeInstances(context: EngineContext, instances: readonly Instance[]): Promise<void> {
  if (instances.length === 0) return;
  await context.database.transaction((within) => removeWithin(within, context, instances));
  context.hints.tell(instances.map(({ instanceId }) => instanceId));
}

/** Part of somebody's transaction. */
export async function removeWithin(within: Transaction, context: Pick<EngineContext, 'boss' | 'schema'>, instances: readonly Instance[]): Promise<void> {
  const { schema } = context;
  const below = await findInstances(within, schema, { below: instances.map(({ id }) => id) });
  const gone = [...new Set([...instances, ...below].map(({ instanceId }) => instanceId))];
  // The days by themselves too: by pairs alone the server would look into every one.
  const values = [[...new Set(gone.map(dayOfInstance))], gone];
  const theirs = 'day = ANY($1::date[]) AND instance_id = ANY($2::uuid[])';
  await leaveQueue(within, context, gone);
  for (const table of ['instance', 'attempt', 'reading']) await within.query(`DELETE FROM ${schema}.${table} WHERE ${theirs}`, values);
  await within.query(`WITH deleted AS (DELETE FROM ${schema}.segment WHERE ${theirs} RETURNING object) INSERT INTO ${schema}.gone SELECT object FROM deleted WHERE object IS NOT NULL ON CONFLICT DO NOTHING`, values);
}
