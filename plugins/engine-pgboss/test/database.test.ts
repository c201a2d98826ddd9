import { inspect } from 'node:util';
import type { Clock } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../src/database.ts';
import { worded } from '../src/errors.ts';
import { openCable } from './proxy.ts';
import { realTime, until } from './real-time.ts';
import { serverOfThisFile } from './server.ts';

const file = serverOfThisFile();

describe('a transaction', () => {
  test('is all or nothing', async () => {
    const database = file.database();
    await database.query(`CREATE SCHEMA ${database.schema}; CREATE TABLE ${database.schema}.word (text text)`);
    await expect(database.transaction(async (within) => {
      await within.query(`INSERT INTO ${database.schema}.word VALUES ($1)`, ['one']);
      throw new Error('changed my mind');
    })).rejects.toThrow('changed my mind');
    expect((await database.query(`SELECT * FROM ${database.schema}.word`)).rows).toEqual([]);
  });

  test('undoes a part that fails, and keeps the rest', async () => {
    const database = file.database();
    await database.query(`CREATE SCHEMA ${database.schema}; CREATE TABLE ${database.schema}.word (text text PRIMARY KEY)`);
    const add = `INSERT INTO ${database.schema}.word VALUES ($1)`;
    await database.transaction(async (within) => {
      await within.query(add, ['one']);
      await expect(within.savepoint(async () => {
        await within.query(add, ['two']);
        await within.query(add, ['one']);
      })).rejects.toMatchObject({ code: '23505' });
      await within.query(add, ['three']);
    });
    expect((await database.query<{ text: string }>(`SELECT * FROM ${database.schema}.word ORDER BY text`)).rows).toEqual([{ text: 'one' }, { text: 'three' }]);
  });

  test('is refused when it went on after a failure that somebody swallowed', async () => {
    const database = file.database();
    await expect(database.transaction(async (within) => void (await within.query('SELECT 1 / 0').catch(() => {})))).rejects.toThrow('went on after one of its statements had failed');
  });

  test('is made all the same where prepared statements are forgotten, as behind a pooler', async () => {
    const database = openDatabase({ ...file.options(), connections: 1 }, realTime);
    const ask = (): Promise<{ one: number }[]> => database.transaction(async (within) => (await within.query<{ one: number }>('SELECT $1::int AS one', [1])).rows);
    expect(await ask()).toEqual([{ one: 1 }]);
    await database.query('DEALLOCATE ALL');
    expect([await ask(), (await database.query('SELECT $1::int AS one', [1])).rows]).toEqual([[{ one: 1 }], [{ one: 1 }]]);
    await database[Symbol.asyncDispose]();
  });

  test('begins anew when it lost a deadlock', async () => {
    const database = file.database();
    await database.query(`CREATE SCHEMA ${database.schema}; CREATE TABLE ${database.schema}.row (id int PRIMARY KEY, n int); INSERT INTO ${database.schema}.row VALUES (1, 0), (2, 0)`);
    const add = (id: number): string => `UPDATE ${database.schema}.row SET n = n + 1 WHERE id = ${id}`;
    let met = 0;
    const both = async (first: number, second: number): Promise<void> =>
      database.transaction(async (within) => {
        await within.query(add(first));
        met += 1;
        await until(() => met, (count) => count >= 2);
        await within.query(add(second));
      });
    await Promise.all([both(1, 2), both(2, 1)]);
    expect((await database.query(`SELECT n FROM ${database.schema}.row`)).rows).toEqual([{ n: 2 }, { n: 2 }]);
  });

  test('begins anew when its connection is cut before the commit', async () => {
    const database = file.database();
    await database.query(`CREATE SCHEMA ${database.schema}; CREATE TABLE ${database.schema}.word (text text)`);
    let tries = 0;
    await database.transaction(async (within) => {
      await within.query(`INSERT INTO ${database.schema}.word VALUES ($1)`, ['once']);
      if (++tries === 1) await within.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    expect((await database.query(`SELECT * FROM ${database.schema}.word`)).rows).toEqual([{ text: 'once' }]);
    expect(tries).toBe(2);
  });

  test('asks for a synchronous commit, whatever the session says', async () => {
    const database = file.database();
    const { rows } = await database.transaction((within) => within.query<{ on: string }>("SELECT current_setting('synchronous_commit') AS on"));
    expect(rows).toEqual([{ on: 'on' }]);
  });
});

describe('a connection that is dead, of which nobody was told', () => {
  /** Milliseconds for which a server is waited for that is to answer at once; other statements may take two minutes, which no test waits for. */
  const patience = 300;
  const timeout = 60_000;
  const throughCable = async () => {
    const options = await file.fresh();
    const cable = await openCable(options.connection);
    const database = openDatabase({ ...options, connection: cable.connection, connections: 1, patience }, realTime);
    const pid = async (): Promise<number> => (await database.transaction((within) => within.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))).rows[0]?.pid ?? 0;
    const close = async (): Promise<void> => {
      await cable[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    };
    return { database, cable, pid, [Symbol.asyncDispose]: close };
  };

  test('is given up by the next transaction, which begins on another', { timeout }, async () => {
    await using link = await throughCable();
    const before = await link.pid();
    link.cable.hush();
    expect(await link.pid()).not.toBe(before);
  });

  test('keeps nobody who has changed his mind waiting, and is not used again', { timeout }, async () => {
    await using link = await throughCable();
    const before = await link.pid();
    await expect(link.database.transaction(async () => {
      link.cable.hush();
      throw new Error('changed my mind');
    })).rejects.toThrow('changed my mind');
    expect(await link.pid()).not.toBe(before);
  });

  test('is rolled back by its server alone where it was lost in a part of a transaction, which begins anew', { timeout }, async () => {
    await using link = await throughCable();
    let tries = 0;
    const lost = async (): Promise<number> => {
      if (++tries > 1) return tries;
      link.cable.hush();
      throw new Error('Query read timeout');
    };
    expect(await link.database.transaction((within) => within.savepoint(lost))).toBe(2);
  });
});

describe('a database', () => {
  test('that runs with fsync=off is refused, unless loss was accepted', async () => {
    const database = file.database({ acceptDataLoss: false });
    await expect(database.query('SELECT 1')).rejects.toMatchObject({ code: 'StoreUnavailable', message: expect.stringContaining('fsync=off') });
    expect((await file.database().query('SELECT 1')).count).toBe(1);
  });

  test('that is not there is StoreUnavailable, and its password is not told', async () => {
    await using database = openDatabase({ ...file.options(), connection: 'postgresql://me:hunter2@127.0.0.1:1/postgres' }, realTime);
    const failure = await database.query('SELECT 1').catch((cause: Error) => cause);
    expect(failure).toMatchObject({ code: 'StoreUnavailable' });
    expect(String(failure)).not.toContain('hunter2');
  });

  test.each([
    ['no address', 'hunter2', 'DefinitionValueInvalid', 'is not the address of a PostgreSQL server'],
    ['that of something else', 'https://me:hunter2@127.0.0.1/postgres', 'DefinitionValueInvalid', 'is not the address of a PostgreSQL server'],
    ['none that can be read', 'postgresql://me:hunter2@127.0.0.1:99999999/postgres', 'DefinitionValueInvalid', 'is not the address of a PostgreSQL server'],
  ])('whose address is %s is refused, and it is not told', async (_what, connection, code, text) => {
    await using database = openDatabase({ ...file.options(), connection }, realTime);
    for (const asked of [database.query('SELECT 1'), database.transaction((within) => within.query('SELECT 1'))]) {
      const failure = await asked.catch((cause: Error) => cause);
      expect(failure).toMatchObject({ code, message: expect.stringContaining(text), hint: expect.stringContaining('postgresql://') });
      expect(inspect(failure)).not.toContain('hunter2');
    }
  });

  test.each(['require', 'verify-ca', 'verify-full'])('that knows no safe connections is not connected to with sslmode=%s, and the driver keeps its advice to itself', async (mode) => {
    await using cable = await openCable(file.options().connection);
    const warnings: Error[] = [];
    process.on('warning', (warning) => void warnings.push(warning));
    const connection = `${cable.connection}${cable.connection.includes('?') ? '&' : '?'}sslmode=${mode}`;
    await using database = openDatabase({ ...file.options(), connection }, realTime);
    await expect(database.query('SELECT 1')).rejects.toMatchObject({ code: 'StoreUnavailable', message: expect.stringContaining('there is no safe connection'), hint: expect.stringContaining('sslmode') });
    expect(warnings).toEqual([]);
  });

  test.each([
    ['a server that asks for a password where there is none', new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'), 'does not let us in'],
    ['a certificate that nobody knows', Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'no safe connection'],
    ['a certificate of another', Object.assign(new Error('Hostname/IP does not match'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), 'no safe connection'],
    ['a certificate of last year', Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' }), 'no safe connection'],
  ])('with %s is StoreUnavailable', (_what, cause, text) => {
    expect(worded(cause)).toMatchObject({ code: 'StoreUnavailable', message: expect.stringContaining(text), hint: expect.stringContaining('"connection"') });
  });

  test('whose idle connections were cut answers the next question', async () => {
    const database = file.database();
    const pid = async (): Promise<number> => (await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid ?? 0;
    const first = await pid();
    await file.database().query('SELECT pg_terminate_backend($1)', [first]);
    expect(await pid()).not.toBe(first);
    expect((await database.transaction((within) => within.query('SELECT 1'))).count).toBe(1);
  });

  test('keeps a text that holds a NUL', async () => {
    expect((await file.database().query('SELECT $1::text AS text', ['a\0b'])).rows).toEqual([{ text: 'a\uFFFDb' }]);
  });
});

describe('listening', () => {
  test('that is refused leaves no connection behind, however often it is tried', async () => {
    const end = new AbortController();
    let tries = 0;
    const clock: Clock = { ...realTime, sleep: async () => void (++tries === 3 && end.abort()) };
    await using database = openDatabase({ ...(await file.fresh()), connections: 1 }, clock);
    for await (const _payload of database.listen('', end.signal)) throw new Error('nobody can listen to a channel without a name');
    expect(tries).toBe(3);
    await until(async () => (await database.query('SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()')).count, (count) => count === 0);
  });

  test('begins with the news that something may have been missed, and hears what is told', async () => {
    const database = file.database();
    const end = new AbortController();
    const heard: (string | undefined)[] = [];
    for await (const payload of database.listen('words', end.signal)) {
      heard.push(payload);
      if (payload === undefined) await database.query("SELECT pg_notify('words', 'hello')");
      else end.abort();
    }
    expect(heard).toEqual([undefined, 'hello']);
  });

  test('begins again after its connection was cut', async () => {
    const database = file.database();
    const end = new AbortController();
    let begun = 0;
    for await (const payload of database.listen('words', end.signal)) {
      if (payload !== undefined) continue;
      begun += 1;
      if (begun === 2) end.abort();
      else await database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND pid <> pg_backend_pid()");
    }
    expect(begun).toBe(2);
  });
});
