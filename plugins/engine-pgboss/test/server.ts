import type { Clock, Engine } from '@nightshift/sdk';
import { afterAll, beforeAll } from 'vitest';
import { bossOn } from '../src/boss.ts';
import { openDatabase, type Database } from '../src/database.ts';
import { migrate } from '../src/migrate.ts';
import { openEngine } from '../src/open.ts';
import type { PgbossOptions } from '../src/options.ts';
import { FAST, startPostgres, type TestPostgres } from './postgres.ts';
import { realTime } from './real-time.ts';

/** What the tests of a file have of a server. What a test opens is closed after the last one. */
export interface FileServer {
  /** Others of this test process use it too, unless the file has asked for one of its own. */
  readonly server: TestPostgres;
  /** Options of an engine in a schema that nobody has used. */
  options(facts?: Partial<PgbossOptions>): PgbossOptions;
  /** A database in a schema that nobody has used. */
  database(facts?: Partial<PgbossOptions>): Database;
  /** Options of an engine that has no jobs yet; quicker than a schema that has to be made. */
  fresh(facts?: Partial<PgbossOptions>): Promise<PgbossOptions>;
  /** The same schema each time, with nothing in it any more; nobody has it open. For many short tests, one after the other. */
  emptied(): Promise<PgbossOptions>;
  /** An engine that has no jobs yet, or that of `options`. */
  engine(options?: PgbossOptions, clock?: Clock): Promise<Engine>;
}

let made = 0;

/** The id of the first, the second … instance of a schema. */
export const nth = (count: number): number => 1_000_000 + count;

/** Tests that need nothing of the server itself share one for each test process, and with it a database to copy. It ends with the process. */
let shared: Promise<TestPostgres> | undefined;
/** By the connection text of its server. */
const templates = new Map<string, Promise<string>>();

const EMPTY = `${['instance', 'attempt', 'segment', 'reading', 'place', 'firing', 'trigger_clock', 'trigger_id', 'renaming', 'tally', 'tally_total', 'gone', 'upkeep', 'host'].map((table) => `DELETE FROM nightshift.${table};`).join(' ')}
  DELETE FROM nightshift.tally_change; ALTER SEQUENCE nightshift.instance_number RESTART; ALTER SEQUENCE nightshift.firing_number RESTART; DELETE FROM nightshift_boss.job`;

/** A server for the tests of this file: with settings one of its own, else one that others use too. */
export function serverOfThisFile(settings?: Readonly<Record<string, string>>): FileServer {
  const run = `t${process.pid.toString(36)}${Date.now().toString(36)}`;
  const opened: AsyncDisposable[] = [];
  const databases: string[] = [];
  let server: TestPostgres | undefined;
  const running = (): TestPostgres => {
    if (server === undefined) throw new Error('the server starts before the first test');
    return server;
  };
  const kept = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one);
    return one;
  };
  const inDatabase = (name: string): PgbossOptions => ({ connection: withName(running().connectionString, name), schema: 'nightshift', lease: 10_000, demand: 'session', keepDays: 400, acceptDataLoss: true });
  const admin = async (text: string): Promise<void> => {
    await using database = openDatabase(options(), realTime);
    await database.query(text);
  };
  /** A database with a schema as it is at its beginning: a copy is made in a fraction of the time. */
  const makeTemplate = async (): Promise<string> => {
    const name = `${run}_template`;
    await admin(`CREATE DATABASE ${name}`);
    await using database = openDatabase(inDatabase(name), realTime);
    await migrate(database);
    await using boss = bossOn(database);
    await boss.prepare(['default']);
    await database.query("SELECT nightshift.ensure_day('2026-01-02')");
    return name;
  };
  const options = (facts: Partial<PgbossOptions> = {}): PgbossOptions => ({ connection: running().connectionString, schema: `${run}_${++made}`, lease: 10_000, demand: 'session', keepDays: 400, acceptDataLoss: true, ...facts });
  const fresh = async (facts: Partial<PgbossOptions> = {}): Promise<PgbossOptions> => {
    const server = running().connectionString;
    const template = templates.get(server) ?? makeTemplate();
    templates.set(server, template);
    const name = `${run}_${++made}`;
    databases.push(name);
    await admin(`CREATE DATABASE ${name} TEMPLATE ${await template}`);
    return { ...inDatabase(name), ...facts };
  };
  let reused: Promise<{ readonly of: PgbossOptions; readonly database: Database }> | undefined;
  const emptied = async (): Promise<PgbossOptions> => {
    reused ??= fresh().then((of) => ({ of, database: kept(openDatabase(of, realTime)) }));
    const { of, database } = await reused;
    await database.query(EMPTY);
    return of;
  };
  beforeAll(async () => {
    server = await (settings === undefined ? (shared ??= startPostgres(FAST)) : startPostgres(settings));
  }, 60_000);
  afterAll(async () => {
    for (const one of opened) await one[Symbol.asyncDispose]();
    if (settings !== undefined) return server?.stop();
    for (const name of databases) await admin(`DROP DATABASE ${name} WITH (FORCE)`);
  }, 60_000);
  return {
    get server() {
      return running();
    },
    options,
    fresh,
    emptied,
    database: (facts) => kept(openDatabase(options(facts), realTime)),
    engine: async (of, clock = realTime) => kept(openEngine(of ?? (await fresh()), { clock, namespace: 'p' })),
  };
}

function withName(connection: string, name: string): string {
  return connection.replace(/^([^?]*\/)[^/?]*/, `$1${name}`);
}
