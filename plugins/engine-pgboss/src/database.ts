/**
 * The connection to PostgreSQL: the only file that knows its driver.
 *
 * Whatever is written is written by `transaction`, which asks for a synchronous commit each time: a session setting would be
 * somebody else's behind a pooler that lends connections for one transaction. A connection that was lost while it lay idle, or
 * before the commit was asked for, is no trouble of the caller's: nothing was kept, and all of it is done again. One that is lost
 * in the commit is `StoreUnavailable`, and what became of the transaction then is known to the server alone; who calls again
 * must ask first, which every method of the engine does.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { Client, Pool, types, type CustomTypesConfig, type PoolClient, type PoolConfig, type QueryConfig, type QueryResult } from 'pg';
import { acceptsLoss, isConflict, isLostConnection, isUnprepared, noAddress, worded } from './errors.ts';

/** A place to ask and to write. */
export interface Queryable {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Answer<Row>>;
}

/** Rows, and how many the statement has touched. */
export interface Answer<Row> {
  readonly rows: Row[];
  readonly count: number;
}

/** One transaction, or a part of it that can fail alone. */
export interface Transaction extends Queryable {
  /** Undoes what `act` has done when it throws, and throws on; the rest of the transaction stands. */
  savepoint<T>(act: () => Promise<T>): Promise<T>;
}

/** How to get there. */
export interface DatabaseOptions {
  /** `postgresql://user:password@host:port/database`. Never shown. */
  readonly connection: string;
  /** A plain name: lower-case letters, digits and `_`. */
  readonly schema: string;
  /** A server with `fsync=off` is taken. Default false. */
  readonly acceptDataLoss?: boolean;
  /** Connections at once. Default 6. */
  readonly connections?: number;
  /** Milliseconds in which a server answers that is there, or a pooler finds a connection for us. Default 10 s. */
  readonly patience?: number;
}

/** The pool of connections to one schema. */
export interface Database extends Queryable, AsyncDisposable {
  /** Quoted where needed: to be put before the name of a table. */
  readonly schema: string;
  /** Everything or nothing. Runs `act` again where the server asks for that (a deadlock): it must change nothing outside. */
  transaction<T>(act: (within: Transaction) => Promise<T>): Promise<T>;
  /** Payloads of a channel, as they come; undefined after each (re)connection, when some may have been lost. Ends with the signal. */
  listen(channel: string, signal: AbortSignal): AsyncIterable<string | undefined>;
}

const ADDRESS = /^postgres(?:ql)?:\/\//;

/** The driver takes each of these modes for the strictest, and says so at length in every process: they are given to it by that name. */
function withSafeMode(connection: string): string {
  return connection.includes('uselibpqcompat=') ? connection : connection.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}

/** Connects at the first question. Throws nothing by itself. */
export function openDatabase({ connection, schema, acceptDataLoss = false, connections = 6, patience = 10_000 }: DatabaseOptions, clock: Clock): Database {
  const settings: PoolConfig = { connectionString: withSafeMode(connection), types: TYPES, application_name: 'nightshift', keepAlive: true, connectionTimeoutMillis: patience };
  const pool = new Pool({ ...settings, max: connections, allowExitOnIdle: true, query_timeout: 120_000 });
  // A connection that breaks while nobody uses it is replaced when it is needed.
  pool.on('error', () => {});
  // One that breaks between two statements of a transaction is noticed by the next one; unheard, it would end the process.
  pool.on('connect', (client) => void client.on('error', () => {}));
  const names = statementNames();
  let safety: Promise<void> | undefined;
  const checked = async (): Promise<void> => {
    if (!ADDRESS.test(connection)) throw noAddress();
    safety ??= checkSafety(pool, names, acceptDataLoss);
    await safety.catch((cause) => {
      safety = undefined;
      throw cause;
    });
  };
  return {
    schema,
    async query(text, values) {
      try {
        await checked();
        return await askTwice(names, () => ask(pool, names, text, values));
      } catch (cause) {
        throw worded(cause);
      }
    },
    async transaction(act) {
      await checked().catch((cause) => {
        throw worded(cause);
      });
      return inTransaction({ pool, names, patience }, act);
    },
    listen: (channel, signal) => listenTo(settings, channel, clock, signal),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

const INT8 = 20;
const DATE = 1082;
/** Counters and ids stay far below 2^53; a day is a text. */
const TYPES = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8) return Number;
    if (oid === DATE) return String;
    return types.getTypeParser(oid, format as 'text');
  },
} as CustomTypesConfig;

/** A server that forgets what it has acknowledged keeps no promise of ours. */
async function checkSafety(pool: Pool, names: Names, acceptDataLoss: boolean): Promise<void> {
  const { rows } = await askTwice(names, () => ask<{ fsync: string }>(pool, names, "SELECT current_setting('fsync') AS fsync"));
  if (rows[0]?.fsync === 'off' && !acceptDataLoss) throw acceptsLoss();
}

/** What is asked once more may have been done already: only for questions, and for single statements that can be said twice. */
async function askTwice<T>(names: Names, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (!names.areLost(cause) && !isLostConnection(cause)) throw cause;
    return await act();
  }
}

/** Under which names statements are prepared on the connections of one pool. */
interface Names {
  of(text: string): string | undefined;
  /** Whether this failed because a statement is not there that was prepared: nothing was done, and it may be asked again. */
  areLost(cause: unknown): boolean;
}

/** Each connection keeps what was prepared on it. */
const MOST_NAMES = 300;

/**
 * Statements are prepared under a name of their own, which saves the server a third of its work; the same text has the same name
 * everywhere. Behind a pooler that lends connections, and knows no prepared statements, one is not there when it is asked for:
 * from then on none is prepared.
 */
function statementNames(): Names {
  const known = new Map<string, string>();
  let prepares = true;
  return {
    of(text) {
      if (!prepares) return undefined;
      if (!known.has(text) && known.size < MOST_NAMES) known.set(text, createHash('sha1').update(text).digest('hex'));
      return known.get(text);
    },
    areLost(cause) {
      if (!isUnprepared(cause)) return false;
      prepares = false;
      return true;
    },
  };
}

async function ask<Row extends object>(on: Pool | PoolClient, names: Names, text: string, values: readonly unknown[] = []): Promise<Answer<Row>> {
  const name = values.length === 0 ? undefined : names.of(text);
  // Without values several statements may stand in one text.
  const answer = (values.length === 0 ? await on.query(text) : await on.query({ text, values: values.map(storable), ...(name === undefined ? {} : { name }) })) as QueryResult<Row> | QueryResult<Row>[];
  const answers = [answer].flat();
  return { rows: answers.flatMap(({ rows }) => rows), count: answers.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0) };
}

/** PostgreSQL keeps no NUL in a text: where a message has one, the rest of it is worth more. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
  return Array.isArray(value) ? value.map(storable) : value;
}

/** As `JSON.stringify`, without what `jsonb` refuses: NUL and halves of characters. */
export function json(value: unknown): string | null {
  if (value === undefined) return null;
  return JSON.stringify(value, (_key, member: unknown) => (typeof member === 'string' ? member.replaceAll('\0', '\uFFFD').toWellFormed() : member));
}

/**
 * A process that is stopped in the middle of a transaction holds its locks for as long as it stands still: nobody could take its
 * leases away. So the server ends a transaction of which it has heard nothing for so many milliseconds.
 */
export const STANDSTILL = 2_000;
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = on; SET LOCAL idle_in_transaction_session_timeout = ${STANDSTILL}`;
/** How often a transaction is tried again that got into another's way. */
const TRIES = 5;

/** What a transaction is made on. */
interface Link {
  readonly pool: Pool;
  readonly names: Names;
  readonly patience: number;
}

async function inTransaction<T>(link: Link, act: (within: Transaction) => Promise<T>): Promise<T> {
  const { names } = link;
  for (let tries = 1; ; tries++) {
    const client = await askTwice(names, () => begin(link)).catch((cause) => {
      throw worded(cause);
    });
    let isCommitting = false;
    try {
      const result = await act(within(client, link));
      failpoint('engine.commit');
      isCommitting = true;
      await commit(client);
      failpoint('engine.committed');
      client.release();
      return result;
    } catch (cause) {
      // On a connection that does not answer, a ROLLBACK would only wait behind what hangs.
      if (isLostConnection(cause)) client.release(true);
      else await rollBack(client, link);
      // Before the commit was asked for, nothing of it can have been kept.
      const mayRepeat = names.areLost(cause) || isConflict(cause) || (!isCommitting && isLostConnection(cause));
      if (!mayRepeat || tries === TRIES) throw worded(cause);
    }
  }
}

async function begin({ pool, patience }: Link): Promise<PoolClient> {
  const client = await pool.connect();
  try {
    // The other end may be gone without a word since the connection was used last.
    await quickly(client, BEGIN, patience);
    return client;
  } catch (cause) {
    client.release(true);
    throw cause;
  }
}

/** What a server that is there does in no time. */
async function quickly(client: PoolClient, text: string, patience: number): Promise<void> {
  await client.query({ text, query_timeout: patience } as QueryConfig);
}

/** After an error that somebody has swallowed the server rolls back, and says so in this one word. */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('a transaction went on after one of its statements had failed');
}

async function rollBack(client: PoolClient, { patience }: Link): Promise<void> {
  try {
    await quickly(client, 'ROLLBACK', patience);
    client.release();
  } catch {
    // The connection is gone, and its transaction with it.
    client.release(true);
  }
}

function within(client: PoolClient, { names, patience }: Link): Transaction {
  let depth = 0;
  return {
    query: (text, values) => ask(client, names, text, values),
    async savepoint(act) {
      const name = `s${++depth}`;
      await client.query(`SAVEPOINT ${name}`);
      try {
        const result = await act();
        await client.query(`RELEASE ${name}`);
        return result;
      } catch (cause) {
        if (!isLostConnection(cause)) await quickly(client, `ROLLBACK TO ${name}; RELEASE ${name}`, patience);
        throw cause;
      }
    },
  };
}

/** Between two attempts to listen again. */
const PAUSE = 1_000;

async function* listenTo(settings: PoolConfig, channel: string, clock: Clock, signal: AbortSignal): AsyncGenerator<string | undefined> {
  while (!signal.aborted) {
    const line = await openLine(settings, channel, signal).catch(() => undefined);
    if (line !== undefined) yield* hearOn(line);
    await clock.sleep(PAUSE, signal).catch(() => {});
  }
}

/** What is heard as long as the line is open. */
async function* hearOn(line: Line): AsyncGenerator<string | undefined> {
  try {
    yield undefined;
    for (;;) {
      await line.next();
      if (!line.isOpen()) return;
      while (line.heard.length > 0) yield line.heard.shift();
    }
  } finally {
    await line.close();
  }
}

interface Line {
  readonly heard: string[];
  isOpen(): boolean;
  /** Until something was heard, the connection is gone, or the signal fires. */
  next(): Promise<void>;
  close(): Promise<void>;
}

async function openLine(settings: PoolConfig, channel: string, signal: AbortSignal): Promise<Line> {
  const client = new Client(settings);
  const heard: string[] = [];
  let open = true;
  let wake = (): void => {};
  const told = (): void => wake();
  const gone = (): void => {
    open = false;
    told();
  };
  client.on('error', gone);
  client.on('end', gone);
  client.on('notification', ({ payload }) => {
    heard.push(payload ?? '');
    told();
  });
  signal.addEventListener('abort', told, { once: true });
  try {
    await client.connect();
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
  } catch (cause) {
    signal.removeEventListener('abort', told);
    await client.end().catch(() => {});
    throw cause;
  }
  const isOpen = (): boolean => open && !signal.aborted;
  return {
    heard,
    isOpen,
    next: () => (heard.length > 0 || !isOpen() ? Promise.resolve() : new Promise((resolve) => (wake = resolve))),
    async close() {
      signal.removeEventListener('abort', told);
      await client.end().catch(() => {});
    },
  };
}
