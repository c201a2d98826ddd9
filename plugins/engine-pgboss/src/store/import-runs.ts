/**
 * Finished jobs from elsewhere, taken in by one transaction. They are staged in a table that goes with it: so memory stays
 * bounded, and a line that is wrong has changed nothing.
 */
import { isFinished, JobError, type ImportedRun, type ImportRequest, type ImportResult, type Instance } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import { json, type Transaction } from '../database.ts';
import { dayOfInstance, isInstanceId } from '../days.ts';
import { insertAttempts } from './attempts.ts';
import { takeIds } from './insert.ts';
import { insertInstances, noteChild } from './rows.ts';

/** Rows of one reading of the staged ones. */
const AT_A_TIME = 1_000;
const TABLE = 'CREATE TEMP TABLE incoming (id bigint PRIMARY KEY, instance_id uuid UNIQUE, parent_id bigint, definition_key text, line int, run jsonb, unfinished boolean, known boolean, new_id bigint) ON COMMIT DROP';
const WANTED = 'NOT known AND NOT unfinished';

export async function importRuns(context: EngineContext, batches: AsyncIterable<readonly ImportedRun[]>, { file, whatIf = false }: ImportRequest): Promise<ImportResult> {
  let isRead = false;
  return context.database.transaction(async (within) => {
    // What was read from a pipe cannot be read again.
    if (isRead) throw new Error('somebody was in the way of the import; begin anew');
    isRead = true;
    // A pipe may be slow; nobody waits for what is only staged.
    await within.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await within.query(TABLE);
    let twice = 0;
    for await (const batch of batches) for (const runs of pieces(batch)) twice += await stage(within, runs, file);
    await leaveOut(within, context.schema, file);
    const result = await resultOf(within, twice);
    if (!whatIf && result.imported > 0) await takeIn(within, context, result.imported);
    return result;
  });
}

function pieces(batch: readonly ImportedRun[]): readonly (readonly ImportedRun[])[] {
  return Array.from({ length: Math.ceil(batch.length / AT_A_TIME) }, (_, index) => batch.slice(index * AT_A_TIME, (index + 1) * AT_A_TIME));
}

/** How many of them stood there before. */
async function stage(within: Transaction, runs: readonly ImportedRun[], file: string): Promise<number> {
  const strange = runs.find(({ instanceId }) => !isInstanceId(instanceId));
  if (strange !== undefined) throw wrong(strange.line, file, 'this job has no instance id that is a UUID');
  const rows = runs.map((run) => ({ id: run.id, instance_id: run.instanceId, parent_id: run.parentId, definition_key: run.parentId === undefined ? run.definition?.key : undefined, line: run.line, run, unfinished: !isFinished(run.state), known: run.isKnown === true }));
  const taken = await within.query<{ line: number }>(
    'INSERT INTO incoming SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (id bigint, instance_id uuid, parent_id bigint, definition_key text, line int, run jsonb, unfinished boolean, known boolean, new_id bigint) ON CONFLICT DO NOTHING RETURNING line',
    [json(rows)],
  );
  const lines = new Set(taken.rows.map(({ line }) => line));
  const others = rows.filter(({ line }) => !lines.has(line));
  for (const { id, instance_id, line } of others) {
    const { rows: before } = await within.query<{ instance_id: string; line: number }>('SELECT instance_id, line FROM incoming WHERE id = $1 OR instance_id = $2 ORDER BY id = $1 DESC LIMIT 1', [id, instance_id]);
    if (before[0]?.instance_id !== instance_id) throw wrong(line, file, `the id ${id} is that of another job in line ${before[0]?.line ?? '?'}`, 'the files of two machines are imported one after the other');
  }
  return others.length;
}

/** Marks what is not taken in. */
async function leaveOut(within: Transaction, schema: string, file: string): Promise<void> {
  const orphan = await within.query<{ line: number; parent_id: number }>('SELECT line, parent_id FROM incoming AS child WHERE parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM incoming AS parent WHERE parent.id = child.parent_id AND parent.id < child.id) ORDER BY line LIMIT 1');
  for (const { line, parent_id } of orphan.rows) throw wrong(line, file, `this job is a child of job ${parent_id}, which is not in the file`, 'get-job --all --include-child-job -o jsonl prints parents with their children');
  const grandchild = await within.query<{ line: number; parent_id: number }>('SELECT child.line, child.parent_id FROM incoming AS child JOIN incoming AS parent ON parent.id = child.parent_id WHERE parent.parent_id IS NOT NULL ORDER BY child.line LIMIT 1');
  for (const { line, parent_id } of grandchild.rows) throw wrong(line, file, `this job is a child of job ${parent_id}, which is a child itself`);
  await within.query('UPDATE incoming SET unfinished = true WHERE parent_id IN (SELECT id FROM incoming WHERE unfinished)');
  await within.query(`UPDATE incoming SET known = true, new_id = here.id FROM ${schema}.instance AS here WHERE here.instance_id = incoming.instance_id`);
  // The child of a job of the other store: a parent is where its children are.
  await within.query('UPDATE incoming SET known = true WHERE parent_id IN (SELECT id FROM incoming WHERE known AND new_id IS NULL)');
}

async function resultOf(within: Transaction, twice: number): Promise<ImportResult> {
  const { rows } = await within.query<{ imported: number; known: number; unfinished: number; definitions: string[] | null }>(
    `SELECT count(*) FILTER (WHERE ${WANTED}) AS imported, count(*) FILTER (WHERE known AND NOT unfinished) AS known, count(*) FILTER (WHERE unfinished) AS unfinished,
       array_agg(DISTINCT definition_key ORDER BY definition_key) FILTER (WHERE ${WANTED} AND definition_key IS NOT NULL) AS definitions FROM incoming`,
  );
  const { imported = 0, known = 0, unfinished = 0, definitions } = rows[0] ?? {};
  return { imported, known: known + twice, unfinished, definitions: definitions ?? [] };
}

async function takeIn(within: Transaction, { days, schema }: EngineContext, count: number): Promise<void> {
  const [first = 0] = await takeIds(within, schema, count);
  await within.query(`UPDATE incoming SET new_id = $1::bigint + place FROM (SELECT id AS old, row_number() OVER (ORDER BY id) - 1 AS place FROM incoming WHERE ${WANTED}) AS numbered WHERE id = old`, [first]);
  for (let above = -1; ; ) {
    const { rows } = await within.query<{ id: number; new_id: number; new_parent: number | null; run: ImportedRun }>(
      `SELECT child.id, child.new_id, parent.new_id AS new_parent, child.run FROM incoming AS child LEFT JOIN incoming AS parent ON parent.id = child.parent_id
       WHERE NOT child.known AND NOT child.unfinished AND child.id > $1 ORDER BY child.id LIMIT ${AT_A_TIME}`,
      [above],
    );
    if (rows.length === 0) return;
    above = rows.at(-1)?.id ?? above;
    const runs = rows.map((row) => ({ instance: renumbered(row.run, row.new_id, row.new_parent), attempts: row.run.attempts ?? [] }));
    await days.ensure(runs.map(({ instance }) => dayOfInstance(instance.instanceId)));
    await insertInstances(within, schema, runs.map(({ instance }) => instance));
    const here = new Set(runs.map(({ instance }) => instance.id));
    for (const { instance: { instanceId, parentId } } of runs) if (parentId !== undefined && !here.has(parentId)) await noteChild(within, schema, parentId, undefined, dayOfInstance(instanceId));
    await insertAttempts(within, schema, runs.flatMap(({ instance, attempts }) => attempts.map((attempt) => [instance.instanceId, attempt] as const)));
  }
}

function renumbered({ line: _line, attempts: _attempts, isKnown: _isKnown, ...run }: ImportedRun, id: number, parentId: number | null): Instance {
  return parentId === null ? { ...run, id } : { ...run, id, parentId, origin: { kind: 'parent', parentId } };
}

function wrong(line: number, file: string, message: string, hint?: string): JobError {
  return new JobError({ code: 'DefinitionValueInvalid', message, file, line, column: 1, ...(hint === undefined ? {} : { hint }) });
}
