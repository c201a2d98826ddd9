/**
 * A definition gets another name: what is known of it goes over to another key.
 *
 *     begin     the row of `renaming`, in the transaction that has found the new key free
 *     carry     instances, firings, clocks and the highest trigger id: one transaction
 *     moveFile  the caller's
 *     end       the row of `renaming` goes
 *
 * Every step can be done again, so a kill between two of them is mended by calling again.
 */
import type { Renaming, RenameResult } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import type { EngineContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { lockDefinitions } from '../places.ts';
import { hasTraces, MEMORIES, tracesOf } from './traces.ts';

export async function renameDefinition(context: EngineContext, renaming: Renaming, moveFile: () => Promise<void>): Promise<RenameResult> {
  const taken = await begin(context, renaming);
  if (taken !== undefined) return taken;
  failpoint('rename.begun');
  const runs = await carryAll(context, renaming, moveFile);
  failpoint('rename.file');
  await end(context, renaming);
  return { is: 'renamed', runs };
}

async function carryAll(context: EngineContext, renaming: Renaming, moveFile: () => Promise<void>): Promise<number> {
  try {
    const runs = await carryOver(context, renaming);
    failpoint('rename.carried');
    await moveFile();
    return runs;
  } catch (cause) {
    await takeBackIfPossible(context, renaming, cause);
    throw cause;
  }
}

/** Without a server not even that is: what has begun is written down, and to call again mends it. */
async function takeBackIfPossible(context: EngineContext, renaming: Renaming, cause: unknown): Promise<void> {
  try {
    await takeBack(context, renaming);
  } catch (second) {
    throw new AggregateError([cause, second], (cause as Error).message, { cause: second });
  }
}

/** What is in the way; undefined when the rename has begun, now or before. */
async function begin({ database, schema }: EngineContext, { from, to }: Renaming): Promise<RenameResult | undefined> {
  return database.transaction(async (within) => {
    await lockDefinitions(within, schema, [from.key, to.key]);
    const by = await tracesOf(within, schema, to.key);
    const begun = await within.query(`SELECT 1 FROM ${schema}.renaming WHERE definition = $1 AND to_definition = $2`, [from.key, to.key]);
    if (from.key !== to.key && begun.count === 0 && hasTraces(by)) return { is: 'taken', by };
    await note(within, schema, { from, to });
    return undefined;
  });
}

async function note(within: Transaction, schema: string, { from, to }: Renaming): Promise<void> {
  await within.query(
    `INSERT INTO ${schema}.renaming VALUES ($1, $2, $3, $4) ON CONFLICT (definition) DO UPDATE SET name = excluded.name, to_definition = excluded.to_definition, to_name = excluded.to_name`,
    [from.key, from.name, to.key, to.name],
  );
}

async function end({ database, schema }: EngineContext, { from, to }: Renaming): Promise<void> {
  await database.transaction((within) => within.query(`DELETE FROM ${schema}.renaming WHERE definition = ANY($1::text[])`, [[from.key, to.key]]));
}

/**
 * How many jobs. Where both keys have a clock, a scheduler has met the file between two of our steps and begun anew: the one
 * that knows the past goes on, which is the new key's, or on the way back the one that is carried.
 */
async function carryOver({ database, schema }: EngineContext, { from: { key: from }, to: { key: to } }: Renaming, isBack = false): Promise<number> {
  return database.transaction(async (within) => {
    await lockDefinitions(within, schema, [from, to]);
    const { rows } = await within.query<{ n: number }>(`SELECT count(*) AS n FROM ${schema}.instance WHERE definition_key = $1`, [from]);
    if (from === to) return rows[0]?.n ?? 0;
    await within.query(`UPDATE ${schema}.instance SET definition_key = $2, definition = definition || jsonb_build_object('key', $2::text) WHERE definition_key = $1`, [from, to]);
    await within.query(
      `UPDATE ${schema}.firing AS row SET definition = $2 WHERE definition = $1
       AND (word = 'Void' OR NOT EXISTS (SELECT 1 FROM ${schema}.firing AS there WHERE there.definition = $2 AND there.trigger_id = row.trigger_id AND there.due_at = row.due_at AND there.word <> 'Void'))`,
      [from, to],
    );
    for (const table of MEMORIES) await carryMemories(within, `${schema}.${table}`, from, to, isBack);
    return rows[0]?.n ?? 0;
  });
}

async function carryMemories(within: Transaction, table: string, from: string, to: string, isBack: boolean): Promise<void> {
  const same = table.endsWith('trigger_clock') ? ' AND there.trigger_id = row.trigger_id' : '';
  const [loser, winner] = isBack ? [to, from] : [from, to];
  await within.query(`DELETE FROM ${table} AS row WHERE definition = $1 AND EXISTS (SELECT 1 FROM ${table} AS there WHERE there.definition = $2${same})`, [loser, winner]);
  await within.query(`UPDATE ${table} SET definition = $2 WHERE definition = $1`, [from, to]);
}

/** The file kept its name. */
async function takeBack(context: EngineContext, { from, to }: Renaming): Promise<void> {
  const back: Renaming = { from: to, to: from };
  await context.database.transaction((within) => note(within, context.schema, back));
  await carryOver(context, back, true);
  await end(context, back);
}
