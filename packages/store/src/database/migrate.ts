import { closeSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { storeNewerSchema } from '../errors.ts';
import { inTransaction } from './transaction.ts';

/** One step of a schema: its SQL is run once, in a transaction with the new `user_version`. */
export type Migration = string;

/** Brings a database to the newest schema; refuses one that is newer than we are. */
export function migrate(database: DatabaseSync, path: string, migrations: readonly Migration[]): void {
  const found = versionOf(database);
  if (found === migrations.length) return;
  if (found > migrations.length) throw storeNewerSchema(path, found, migrations.length);
  // Kept in the file: once is enough, and it cannot be changed inside a transaction.
  const isFile = (database.prepare('PRAGMA journal_mode=WAL').get() as { journal_mode: string }).journal_mode === 'wal';
  if (found > 0 && isFile) copyAside(database, `${path}.schema-${found}`);
  inTransaction(database, () => {
    // Somebody else may have been first: between our look and our lock.
    for (let version = versionOf(database); version < migrations.length; version++) {
      database.exec(migrations[version] as string);
      database.exec(`PRAGMA user_version=${version + 1}`);
    }
  });
}

/** A copy of an earlier try is made anew: it was cut off, or its change was. SQLite fills an empty file, whose mode we choose. */
function copyAside(database: DatabaseSync, copy: string): void {
  closeSync(openSync(copy, 'w', 0o600));
  database.exec(`VACUUM INTO '${copy.replaceAll("'", "''")}'`);
}

/** The schema of a database; 0 before the first. */
export function versionOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}
