/**
 * The rows of thread jobs, written by the process that runs them: many in one transaction, since a thread may be done before a
 * single row would be on the disk. A row exists before its thread begins; no folder is made before there is something to keep.
 *
 *     instance      holder absent: it waits for the host of its pool     holder there: that process runs it, or is about to
 *     thread_pool   the limit of a pool, and the process that is its host
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SQLInputValue } from 'node:sqlite';
import { isFinished, type Instance, type JobReason, type JobOrigin, type ProcessIdentity, type RunFacts, type StopReason } from '@nightshift/sdk';
import { prepared } from './database/prepared.ts';
import type { EmbeddedStore } from './embedded-store.ts';
import type { IdCounter } from './id-counter.ts';
import { findInstances, highestId } from './instances.ts';
import { makeRunFolder } from './run-folder/job-file.ts';
import { attemptFolder, RUN_FILES } from './run-folder/layout.ts';

/** A new thread job; with `beginTime` it runs as soon as its row is there. */
export interface NewThread {
  readonly instanceId: string;
  readonly type: string;
  readonly command: string;
  readonly name?: string;
  readonly beginTime?: Date;
  /** The facts of its run, but that it carries its own instance id. Jobs that share this object and their command are written together. */
  readonly run: Omit<RunFacts, 'carries'>;
}

/** What has become of a thread. */
export interface ThreadChange {
  readonly id: number;
  readonly beginTime?: Date;
  readonly end?: {
    readonly state: 'Completed' | 'Failed' | 'Stopped';
    readonly reason?: JobReason;
    readonly statusMessage?: string;
    readonly exitCode?: number;
    readonly endTime: Date;
    readonly outputBytes: number;
  };
}

/** What is known of a pool. */
export interface PoolFacts {
  /** Undefined: nobody has said. */
  readonly limit?: number;
  readonly host?: ProcessIdentity;
  /** The host has seen every job up to this id. */
  readonly seenId: number;
}

export interface ThreadBooks {
  /** All in one transaction; `limit` is that of the pool from now on. */
  write(started: readonly NewThread[], changes: readonly ThreadChange[], limit?: { readonly pool: string; readonly limit: number }): readonly Instance[];
  /** Takes up one that nobody holds. False: it waits no more. */
  takeUp(id: number, holder: ProcessIdentity, beginTime: Date): boolean;
  /** Of a pool those that nobody holds, ascending. */
  waiting(pool: string): readonly Instance[];
  /** Those of a holder that are to be stopped. */
  toBeStopped(holder: ProcessIdentity): readonly Instance[];
  /** Undefined: it was removed. */
  find(id: number): Instance | undefined;
  pool(name: string): PoolFacts;
  seen(pool: string, id: number): void;
  /** Becomes the host of a pool. False: another one lives. */
  host(pool: string, me: ProcessIdentity, isAlive: (process: ProcessIdentity) => boolean): boolean;
  /** Is the host no more, unless a job of the pool is unfinished. */
  leave(pool: string): boolean;
}

const POOLS = `CREATE TABLE IF NOT EXISTS thread_pool (name TEXT NOT NULL, boot TEXT NOT NULL, throttleLimit INTEGER, host TEXT, seenId INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (name, boot)) STRICT, WITHOUT ROWID`;
/** Pages. */
const LONG_LOG = 1_000;
const OPEN = `state NOT IN ('Completed', 'Failed', 'Stopped')`;

export function createThreadBooks(store: EmbeddedStore, ids: IdCounter, boot: string): ThreadBooks {
  const { database, root, write, look } = store;
  write(() => database.exec(POOLS));
  // Who writes as much as this would copy the same pages from the log every few milliseconds. The log is shared, and not read
  // anew by who comes, as long as this process lives.
  database.exec(`PRAGMA wal_autocheckpoint=${LONG_LOG}`);
  const run = (sql: string, ...values: SQLInputValue[]): number => Number(prepared(database, sql).run(...values).changes);
  return {
    write(started, changes, limit) {
      if (started.length === 0 && changes.length === 0) return [];
      const first = started.length === 0 ? 0 : ids.take(started.length, highestId(database) + 1, false);
      const instances = started.map((thread, index) => instanceOf(thread, first + index, root));
      write(() => {
        insertAll(run, started, first);
        applyAll(run, database, root, changes);
        if (limit !== undefined) run('INSERT INTO thread_pool (name, boot, throttleLimit) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET throttleLimit = excluded.throttleLimit', limit.pool, boot, limit.limit);
      });
      return instances;
    },
    takeUp: (id, holder, beginTime) =>
      write(() => run(`UPDATE instance SET state = 'Running', beginTime = ?, run = json_set(run, '$.holder', json(?)) WHERE id = ? AND state = 'NotStarted' AND stopReason IS NULL AND run ->> 'holder' IS NULL`, beginTime.getTime(), JSON.stringify(holder), id)) === 1,
    waiting: (pool) => idsOf(store, `SELECT id FROM instance WHERE state = 'NotStarted' AND run ->> 'form' = 'thread' AND run ->> 'pool' = ? AND run ->> 'holder' IS NULL AND stopReason IS NULL ORDER BY id`, pool),
    toBeStopped: ({ pid, startTime }) => idsOf(store, `SELECT id FROM instance WHERE state = 'Stopping' AND run ->> 'form' = 'thread' AND run ->> '$.holder.pid' = ? AND run ->> '$.holder.startTime' = ?`, pid, startTime),
    find: (id) => look(() => findInstances(database, root, { ids: [id] }))[0],
    pool(name) {
      const row = look(() => prepared(database, 'SELECT throttleLimit, host, seenId FROM thread_pool WHERE name = ? AND boot = ?').get(name, boot)) as { throttleLimit: number | null; host: string | null; seenId: number } | undefined;
      return { seenId: row?.seenId ?? 0, ...optional('limit', row?.throttleLimit), ...optional('host', row?.host === undefined || row.host === null ? undefined : (JSON.parse(row.host) as ProcessIdentity)) };
    },
    seen: (pool, id) => write(() => void run('UPDATE thread_pool SET seenId = max(seenId, ?) WHERE name = ? AND boot = ?', id, pool, boot)),
    host(pool, me, isAlive) {
      return write(() => {
        const { host } = this.pool(pool);
        if (host !== undefined && isAlive(host)) return false;
        run('INSERT INTO thread_pool (name, boot, host) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET host = excluded.host', pool, boot, JSON.stringify(me));
        return true;
      });
    },
    leave: (pool) =>
      write(() => {
        const open = prepared(database, `SELECT 1 FROM instance WHERE ${OPEN} AND run ->> 'form' = 'thread' AND run ->> 'pool' = ? AND run ->> 'holder' IS NULL LIMIT 1`).get(pool);
        if (open === undefined) run('UPDATE thread_pool SET host = NULL WHERE name = ? AND boot = ?', pool, boot);
        return open === undefined;
      }),
  };
}

/** The process that is the host of a pool, or was when it was killed; undefined: nobody. Writes nothing. */
export function poolHostOf({ database, look }: EmbeddedStore, pool: string, boot: string): ProcessIdentity | undefined {
  const row = look(() => prepared(database, 'SELECT host FROM thread_pool WHERE name = ? AND boot = ?').get(pool, boot)) as { host: string | null } | undefined;
  return row?.host === undefined || row.host === null ? undefined : (JSON.parse(row.host) as ProcessIdentity);
}

/** Null stands for absent. */
function optional<Key extends string, Value>(key: Key, value: Value | null | undefined): { readonly [K in Key]?: Value } {
  return (value === undefined || value === null ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}

function idsOf({ look, database, root }: EmbeddedStore, sql: string, ...values: SQLInputValue[]): readonly Instance[] {
  const rows = look(() => prepared(database, sql).all(...values)) as unknown as readonly { readonly id: number }[];
  return rows.length === 0 ? [] : findInstances(database, root, { ids: rows.map(({ id }) => id) });
}

type Run = (sql: string, ...values: SQLInputValue[]) => number;

const ON_DEMAND: JobOrigin = { kind: 'demand', runNow: false };

function instanceOf({ instanceId, type, command, name, beginTime, run }: NewThread, id: number, root: string): Instance {
  const state = beginTime === undefined ? 'NotStarted' : 'Running';
  const made: Instance = { instanceId, type, command, origin: ON_DEMAND, run: { ...run, carries: instanceId }, id, name: name === undefined || name === '' ? `Job${id}` : name, location: 'localhost', attempt: 1, state, runFolder: `${root}/${instanceId}` };
  return beginTime === undefined ? made : { ...made, beginTime };
}

/** Stands for the instance id in the text of a run's facts, where no other value can look like it. */
const OWN = '\u0001own';
/** One statement for all that differ in nothing but their ids: a statement for each would take three times as long. */
const INSERT = `INSERT INTO instance (id, instanceId, name, type, state, location, command, beginTime, origin, attempt, runFolder, run)
  SELECT CAST(?2 AS INTEGER) + key, value, coalesce(?3, 'Job' || (CAST(?2 AS INTEGER) + key)), ?4, ?5, 'localhost', ?6, ?7, '${JSON.stringify(ON_DEMAND)}', 1, value, replace(?8, '${JSON.stringify(OWN).slice(1, -1)}', value) FROM json_each(?1)`;

function insertAll(run: Run, started: readonly NewThread[], first: number): void {
  for (let from = 0; from < started.length; ) {
    const one = started[from] as NewThread;
    let to = from + 1;
    while (to < started.length && isAlike(one, started[to] as NewThread)) to += 1;
    const instanceIds = JSON.stringify(started.slice(from, to).map(({ instanceId }) => instanceId));
    const facts = JSON.stringify({ ...one.run, carries: OWN });
    run(INSERT, instanceIds, first + from, one.name === undefined || one.name === '' ? null : one.name, one.type, one.beginTime === undefined ? 'NotStarted' : 'Running', one.command, one.beginTime?.getTime() ?? null, facts);
    from = to;
  }
}

function isAlike(one: NewThread, other: NewThread): boolean {
  return one.run === other.run && one.command === other.command && one.name === other.name && one.type === other.type && one.beginTime?.getTime() === other.beginTime?.getTime();
}

/** Those that have ended well, written nothing, and at the same moment as others, are written together with them. */
function applyAll(run: Run, database: EmbeddedStore['database'], root: string, changes: readonly ThreadChange[]): void {
  const plain = Map.groupBy(changes, momentOf);
  for (const [moment, alike] of plain) {
    const [{ beginTime, end }] = alike as [ThreadChange];
    // Somebody has wished a stop of one of them, or removed it: each by itself.
    if (moment === NO_MOMENT || end === undefined || run(COMPLETE, beginTime?.getTime() ?? null, end.endTime.getTime(), JSON.stringify(alike.map(({ id }) => id))) < alike.length) {
      for (const change of alike) apply(run, database, root, change);
    }
  }
}

const COMPLETE = `UPDATE instance SET state = 'Completed', beginTime = coalesce(beginTime, ?), endTime = ?, outputBytes = 0
  WHERE id IN (SELECT value FROM json_each(?)) AND state IN ('NotStarted', 'Running') AND stopReason IS NULL`;

const NO_MOMENT = -1;

/** Of plain ends: the same for those that began at the same moment and ended at the same. Of short ones a number: to make a text takes longer. */
function momentOf({ beginTime, end }: ThreadChange): number | string {
  if (!isPlain(end)) return NO_MOMENT;
  const endTime = end.endTime.getTime();
  if (beginTime === undefined) return endTime;
  const took = endTime - beginTime.getTime();
  return took >= 0 && took < 1_000 ? endTime * 1_000 + took : `${endTime} ${took}`;
}

function isPlain(end: ThreadChange['end']): end is NonNullable<ThreadChange['end']> {
  return end !== undefined && end.state === 'Completed' && end.outputBytes === 0 && end.exitCode === undefined;
}

/**
 * The way from NotStarted over Running to the end is legal whichever part of it has been written by now (transition table).
 * Somebody who wishes a stop meanwhile has moved it to Stopping: then it was stopped, however it ended. Source: jobs.md 2.6.
 */
function apply(run: Run, database: EmbeddedStore['database'], root: string, { id, beginTime, end }: ThreadChange): void {
  const begun = beginTime?.getTime() ?? null;
  if (end === undefined) return void run(`UPDATE instance SET state = 'Running', beginTime = coalesce(beginTime, ?) WHERE id = ? AND state = 'NotStarted'`, begun, id);
  const { state, reason = null, statusMessage = null, exitCode = null, endTime, outputBytes } = end;
  const facts = [begun, endTime.getTime(), outputBytes] as const;
  const SETTLE = 'UPDATE instance SET state = ?, reason = ?, statusMessage = ?, exitCode = ?, beginTime = coalesce(beginTime, ?), endTime = ?, outputBytes = ? WHERE id = ?';
  if (run(`${SETTLE} AND state IN ('NotStarted', 'Running') AND stopReason IS NULL`, state, reason, statusMessage, exitCode, ...facts, id) === 1) return;
  const [now] = findInstances(database, root, { ids: [id] });
  if (now?.stopReason === undefined || isFinished(now.state)) return;
  const word = wordOf(now.stopReason);
  if (word === 'timeout' || reason === 'timeout') run(SETTLE, 'Failed', 'timeout', statusMessage, exitCode, ...facts, id);
  else run(SETTLE, 'Stopped', word, null, exitCode, ...facts, id);
}

/** A stop asked for by a parent or a closing host is a stop like any other to whoever reads it. */
function wordOf(reason: StopReason): JobReason {
  return reason === 'parent' || reason === 'shutdown' ? 'stopped' : reason;
}

/** Where the records of a thread go; its folder is made for them. */
export function threadRecords(instance: Instance): string {
  const { runFolder = '', attempt } = instance;
  if (!existsSync(runFolder)) makeRunFolder(runFolder, [instance], false);
  return join(attemptFolder(runFolder, attempt), RUN_FILES.records);
}
