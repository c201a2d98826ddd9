/**
 * A database on a read-only file system. SQLite cannot even read one there whose log is not empty: it would have to make the
 * shared memory beside it. So it is copied into memory, where everything works as ever and nothing lasts.
 */
import { accessSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { guarded, isReadOnly } from '../errors.ts';
import { migrate, versionOf, type Migration } from './migrate.ts';
import { checkHeader, newDatabase, openDatabase, type Synchronous } from './open.ts';

/**
 * Opens or creates a database as `openDatabase` does; on a read-only file system a copy in memory (`lasts` is false): it can be
 * read, and whatever is written is gone with the process.
 */
export function openForReading(path: string, synchronous: Synchronous, migrations: readonly Migration[]): { readonly database: DatabaseSync; readonly lasts: boolean } {
  try {
    return { database: openDatabase(path, synchronous, migrations), lasts: true };
  } catch (cause) {
    if (!isReadOnly(cause) && !isMissingForGood(dirname(path))) throw cause;
    return { database: guarded(path, () => copyOf(path, migrations)), lasts: false };
  }
}

function copyOf(path: string, migrations: readonly Migration[]): DatabaseSync {
  if (existsSync(path)) checkHeader(path, 'r');
  const database = memoryCopy(path);
  migrate(database, path, migrations);
  return database;
}

/** Whether a folder is missing that cannot be made. */
function isMissingForGood(folder: string): boolean {
  if (existsSync(folder)) return false;
  const above = dirname(folder);
  if (!existsSync(above)) return isMissingForGood(above);
  try {
    accessSync(above, constants.W_OK);
    return false;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EROFS';
  }
}

/** Empty when there is nothing at `path`. */
function memoryCopy(path: string): DatabaseSync {
  const copy = newDatabase(':memory:', {});
  if (sizeOf(path) === 0) return copy;
  if (sizeOf(`${path}-wal`) === 0) {
    fill(copy, path);
    return copy;
  }
  const folder = mkdtempSync(join(process.getBuiltinModule('node:os').tmpdir(), 'nightshift-'));
  try {
    const whole = join(folder, 'copy.db');
    copyFileSync(path, whole);
    copyFileSync(`${path}-wal`, `${whole}-wal`);
    // Opened and closed once, the log is in the file.
    const merged = newDatabase(whole, {});
    versionOf(merged);
    merged.close();
    fill(copy, whole);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return copy;
}

function fill(copy: DatabaseSync, path: string): void {
  copy.exec(`ATTACH '${process.getBuiltinModule('node:url').pathToFileURL(path).href.replaceAll("'", "''")}?immutable=1' AS original`);
  const version = (copy.prepare('PRAGMA original.user_version').get() as { user_version: number }).user_version;
  const parts = copy.prepare("SELECT type, name, sql FROM original.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type <> 'table'").all() as unknown as { type: string; name: string; sql: string }[];
  for (const { type, name, sql } of parts) {
    copy.exec(sql);
    if (type === 'table') copy.exec(`INSERT INTO main.${quoted(name)} SELECT * FROM original.${quoted(name)}`);
  }
  copy.exec(`PRAGMA user_version=${version}; DETACH original`);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
