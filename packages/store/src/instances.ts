import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { FINISHED_STATES, isFinished, type Instance, type InstanceQuery, type JobState, type LastEnd, type Transition } from '@nightshift/sdk';
import { prepared } from './database/prepared.ts';
import type { Write } from './database/transaction.ts';
import { INSTANCE_COLUMNS, instanceOfRow, rowOfInstance, type InstanceRow } from './row-shapes.ts';

/** Inserts rows with one statement that is prepared once. Part of somebody's transaction. */
export function instanceInserter(database: DatabaseSync, root: string): (instance: Instance) => void {
  const insert = prepared(database, `INSERT INTO instance (${INSTANCE_COLUMNS.join(', ')}) VALUES (${INSTANCE_COLUMNS.map(() => '?').join(', ')})`);
  return (instance) => void insert.run(...rowOfInstance(instance, root));
}

/** Part of somebody's transaction. */
export function insertInstances(database: DatabaseSync, root: string, instances: readonly Instance[]): void {
  instances.forEach(instanceInserter(database, root));
}

export function findInstances(database: DatabaseSync, root: string, query: InstanceQuery): Instance[] {
  const { where, values, hint } = conditionsOf(query);
  const newest = query.newest === undefined ? '' : ' ORDER BY endTime DESC, id DESC LIMIT ?';
  const last = query.last === undefined ? '' : ' ORDER BY id DESC LIMIT ?';
  const first = query.first === undefined ? '' : ' LIMIT ?';
  const limited = [...values, ...[query.newest, query.last, query.first].filter((limit) => limit !== undefined)];
  const select = prepared(database, `SELECT ${INSTANCE_COLUMNS.join(', ')} FROM (SELECT * FROM ${newest === '' || last === '' ? `instance${hint}${where}${newest}${last}` : `(SELECT * FROM instance${hint}${where}${newest})${last}`}) ORDER BY id${first}`);
  select.setReturnArrays(true);
  return (select.all(...limited) as unknown as InstanceRow[]).map((row) => instanceOfRow(row, root));
}

export function countInstances(database: DatabaseSync, query: InstanceQuery): number {
  const { where, values, hint } = conditionsOf(query);
  if (where === ALL_FINISHED) return (prepared(database, 'SELECT finished AS n FROM tally').get() as { n: number }).n;
  return (prepared(database, `SELECT count(*) AS n FROM instance${hint}${where}`).get(...values) as { n: number }).n;
}

/** Asks for the ids of a definition's unfinished jobs that a trigger or run-now started, ascending. */
export function unfinishedOf(database: DatabaseSync): (definitionKey: string) => readonly number[] {
  const find = prepared(database, `SELECT id FROM instance WHERE definitionKey = ? AND ${UNFINISHED} AND ${SCHEDULED} ORDER BY id`);
  return (definitionKey) => find.all(definitionKey).map((row) => row['id'] as number);
}

export function highestId(database: DatabaseSync): number {
  return (prepared(database, 'SELECT max(id) AS highest FROM instance').get() as { highest: number | null }).highest ?? 0;
}

/** Applies all changes or none: false when an instance has left the states it was seen in. */
export function transitionInstances(database: DatabaseSync, write: Write, changes: readonly Transition[]): boolean {
  const LEFT = new Error('an instance has left the states it was seen in');
  try {
    write(() => {
      for (const change of changes) if (!applyChange(database, change)) throw LEFT;
    });
    return true;
  } catch (cause) {
    if (cause === LEFT) return false;
    throw cause;
  }
}

/** With their cursors and closed attempts. */
export function deleteInstances(database: DatabaseSync, write: Write, instanceIds: readonly string[]): void {
  write(() => {
    for (const instanceId of instanceIds) {
      database.prepare('DELETE FROM cursor WHERE instanceId = ? OR instanceId IN (SELECT child.instanceId FROM instance child JOIN instance parent ON child.parentId = parent.id WHERE parent.instanceId = ?)').run(instanceId, instanceId);
      database.prepare('DELETE FROM instance WHERE instanceId = ?').run(instanceId);
    }
  });
}

/** Facts that the first one to know them sets for ever. */
const SET_ONCE = ['beginTime', 'endTime', 'stopReason'] as const;
const SET = ['reason', 'statusMessage', 'exitCode', 'signal', 'outputBytes'] as const;

function applyChange(database: DatabaseSync, change: Transition): boolean {
  const assignments = ['state = ?'];
  // Whatever it waited for, it does not wait any more.
  if (isFinished(change.to)) assignments.push('notBefore = NULL', 'queued = NULL');
  const values: SQLInputValue[] = [change.to];
  for (const column of SET_ONCE) {
    const value = change[column];
    if (value === undefined) continue;
    assignments.push(`${column} = coalesce(${column}, ?)`);
    values.push(value instanceof Date ? value.getTime() : value);
  }
  for (const column of SET) {
    const value = change[column];
    if (value === undefined) continue;
    assignments.push(`${column} = ?`);
    values.push(value);
  }
  const sql = `UPDATE instance SET ${assignments.join(', ')} WHERE instanceId = ? AND state IN (SELECT value FROM json_each(?)) AND attempt = coalesce(?, attempt)`;
  return prepared(database, sql).run(...values, change.instanceId, JSON.stringify(change.from), change.attempt ?? null).changes === 1;
}

/** The finished jobs of definitions that ended last, each definition's by itself: one look into the index for each. */
export function latestInstances(database: DatabaseSync, root: string, definitionKeys: readonly string[], each: number): Map<string, Instance[]> {
  const columns = INSTANCE_COLUMNS.join(', ');
  const select = prepared(database, `SELECT ${columns} FROM instance WHERE definitionKey = ? AND endTime IS NOT NULL ORDER BY endTime DESC, id DESC LIMIT ?`);
  select.setReturnArrays(true);
  return new Map(definitionKeys.map((key) => [key, (select.all(key, each) as unknown as InstanceRow[]).map((row) => instanceOfRow(row, root))]));
}

/** By the index alone. */
export function lastEnds(database: DatabaseSync, definitionKeys: readonly string[]): Map<string, LastEnd> {
  const select = prepared(database, 'SELECT state, endTime FROM instance WHERE definitionKey = ? AND endTime IS NOT NULL ORDER BY endTime DESC LIMIT 1');
  return new Map(definitionKeys.flatMap((key) => {
    const row = select.get(key) as { state: JobState; endTime: number } | undefined;
    return row === undefined ? [] : [[key, { state: row.state, endTime: new Date(row.endTime) }] as const];
  }));
}

/** Left to itself, SQLite looks every job up by its name that has no parent: which are nearly all. The two partial indexes are made for these questions; the table itself is in id order. */
function indexFor({ ids, instanceIds, names, parentIds, family, below, definitions, definitionKeys, endedSince, topLevel }: InstanceQuery, conditions: readonly string[]): string {
  if ([ids, instanceIds, names, parentIds, family, below, definitions, definitionKeys].some((narrowing) => narrowing !== undefined)) return '';
  if (endedSince !== undefined && topLevel === true) return ' INDEXED BY instance_end';
  if (conditions.includes(UNFINISHED)) return ' INDEXED BY instance_unfinished';
  if (topLevel !== true) return '';
  return conditions.includes(ENDED) ? ' INDEXED BY instance_end' : ' NOT INDEXED';
}

/** As the partial indexes have it. */
export const UNFINISHED = `state NOT IN ('Completed', 'Failed', 'Stopped')`;
/** What a trigger or run-now started: what people start by hand does not count for overlap. */
export const SCHEDULED = `(origin ->> 'kind' = 'trigger' OR origin ->> 'runNow')`;
const ENDED = 'endTime IS NOT NULL';
const TOP_LEVEL = 'parentId IS NULL';
/** What the table `tally` knows without counting. */
const ALL_FINISHED = ` WHERE ${ENDED} AND ${TOP_LEVEL}`;

const BELOW = `id IN (WITH RECURSIVE below (id) AS (
  SELECT id FROM instance WHERE parentId IN (SELECT value FROM json_each(?)) UNION SELECT child.id FROM instance AS child JOIN below ON child.parentId = below.id) SELECT id FROM below)`;

function conditionsOf(query: InstanceQuery): { where: string; values: SQLInputValue[]; hint: string } {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const among = (column: string, list: readonly (string | number)[] | undefined): void => {
    if (list === undefined) return;
    conditions.push(`${column} IN (SELECT value FROM json_each(?))`);
    values.push(JSON.stringify(list));
  };
  among('id', query.ids);
  among('instanceId', query.instanceIds);
  among('name', query.names);
  among('parentId', query.parentIds);
  // The index on unfinished rows serves exactly this condition.
  if (query.states !== undefined && FINISHED_STATES.every((state) => !query.states?.includes(state))) {
    conditions.push(UNFINISHED);
  }
  // Every finished row has an end, and the index on ends is a short one.
  if (query.states !== undefined && query.states.length === FINISHED_STATES.length && FINISHED_STATES.every((state) => query.states?.includes(state))) conditions.push(ENDED);
  else among('state', query.states);
  if (query.instanceIdPart !== undefined) {
    conditions.push('(instanceId LIKE ? OR instanceId LIKE ?)');
    values.push(`${query.instanceIdPart}%`, `%${query.instanceIdPart}`);
  }
  if (query.family !== undefined) {
    conditions.push('(id = ? OR parentId = ?)');
    values.push(query.family, query.family);
  }
  if (query.below !== undefined) {
    conditions.push(BELOW);
    values.push(JSON.stringify(query.below));
  }
  if (query.above !== undefined) {
    conditions.push('id > ?');
    values.push(query.above);
  }
  if (query.topLevel === true) conditions.push(TOP_LEVEL);
  if (query.definitions !== undefined) {
    among('definitionKey', query.definitions);
    conditions.push(SCHEDULED);
  }
  if (query.before !== undefined) {
    conditions.push('id < ?');
    values.push(query.before);
  }
  if (query.definitionKeys !== undefined) among('definitionKey', query.definitionKeys);
  if (query.endedSince !== undefined) {
    conditions.push('endTime >= ?');
    values.push(query.endedSince.getTime());
  }
  if (query.newest !== undefined || query.endedSince !== undefined) conditions.push(ENDED);
  return { where: conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`, values, hint: indexFor(query, conditions) };
}
