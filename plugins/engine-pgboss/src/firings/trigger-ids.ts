import type { Queryable, Transaction } from '../database.ts';
import { lockDefinitions } from '../places.ts';

/**
 * Gives `count` ids above all that were given before and all in use, in somebody's transaction. A clock counts only as long
 * as nothing was remembered: after all triggers were removed theirs may still stand, and numbering begins at 1 again.
 */
export async function nextTriggerIds(within: Transaction, schema: string, definition: string, used: readonly number[], count: number): Promise<readonly number[]> {
  await lockDefinitions(within, schema, [definition]);
  const given = (await highestGiven(within, schema, definition)) ?? (await highestOfClocks(within, schema, definition));
  const highest = used.reduce((most, id) => Math.max(most, id), given);
  await remember(within, schema, definition, highest + count);
  return Array.from({ length: count }, (_, index) => highest + 1 + index);
}

/** The row stays, so that the clocks of those that were removed do not count. */
export async function forgetTriggerIds(within: Transaction, schema: string, definition: string): Promise<void> {
  await lockDefinitions(within, schema, [definition]);
  await remember(within, schema, definition, 0);
}

/** Undefined when none was ever given. */
export async function highestGiven(on: Queryable, schema: string, definition: string): Promise<number | undefined> {
  return (await on.query<{ highest: number }>(`SELECT highest FROM ${schema}.trigger_id WHERE definition = $1`, [definition])).rows[0]?.highest;
}

async function highestOfClocks(on: Queryable, schema: string, definition: string): Promise<number> {
  return (await on.query<{ highest: number | null }>(`SELECT max(trigger_id) AS highest FROM ${schema}.trigger_clock WHERE definition = $1`, [definition])).rows[0]?.highest ?? 0;
}

async function remember(within: Transaction, schema: string, definition: string, highest: number): Promise<void> {
  await within.query(`INSERT INTO ${schema}.trigger_id VALUES ($1, $2) ON CONFLICT (definition) DO UPDATE SET highest = excluded.highest`, [definition, highest]);
}
