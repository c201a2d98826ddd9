/**
 * Places in the queue. A run that may start has a row in `place` and an entry of pg-boss, made and ended in one transaction with
 * its instance. Of these two the row is ours: who holds the lease, until when, and what is wished of the run.
 */
import { createHash } from 'node:crypto';
import type { Instance } from '@nightshift/sdk';
import type { Entry } from './boss.ts';
import type { EngineContext } from './context.ts';
import { json, type Transaction } from './database.ts';
import { daysIn, openDays } from './store/day-book.ts';
import { UNFINISHED } from './store/query.ts';
import { columnsOf, DEFAULT_ROUTE, instanceOfRow, type InstanceRow } from './store/rows.ts';

export { DEFAULT_ROUTE };

/** Whether it is to be run by whoever takes it, sooner or later. */
export function isForQueue({ run }: Pick<Instance, 'run'>): boolean {
  return run !== undefined && run.holder === undefined;
}

/** The routes that `boss.prepare` must know before these are put in the queue. */
export function routesOf(instances: readonly Pick<Instance, 'run' | 'route'>[]): readonly string[] {
  return instances.filter(isForQueue).map(({ route }) => route ?? DEFAULT_ROUTE);
}

/** Puts runs into the queue for the attempt that they are at, part of somebody's transaction. */
export async function putInQueue(within: Transaction, { boss, schema }: Pick<EngineContext, 'boss' | 'schema'>, runs: readonly Instance[]): Promise<void> {
  if (runs.length === 0) return;
  const entries = runs.map(entryOf);
  await within.query(
    `INSERT INTO ${schema}.place (instance_id, entry_id, route, type, attempt, priority, cap_key, cap_limit, not_before)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (instance_id uuid, entry_id uuid, route text, type text, attempt int, priority int, cap_key text, cap_limit int, not_before timestamptz)`,
    [json(entries.map((entry) => ({ instance_id: entry.instanceId, entry_id: entry.entryId, route: entry.route, type: entry.type, attempt: entry.attempt, priority: entry.priority, cap_key: entry.cap?.key, cap_limit: entry.cap?.limit, not_before: entry.notBefore })))],
  );
  if (!(await boss.enqueue(within, entries))) throw new Error('an entry with the id of a new attempt is in the queue already');
}

/** The entry of the attempt that a run is at. */
export function entryOf({ instanceId, attempt, type, route = DEFAULT_ROUTE, priority = 0, cap, notBefore }: Instance): Entry {
  return { entryId: entryIdOf(instanceId, attempt), instanceId, attempt, type, route, priority, ...(cap === undefined ? {} : { cap }), ...(notBefore === undefined ? {} : { notBefore }) };
}

const NAMESPACE = Buffer.from('6f1d2c0a5b5e5a7c9d3e4f8a7b6c5d4e', 'hex');

/**
 * The same attempt has the same id in the queue on every machine, for ever: that of the instance for the first one, a UUIDv5 for
 * later ones and for another entry of the same attempt (`part`, from 2). Not of the due time: one that a wrong clock has made
 * Void is fired again, while pg-boss still knows the first entry.
 */
export function entryIdOf(instanceId: string, attempt: number, part = 1): string {
  if (attempt === 1 && part === 1) return instanceId;
  const bytes = createHash('sha1').update(NAMESPACE).update(JSON.stringify([instanceId, attempt, part])).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Of another entry of the same attempt, after this one. The entries of an attempt are counted: two for each day that it runs. */
export function nextEntryId({ instanceId, attempt, entryId }: Pick<Entry, 'instanceId' | 'attempt' | 'entryId'>): string {
  let part = 1;
  while (entryIdOf(instanceId, attempt, part) !== entryId) part += 1;
  return entryIdOf(instanceId, attempt, part + 1);
}

/** Takes runs out of the queue that have come to their end, whoever holds them; part of somebody's transaction. */
export async function leaveQueue(within: Transaction, { boss, schema }: Pick<EngineContext, 'boss' | 'schema'>, instanceIds: readonly string[]): Promise<void> {
  if (instanceIds.length === 0) return;
  const { rows } = await within.query<{ entry_id: string; route: string }>(`DELETE FROM ${schema}.place WHERE instance_id = ANY($1::uuid[]) RETURNING entry_id, route`, [instanceIds]);
  for (const { entry_id, route } of rows) await boss.cancel(within, route, entry_id);
}

/** One at a time decides about a definition: who fires it, and who lets the next run of it go on. Until the end of the transaction; in ascending order. */
export async function lockDefinitions(within: Transaction, schema: string, definitions: readonly string[]): Promise<void> {
  const keys = [...new Set(definitions)].toSorted();
  if (keys.length > 0) await within.query('SELECT pg_advisory_xact_lock(hashtextextended($2 || key, 0)) FROM unnest($1::text[]) WITH ORDINALITY AS locked (key, place) ORDER BY place', [keys, `${schema}.definition.`]);
}

/** Lets the first run go on of each definition of which all that is unfinished waits for one another. Those that go. */
export async function releaseQueued(within: Transaction, context: Pick<EngineContext, 'boss' | 'schema'>, definitions: readonly string[]): Promise<readonly string[]> {
  const { schema } = context;
  if (definitions.length === 0) return [];
  await lockDefinitions(within, schema, definitions);
  const open = openDays(await daysIn(within, schema));
  const { rows } = await within.query<InstanceRow & { key: string }>(
    `SELECT job.definition_key AS key, ${columnsOf('run')} FROM ${schema}.instance AS job JOIN ${schema}.instance AS run ON (run.id = job.id OR run.parent_id = job.id)
     WHERE job.day = ANY($2::date[]) AND run.day = ANY($2::date[]) AND job.definition_key = ANY($1::text[]) AND job.${UNFINISHED} AND job.scheduled AND run.run IS NOT NULL AND run.${UNFINISHED} ORDER BY run.id`,
    [[...new Set(definitions)], open],
  );
  const first = [...Map.groupBy(rows, ({ key }) => key).values()].flatMap((runs) => (runs.every(({ queued }) => queued === true) ? runs.slice(0, 1) : []));
  if (first.length === 0) return [];
  await within.query(`UPDATE ${schema}.instance SET queued = NULL WHERE day = ANY($2::date[]) AND id = ANY($1::bigint[])`, [first.map(({ id }) => id), open]);
  await putInQueue(within, context, first.map((row) => instanceOfRow({ ...row, queued: null })));
  return first.map(({ instance_id }) => instance_id);
}
