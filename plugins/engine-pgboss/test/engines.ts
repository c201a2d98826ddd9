import { afterAll, beforeAll } from 'vitest';
import type { Engine } from '@nightshift/sdk';
import { openDatabase, type Database } from '../src/database.ts';
import { openEngine } from '../src/open.ts';
import type { PgbossOptions } from '../src/options.ts';
import { FAST, startPostgres, type TestPostgres } from './postgres.ts';
import { realTime } from './real-time.ts';

/** An engine, and what it was opened with. */
export type Opened = Engine & { readonly options: PgbossOptions };

/** The server of a test file. Its one schema is emptied for each test, which takes a tenth of making another. */
export interface EngineServer {
  readonly server: TestPostgres;
  /** An engine without jobs, where nobody else is at work. Its lease lasts for half a second. Closed at the end of the file, if not before. */
  open(facts?: Partial<PgbossOptions>): Promise<Opened>;
  /** Another one on the same jobs. */
  join(facts?: Partial<PgbossOptions>): Promise<Opened>;
  /** The same two engines for every test, the first of them without jobs: connecting takes longer than most tests. */
  openAgain(): Promise<Opened>;
  joinAgain(): Promise<Opened>;
  /** The database, for questions that no engine answers. */
  database(): Database;
  /** Lets every change of an entry fail, until the answer is called. */
  jam(): Promise<() => Promise<void>>;
}

const SCHEMA = 'nightshift';

export function enginesOfThisFile(settings: Readonly<Record<string, string>> = FAST): EngineServer {
  let server: TestPostgres | undefined;
  let database: Database | undefined;
  const opened = new Set<Opened>();
  const running = (): TestPostgres => {
    if (server === undefined) throw new Error('the server starts before the first test');
    return server;
  };
  const optionsOf = (facts: Partial<PgbossOptions>): PgbossOptions => ({ connection: running().connectionString, schema: SCHEMA, lease: 1_500, demand: 'session', keepDays: 400, acceptDataLoss: true, ...facts });
  const ask = (): Database => (database ??= openDatabase({ ...optionsOf({}), connections: 2 }, realTime));
  const join = async (facts: Partial<PgbossOptions> = {}): Promise<Opened> => {
    const options = optionsOf(facts);
    const engine = openEngine(options, { clock: realTime, namespace: 'p' });
    const one: Opened = {
      ...engine,
      options,
      async [Symbol.asyncDispose]() {
        if (opened.delete(one)) await engine[Symbol.asyncDispose]();
      },
    };
    opened.add(one);
    return one;
  };
  beforeAll(async () => {
    server = await startPostgres(settings);
  }, 60_000);
  afterAll(async () => {
    for (const one of opened) await one[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
    await server?.stop();
  }, 60_000);
  const open = async (facts?: Partial<PgbossOptions>): Promise<Opened> => {
    const engine = await join(facts);
    // Both schemas are there now.
    await engine.queue.acquire({ host: 'nobody', routes: ['nowhere'], slots: 1 });
    await empty(ask());
    return engine;
  };
  const kept: Opened[] = [];
  return {
    get server() {
      return running();
    },
    join,
    open,
    async openAgain() {
      const [first] = kept;
      if (first !== undefined) await empty(ask());
      return first ?? (kept[0] = await open());
    },
    joinAgain: async () => (kept[1] ??= await join()),
    database: ask,
    async jam() {
      await ask().query(`
        CREATE OR REPLACE FUNCTION ${SCHEMA}.jam() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'jammed'; END $$;
        CREATE TRIGGER jam BEFORE INSERT OR UPDATE OR DELETE ON ${SCHEMA}_boss.job FOR EACH ROW EXECUTE FUNCTION ${SCHEMA}.jam()`);
      return async () => void (await ask().query(`DROP TRIGGER jam ON ${SCHEMA}_boss.job`));
    },
  };
}

const TABLES = ['instance', 'attempt', 'segment', 'reading', 'place', 'trigger_clock', 'trigger_id', 'renaming', 'firing', 'tally', 'tally_total', 'tally_change', 'gone', 'upkeep', 'host'];

async function empty(database: Database): Promise<void> {
  const deletions = [...TABLES.map((table) => `${SCHEMA}.${table}`), `${SCHEMA}_boss.job`].map((table) => `DELETE FROM ${table}`);
  await database.query(`DROP TRIGGER IF EXISTS jam ON ${SCHEMA}_boss.job; ${deletions.join('; ')}`);
}
