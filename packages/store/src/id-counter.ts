import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { IDS_001 } from './database/migrations/ids-001.ts';
import { versionOf } from './database/migrate.ts';
import { prepared } from './database/prepared.ts';
import { checkIntegrity, newDatabase, openDatabase } from './database/open.ts';
import { guarded } from './errors.ts';
import { highestId } from './instances.ts';

/** Hands out ids: one counter for both stores of a user; an id is never given twice, not even after its job was removed. */
export interface IdCounter {
  /** The first of `count` consecutive ids, none below `floor`. `durable` ids survive a power cut. */
  take(count: number, floor: number, durable: boolean): number;
  close(): void;
}

/** The counter in `<state folder>/ids.db`, opened at the first id. */
export function createIdCounter(stateFolder: string): IdCounter {
  const path = join(stateFolder, 'ids.db');
  let database: DatabaseSync | undefined;
  let hasGiven = false;
  return {
    take(count, floor, durable) {
      database ??= openDatabase(path, 'NORMAL', [IDS_001]);
      const least = !hasGiven && isUntouched(database, path) ? Math.max(floor, aboveDurable(stateFolder)) : floor;
      const first = takeFrom(database, path, count, least, durable);
      hasGiven = true;
      return first;
    },
    close() {
      database?.close();
      database = undefined;
      hasGiven = false;
    },
  };
}

/** Why the counter cannot be used; undefined when it can, or was never made. */
export function idsFault(stateFolder: string): Error | undefined {
  const path = join(stateFolder, 'ids.db');
  if (!existsSync(path)) return undefined;
  try {
    const database = openDatabase(path, 'NORMAL', [IDS_001]);
    checkIntegrity(database, path);
    database.close();
    return undefined;
  } catch (cause) {
    return cause as Error;
  }
}

function takeFrom(database: DatabaseSync, path: string, count: number, floor: number, durable: boolean): number {
  return guarded(path, () => {
    // A power cut may forget the ids of session jobs, which it ended anyway; never one that a durable job bears.
    if (durable) database.exec('PRAGMA synchronous=FULL');
    const row = prepared(database, 'UPDATE ids SET next = max(next, ?) + ? RETURNING next').get(floor, count) as { next: number };
    return row.next - count;
  });
}

function isUntouched(database: DatabaseSync, path: string): boolean {
  return guarded(path, () => database.prepare('SELECT next FROM ids').get() as { next: number }).next === 1;
}

/** The counter was lost while durable jobs were kept: go on above them. */
function aboveDurable(stateFolder: string): number {
  return highestIdIn(stateFolder) + 1;
}

/** The highest id among the jobs of a store that may not be there; 0: it holds none. Throws `StoreUnavailable`. */
export function highestIdIn(root: string): number {
  const path = join(root, 'jobs.db');
  if (!existsSync(path)) return 0;
  return guarded(path, () => {
    using database = newDatabase(path, { readOnly: true });
    // Made this very moment by somebody else: it holds no job yet.
    return versionOf(database) === 0 ? 0 : highestId(database);
  });
}
