/**
 * The queue's order, claims and fencing tokens, by pg-boss: the only file that knows it. A queue of pg-boss is a route; its tables
 * lie in a schema of their own beside ours. Entries are made, taken, and ended in our transactions, so that an entry and the row
 * it belongs to are there together or not at all.
 *
 * Of pg-boss nothing runs by itself: its timers never fire (`STILL`), and its retries are switched off. An entry is never tried
 * again by it (`retryLimit` 0) and expires after 24 h at the earliest, its longest: by then `JobQueue.renew` has handed the run
 * over to a fresh entry. Who acquires calls `lookAfter` now and then.
 */
import { createRequire } from 'node:module';
import type { ConstructorOptions, Db, JobInsert, PgBoss } from 'pg-boss';
import type { Database, Queryable, Transaction } from './database.ts';
import { newerSchema } from './errors.ts';
import { hasSchema } from './migrate.ts';

/** A run's place among those of its route. */
export interface Entry {
  readonly entryId: string;
  readonly route: string;
  readonly instanceId: string;
  readonly type: string;
  readonly attempt: number;
  /** Higher first. */
  readonly priority: number;
  readonly cap?: { readonly key: string; readonly limit: number };
  readonly notBefore?: Date;
}

/** What an entry carries. */
export interface EntryFacts {
  readonly instanceId: string;
  readonly attempt: number;
  readonly type: string;
}

/** An entry in somebody's hands. Both numbers together are the fencing token: whoever holds an older `retryCount` holds nothing. */
export interface Held {
  readonly id: string;
  readonly retryCount: number;
}

/** The entries of all routes. Methods without `within` are steps of their own. */
export interface Boss extends AsyncDisposable {
  /** Makes the tables and these routes, each once. To be called before the transaction that uses them. */
  prepare(routes: readonly string[]): Promise<void>;
  /** False when an id is there already: nothing of it was put in, and the caller's transaction must not stand. */
  enqueue(within: Transaction, entries: readonly Entry[]): Promise<boolean>;
  /** Takes these entries, which wait and which `within` has locked; those of them that did wait. */
  claim(within: Transaction, entries: readonly Pick<Entry, 'entryId' | 'route'>[]): Promise<readonly Held[]>;
  /** The end of a held entry. False when it is somebody else's by now. */
  finish(within: Transaction, route: string, held: Held): Promise<boolean>;
  /** Takes an entry out, whoever holds it. False when it had ended. */
  cancel(within: Transaction, route: string, entryId: string): Promise<boolean>;
  /** pg-boss's own housekeeping: deletes entries that ended an hour ago. */
  lookAfter(): Promise<void>;
  /** Where pg-boss keeps entries, for questions that it does not answer (`job`). */
  readonly schema: string;
  /** What pg-boss calls these routes, in such questions. */
  queuesOf(routes: readonly string[]): readonly string[];
}

const DAY = 24 * 60 * 60;
/** Seconds. What waits for a host that nobody starts waits for as long as pg-boss can count; the run would be lost with its entry. */
const QUEUE = { retryLimit: 0, expireInSeconds: DAY, deleteAfterSeconds: 3_600, retentionSeconds: 20_000 * DAY };
/** Timers that never fire: the process of a verb ends when it is done. */
const STILL = { now: () => Date.now(), setTimeout: () => undefined, clearTimeout: () => {}, setInterval: () => undefined, clearInterval: () => {} };

/** `entryLimit`: milliseconds that an active entry is good for, whole seconds. Default 24 h, the most that pg-boss takes. */
export function bossOn(database: Database, entryLimit: number = DAY * 1_000): Boss {
  const schema = `${database.schema}_boss`;
  const routes = new Map<string, Promise<void>>();
  let started: Promise<PgBoss> | undefined;
  const start = (): Promise<PgBoss> => {
    started ??= startBoss(schema, database);
    started.catch(() => (started = undefined));
    return started;
  };
  const make = (route: string): Promise<void> => {
    const made = routes.get(route) ?? start().then((boss) => boss.createQueue(queueOf(route), { ...QUEUE, expireInSeconds: Math.ceil(entryLimit / 1_000) }));
    routes.set(route, made);
    made.catch(() => routes.delete(route));
    return made;
  };
  return {
    schema,
    async prepare(wanted) {
      await start();
      // One after the other: each takes a connection, and so does whoever waits for them.
      for (const route of new Set(wanted)) await make(route);
    },
    async enqueue(within, entries) {
      const boss = await start();
      for (const [route, ofRoute] of Map.groupBy(entries, (entry) => entry.route)) {
        const ids = await boss.insert(queueOf(route), ofRoute.map(jobOf), { db: adapted(within), returnId: true });
        if (ids?.length !== ofRoute.length) return false;
      }
      return true;
    },
    async claim(within, entries) {
      // As pg-boss's own fetch leaves an entry. That one takes what comes first: it knows neither the types that a host can run,
      // nor a cap per key, nor what a run queues behind; so which entries to take is asked in SQL (`schema`), and here they are taken.
      const { rows } = await within.query<Held>(
        `UPDATE ${schema}.job SET state = 'active', started_on = now(), heartbeat_on = now(), retry_count = retry_count + CASE WHEN started_on IS NULL THEN 0 ELSE 1 END
         WHERE name = ANY ($1) AND id = ANY ($2::uuid[]) AND state < 'active' RETURNING id, retry_count AS "retryCount"`,
        [[...new Set(entries.map(({ route }) => queueOf(route)))], entries.map(({ entryId }) => entryId)],
      );
      return rows;
    },
    async finish(within, route, held) {
      return settledBy(await (await start()).complete(queueOf(route), [held], null, { db: adapted(within) })).length === 1;
    },
    async cancel(within, route, entryId) {
      return settledBy(await (await start()).cancel(queueOf(route), entryId, { db: adapted(within) })).length === 1;
    },
    queuesOf: (routes) => routes.map(queueOf),
    lookAfter: async () => (await start()).supervise(),
    async [Symbol.asyncDispose]() {
      const boss = await started?.catch(() => undefined);
      await boss?.stop({ graceful: false, close: false });
    },
  };
}

async function startBoss(schema: string, database: Database): Promise<PgBoss> {
  const { PgBoss: Library } = await import('pg-boss');
  const options: ConstructorOptions = { schema, db: adapted(database), clock: STILL, schedule: false, supervise: false, registerInstance: false, migrate: true, createSchema: !(await hasSchema(database, schema)) };
  const boss = new Library(options);
  // Without a listener it would end the process. What fails for a caller is thrown to the caller besides.
  boss.on('error', () => {});
  const started = await boss.start();
  const known = schemaOfLibrary();
  const found = (await started.schemaVersion()) ?? known;
  // One that is newer it would take for its own.
  if (found > known) throw newerSchema(schema, found, known);
  return started;
}

/** The version of pg-boss's own schema that its library makes. */
function schemaOfLibrary(): number {
  return (createRequire(import.meta.url)('pg-boss/package.json') as { readonly pgboss: { readonly schema: number } }).pgboss.schema;
}

/** Which entries a step has touched; `jobs` of an answer only repeats what was asked. */
function settledBy(answer: object): readonly string[] {
  return (answer as { readonly settled?: readonly string[] | null }).settled ?? [];
}

function adapted(on: Queryable): Db {
  return { executeSql: async (text, values) => ({ rows: (await on.query(text, values)).rows }) };
}

/** pg-boss takes letters, digits and `_ . - /` in a name; any other character of a route is written as its number. */
function queueOf(route: string): string {
  return route.replaceAll(/[^A-Za-z0-9_.-]/gu, (other) => `/${other.codePointAt(0)?.toString(16)}/`);
}

function jobOf({ entryId, instanceId, attempt, type, priority, cap, notBefore }: Entry): JobInsert {
  const data: EntryFacts = { instanceId, attempt, type };
  return { id: entryId, data, priority, ...(notBefore === undefined ? {} : { startAfter: notBefore }), ...(cap === undefined ? {} : { group: { id: cap.key, tier: String(cap.limit) } }) };
}
