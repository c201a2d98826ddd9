import { expect, test } from 'vitest';
import { bossOn } from '../src/boss.ts';
import type { Database } from '../src/database.ts';
import { migrate } from '../src/migrate.ts';
import { openEngine } from '../src/open.ts';
import { realTime } from './real-time.ts';
import { MIGRATIONS } from '../src/migrations/index.ts';
import { serverOfThisFile } from './server.ts';

const file = serverOfThisFile();

test('a schema is made once, whoever comes at the same time', async () => {
  const options = file.options();
  const databases = [1, 2, 3].map(() => file.database(options));
  await Promise.all(databases.map((database) => migrate(database)));
  const { rows } = await file.database().query(`SELECT version FROM ${options.schema}.migration ORDER BY version`);
  expect(rows).toEqual(MIGRATIONS.map((_, index) => ({ version: index + 1 })));
});

test('a schema that is newer than we are is refused, and left alone', async () => {
  const options = file.options();
  const database = file.database(options);
  await migrate(database, [...MIGRATIONS, 'CREATE TABLE later (id int)']);
  await expect(migrate(database)).rejects.toMatchObject({ code: 'StoreVersionNotSupported', message: expect.stringContaining(`"${options.schema}"`) });
});

test('a schema of pg-boss that is newer than its library here is refused, and left alone', async () => {
  const options = file.options();
  const [first, second] = [bossOn(file.database(options)), bossOn(file.database(options))];
  await first.prepare(['default']);
  await file.database().query(`UPDATE ${options.schema}_boss.version SET version = version + 1`);
  await expect(second.prepare(['default'])).rejects.toMatchObject({ code: 'StoreVersionNotSupported', message: expect.stringContaining(`"${options.schema}_boss"`) });
});

test('a role that may make no schema works in those that somebody has made for it', async () => {
  const options = file.options();
  const tenant = `tenant_${options.schema}`;
  await file.database().query(`CREATE ROLE ${tenant} LOGIN; CREATE SCHEMA ${options.schema} AUTHORIZATION ${tenant}; CREATE SCHEMA ${options.schema}_boss AUTHORIZATION ${tenant}`);
  const as = `options=${encodeURIComponent(`-c role=${tenant}`)}`;
  const engine = openEngine({ ...options, connection: `${options.connection}${options.connection.includes('?') ? '&' : '?'}${as}` }, { clock: realTime, namespace: 'p' });
  try {
    expect(await engine.queue.acquire({ host: 'one', routes: ['default'], slots: 1 })).toEqual([]);
    const { rows } = await file.database().query('SELECT DISTINCT schemaname, tableowner FROM pg_tables WHERE schemaname IN ($1, $2) ORDER BY 1', [options.schema, `${options.schema}_boss`]);
    expect(rows).toEqual([{ schemaname: options.schema, tableowner: tenant }, { schemaname: `${options.schema}_boss`, tableowner: tenant }]);
  } finally {
    await engine[Symbol.asyncDispose]();
    await file.database().query(`DROP OWNED BY ${tenant}; DROP ROLE ${tenant}`);
  }
});

test.each(['instance (x int)', 'migration (x int)'])('a schema in which somebody else keeps a table %s is refused, and left alone', async (table) => {
  const database = file.database();
  await database.query(`CREATE SCHEMA ${database.schema}; CREATE TABLE ${database.schema}.${table}`);
  await expect(migrate(database)).rejects.toMatchObject({ code: 'StoreUnavailable', message: expect.stringContaining(`"${database.schema}" holds what is not Nightshift's`), hint: expect.stringContaining('"schema"') });
  expect((await database.query('SELECT 1 FROM pg_catalog.pg_class WHERE relkind = \'r\' AND relnamespace = $1::regnamespace', [database.schema])).count).toBe(1);
});

test('an older schema is brought forward by the steps that it lacks', async () => {
  const database = file.database();
  await migrate(database);
  await migrate(database, [...MIGRATIONS, 'CREATE TABLE later (id int)']);
  expect((await database.query(`SELECT * FROM ${database.schema}.later`)).rows).toEqual([]);
});

test('a step that fails leaves the schema as it was', async () => {
  const database = file.database();
  await migrate(database);
  await expect(migrate(database, [...MIGRATIONS, 'CREATE TABLE later (id int)', 'SELECT 1 / 0'])).rejects.toMatchObject({ code: '22012' });
  await expect(database.query(`SELECT * FROM ${database.schema}.later`)).rejects.toMatchObject({ code: '42P01' });
});

test('ids of one taking are neighbours, whoever takes at the same time', async () => {
  const database = file.database();
  await migrate(database);
  const taken = await Promise.all(Array.from({ length: 40 }, () => database.query<{ ids: number[] }>(`SELECT ${database.schema}.take_ids(3) AS ids`)));
  const ids = taken.map(({ rows }) => rows[0]?.ids.map(Number) ?? []);
  for (const [first = 0, ...others] of ids) expect(others).toEqual([first + 1, first + 2]);
  expect(new Set(ids.flat()).size).toBe(120);
});

test('ids begin behind those that a machine gives, unless some have been given already', async () => {
  const [fresh, used] = [file.database(), file.database()];
  const take = async ({ schema, query }: Database): Promise<readonly number[]> => (await query<{ ids: readonly number[] }>(`SELECT ${schema}.take_ids(2) AS ids`)).rows[0]?.ids.map(Number) ?? [];
  await migrate(fresh);
  await migrate(used, MIGRATIONS.slice(0, 2));
  expect([await take(fresh), await take(used)]).toEqual([[1_000_001, 1_000_002], [1, 2]]);
  await migrate(used);
  expect([await take(fresh), await take(used)]).toEqual([[1_000_003, 1_000_004], [3, 4]]);
});
