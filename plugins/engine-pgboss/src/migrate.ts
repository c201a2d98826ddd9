import type { Database, Queryable } from './database.ts';
import { foreignSchema, isInTheWay, newerSchema } from './errors.ts';
import { MIGRATIONS } from './migrations/index.ts';

/**
 * Brings our schema to the newest version, all steps or none. Who comes second waits, and finds it done. Throws
 * `StoreVersionNotSupported` for a schema that is newer than we are.
 */
export async function migrate(database: Database, migrations: readonly string[] = MIGRATIONS): Promise<void> {
  const { schema } = database;
  try {
    await bringUp(database, migrations);
  } catch (cause) {
    throw isInTheWay(cause) ? foreignSchema(schema, cause) : cause;
  }
}

async function bringUp(database: Database, migrations: readonly string[]): Promise<void> {
  const { schema } = database;
  if (isUpToDate(schema, await versionOf(database, schema), migrations.length)) return;
  await database.transaction(async (within) => {
    await within.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${schema}.migration`]);
    const found = await versionOf(within, schema);
    if (isUpToDate(schema, found, migrations.length)) return;
    // Who may not make a schema may own one that somebody has made for him.
    if (!(await hasSchema(within, schema))) await within.query(`CREATE SCHEMA ${schema}`);
    await within.query(`CREATE TABLE IF NOT EXISTS ${schema}.migration (version int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now()); SET LOCAL search_path = ${schema}`);
    for (let version = found; version < migrations.length; version++) {
      await within.query(migrations[version] as string);
      await within.query('INSERT INTO migration (version) VALUES ($1)', [version + 1]);
    }
  });
}

function isUpToDate(schema: string, found: number, known: number): boolean {
  if (found > known) throw newerSchema(schema, found, known);
  return found === known;
}

export async function hasSchema(on: Queryable, schema: string): Promise<boolean> {
  return (await on.query('SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1', [schema])).count === 1;
}

/** 0 where there is nothing of ours yet. */
async function versionOf(database: Queryable, schema: string): Promise<number> {
  // By a look into the catalogue: to_regclass may remember from before we waited that there is nothing.
  const { count } = await database.query("SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'migration' AND relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)", [schema]);
  if (count === 0) return 0;
  return (await database.query<{ version: number }>(`SELECT coalesce(max(version), 0)::int AS version FROM ${schema}.migration`)).rows[0]?.version ?? 0;
}
