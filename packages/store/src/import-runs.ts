/**
 * Finished jobs from elsewhere. They are staged in a table that only this connection sees and that SQLite keeps on disk when it
 * grows: so memory stays bounded, nobody waits while a slow pipe is read, and a line that is wrong has changed nothing. What
 * is staged is then taken in by one transaction.
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { isFinished, JobError, type Attempt, type ImportedRun, type ImportRequest, type ImportResult, type Instance } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import type { Write } from './database/transaction.ts';
import type { IdCounter } from './id-counter.ts';
import { highestId } from './instances.ts';
import { INSTANCE_COLUMNS, rowOfInstance } from './row-shapes.ts';

/** Where runs are taken in. */
export interface ImportPlace {
  readonly database: DatabaseSync;
  readonly root: string;
  readonly durable: boolean;
  readonly ids: IdCounter;
  look<T>(ask: () => T): T;
  readonly write: Write;
}

export async function importRuns(place: ImportPlace, batches: AsyncIterable<readonly ImportedRun[]>, request: ImportRequest): Promise<ImportResult> {
  const { database, look } = place;
  const table = `temp.incoming_${++made}`;
  look(() => database.exec(tableOf(table)));
  try {
    let twice = 0;
    for await (const batch of batches) twice += look(() => stage(database, table, batch, request.file));
    look(() => leaveOut(database, table, request.file));
    const result = look(() => resultOf(database, table, twice));
    failpoint('import.staged');
    if (request.whatIf !== true && result.imported > 0) takeIn(place, table, result.imported);
    failpoint('import.committed');
    return result;
  } finally {
    database.exec(`DROP TABLE ${table}`);
  }
}

let made = 0;

function tableOf(table: string): string {
  const others = INSTANCE_COLUMNS.filter((column) => column !== 'id' && column !== 'instanceId').join(', ');
  return `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, instanceId TEXT UNIQUE, ${others}, line INTEGER, attempts TEXT, unfinished INTEGER, known INTEGER, newId INTEGER)`;
}

/** How many of them stood there before. */
function stage(database: DatabaseSync, table: string, runs: readonly ImportedRun[], file: string): number {
  const find = database.prepare(`SELECT instanceId, line FROM ${table} WHERE id = ? OR instanceId = ?`);
  const insert = database.prepare(`INSERT INTO ${table} (${INSTANCE_COLUMNS.join(', ')}, line, attempts, unfinished, known) VALUES (${INSTANCE_COLUMNS.map(() => '?').join(', ')}, ?, ?, ?, ?)`);
  let twice = 0;
  database.exec('BEGIN');
  try {
    for (const run of runs) {
      const before = find.get(run.id, run.instanceId) as { instanceId: string; line: number } | undefined;
      if (before !== undefined && before.instanceId !== run.instanceId) throw idTaken(run, before.line, file);
      if (before === undefined) insert.run(...valuesOf(run));
      else twice += 1;
    }
  } finally {
    // Nothing of it can be in anybody's way.
    database.exec('COMMIT');
  }
  return twice;
}

function valuesOf({ line, attempts, isKnown, ...run }: ImportedRun): SQLInputValue[] {
  const instance: Instance = run.parentId === undefined ? run : { ...run, origin: { kind: 'parent', parentId: run.parentId } };
  const closed = attempts === undefined ? null : JSON.stringify(attempts.map(plain));
  return [...rowOfInstance(instance, ''), line, closed, Number(!isFinished(run.state)), Number(isKnown === true)];
}

function plain({ beginTime, endTime, ...attempt }: Attempt): object {
  return { ...attempt, beginTime: beginTime?.getTime(), endTime: endTime?.getTime() };
}

/** Marks what is not taken in. */
function leaveOut(database: DatabaseSync, table: string, file: string): void {
  const orphan = database.prepare(`SELECT line, parentId FROM ${table} AS child WHERE parentId IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${table} AS parent WHERE parent.id = child.parentId AND parent.id < child.id) ORDER BY line LIMIT 1`).get();
  if (orphan !== undefined) throw orphaned(orphan as unknown as { line: number; parentId: number }, file);
  const grandchild = database.prepare(`SELECT child.line AS line, child.parentId AS parentId FROM ${table} AS child JOIN ${table} AS parent ON parent.id = child.parentId WHERE parent.parentId IS NOT NULL ORDER BY child.line LIMIT 1`).get();
  if (grandchild !== undefined) throw tooDeep(grandchild as unknown as { line: number; parentId: number }, file);
  database.exec(`UPDATE ${table} SET unfinished = 1 WHERE parentId IN (SELECT id FROM ${table} WHERE unfinished = 1)`);
  markKnown(database, table);
  // The child of a job of the other store: a parent is where its children are.
  database.exec(`UPDATE ${table} SET known = 1 WHERE parentId IN (SELECT id FROM ${table} WHERE known = 1 AND instanceId NOT IN (SELECT instanceId FROM main.instance))`);
}

function markKnown(database: DatabaseSync, table: string): void {
  database.exec(`UPDATE ${table} SET known = 1 WHERE instanceId IN (SELECT instanceId FROM main.instance)`);
}

const WANTED = 'known = 0 AND unfinished = 0';

function resultOf(database: DatabaseSync, table: string, twice: number): ImportResult {
  const count = (condition: string): number => (database.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${condition}`).get() as { n: number }).n;
  const keys = database.prepare(`SELECT DISTINCT definitionKey FROM ${table} WHERE ${WANTED} AND definitionKey IS NOT NULL ORDER BY definitionKey`).all() as unknown as { definitionKey: string }[];
  return { imported: count(WANTED), known: count('known = 1 AND unfinished = 0') + twice, unfinished: count('unfinished = 1'), definitions: keys.map(({ definitionKey }) => definitionKey) };
}

/** `count`: at most so many, somebody else may have been here since they were counted. */
function takeIn({ database, durable, ids, look, write }: ImportPlace, table: string, count: number): void {
  const first = look(() => ids.take(count, highestId(database) + 1, durable));
  const columns = INSTANCE_COLUMNS.filter((column) => !['id', 'parentId', 'origin'].includes(column)).join(', ');
  write(() => {
    markKnown(database, table);
    database.exec(`UPDATE ${table} SET newId = (SELECT id FROM main.instance AS here WHERE here.instanceId = ${nameIn(table)}.instanceId) WHERE known = 1`);
    database
      .prepare(`UPDATE ${table} SET newId = ? + place FROM (SELECT id AS old, row_number() OVER (ORDER BY id) - 1 AS place FROM ${table} WHERE ${WANTED}) WHERE id = old`)
      .run(first);
    database.exec(
      `INSERT INTO main.instance (id, parentId, origin, ${columns})
       SELECT child.newId, parent.newId, CASE WHEN parent.newId IS NULL THEN child.origin ELSE json_set(child.origin, '$.parentId', parent.newId) END, ${columns.replaceAll(/\w+/g, 'child.$&')}
       FROM ${table} AS child LEFT JOIN ${table} AS parent ON parent.id = child.parentId WHERE child.known = 0 AND child.unfinished = 0 ORDER BY child.newId`,
    );
    database.exec(
      `INSERT INTO main.attempt (instanceId, attempt, beginTime, endTime, reason, statusMessage, exitCode, signal)
       SELECT instanceId, value ->> 'attempt', value ->> 'beginTime', value ->> 'endTime', value ->> 'reason', value ->> 'statusMessage', value ->> 'exitCode', value ->> 'signal'
       FROM ${table}, json_each(${nameIn(table)}.attempts) WHERE ${WANTED} AND attempts IS NOT NULL`,
    );
    failpoint('import.inTransaction');
  });
}

/** Without its schema: how its columns are called in a statement on it. */
function nameIn(table: string): string {
  return table.slice(table.indexOf('.') + 1);
}

function idTaken({ id, line }: ImportedRun, before: number, file: string): JobError {
  return new JobError({ code: 'DefinitionValueInvalid', message: `the id ${id} is that of another job in line ${before}`, file, line, column: 1, hint: 'the files of two machines are imported one after the other' });
}

function orphaned({ line, parentId }: { readonly line: number; readonly parentId: number }, file: string): JobError {
  return new JobError({ code: 'DefinitionValueInvalid', message: `this job is a child of job ${parentId}, which is not in the file`, file, line, column: 1, hint: 'get-job --all --include-child-job -o jsonl prints parents with their children' });
}

/** Nobody would list it, and it would stay when its family goes. */
function tooDeep({ line, parentId }: { readonly line: number; readonly parentId: number }, file: string): JobError {
  return new JobError({ code: 'DefinitionValueInvalid', message: `this job is a child of job ${parentId}, which is a child itself`, file, line, column: 1 });
}
