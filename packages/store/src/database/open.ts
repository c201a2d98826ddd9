import { closeSync, openSync, readSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { guarded, storeUnavailable } from '../errors.ts';
import { migrate, type Migration } from './migrate.ts';

/** How much a commit survives: FULL a power cut, NORMAL and OFF the death of our processes only. */
export type Synchronous = 'FULL' | 'NORMAL' | 'OFF';

/**
 * Opens or creates a database file, 0600, in write-ahead mode, at its newest schema.
 * The busy timeout is a constructor option, so that it holds before the first pragma does.
 * Throws `StoreUnavailable` for a file that is no database, `StoreNewerSchema`, `StoreFull`, `ReadOnlyFileSystem`.
 */
export function openDatabase(path: string, synchronous: Synchronous, migrations: readonly Migration[]): DatabaseSync {
  return guarded(path, () => {
    checkHeader(path, 'a+');
    return patiently(() => {
      const database = newDatabase(path, {});
      try {
        database.exec(`PRAGMA synchronous=${synchronous}; PRAGMA wal_autocheckpoint=${synchronous === 'FULL' ? 1_000 : SHORT_LOG}`);
        migrate(database, path, migrations);
      } catch (cause) {
        database.close();
        throw cause;
      }
      return database;
    });
  });
}

/** Pages. Whoever opens a database first reads its whole log: where a checkpoint needs no disk to answer, it is kept short. */
const SHORT_LOG = 100;

const HEADER = 'SQLite format 3\0';

/**
 * `a+` makes a missing file: SQLite would make it readable for others; its -wal and -shm files take the mode of this one. A
 * file that is no database is not even shown to it: it would take the log beside it for a left-over and delete it.
 */
export function checkHeader(path: string, flag: 'a+' | 'r'): void {
  const file = openSync(path, flag, 0o600);
  try {
    const header = Buffer.alloc(HEADER.length);
    const length = readSync(file, header, 0, header.length, 0);
    if (length > 0 && header.toString('latin1') !== HEADER) throw storeUnavailable(path, 'file is not a database');
  } finally {
    closeSync(file);
  }
}

/** How long somebody else may hold a database, in milliseconds. */
const PATIENCE = 5_000;
const PAUSE_LENGTH = 10;
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/** The switch to write-ahead mode does not wait for others, whatever the timeout says: while two make a database, one is told "busy" at once. */
function patiently<T>(act: () => T): T {
  for (let waited = 0; ; waited += PAUSE_LENGTH) {
    try {
      return act();
    } catch (cause) {
      if (!isBusy(cause) || waited > PATIENCE) throw cause;
      // Not all at the same moment again.
      Atomics.wait(PAUSE, 0, 0, PAUSE_LENGTH * (0.5 + Math.random()));
    }
  }
}

/** SQLITE_BUSY, plain or extended. */
export function isBusy(cause: unknown): boolean {
  const { errcode } = cause as { errcode?: number };
  return errcode !== undefined && (errcode & 0xff) === 5;
}

/** Node 22 calls its own SQLite experimental whenever it is loaded; nothing else is kept back. */
function quietly<T>(act: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return act();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** A connection that waits `timeout` milliseconds for others, by default five seconds. SQLite is loaded by the first: a help text needs none. */
export function newDatabase(path: string, options: { readonly readOnly?: boolean; readonly timeout?: number }): DatabaseSync {
  const { DatabaseSync: Database } = quietly(() => process.getBuiltinModule('node:sqlite'));
  return new Database(path, { timeout: PATIENCE, ...options });
}

/** What SQLite itself says about the file; throws `StoreUnavailable` unless it is sound. */
export function checkIntegrity(database: DatabaseSync, path: string): void {
  const [row] = guarded(path, () => database.prepare('PRAGMA integrity_check(1)').all()) as [{ integrity_check: string }];
  if (row.integrity_check !== 'ok') throw storeUnavailable(path, row.integrity_check);
}
