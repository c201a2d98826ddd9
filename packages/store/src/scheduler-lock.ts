import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isBusy, newDatabase } from './database/open.ts';
import { guarded } from './errors.ts';
import { makeFolders } from './run-folder/make-folders.ts';

/** Held until it is released, or its process is gone in whatever way. */
export interface StoreLock {
  release(): void;
}

/**
 * The lock of a namespace, without waiting; undefined when somebody holds it. Node has no flock: it is an exclusive
 * transaction on a database of its own, `<state>/locks/<namespace>.db`, in which nothing is ever written.
 */
export function lockNamespace(state: string, namespace: string): StoreLock | undefined {
  return lock(state, namespace);
}

/** The lock of whoever changes files of definitions, in the same way. */
export function lockDefinitions(state: string): StoreLock | undefined {
  // No namespace begins like this.
  return lock(state, '_definitions');
}

/** The lock of the one process that works under a worker's name, in that worker's folder. */
export function lockWorker(folder: string): StoreLock | undefined {
  return lock(folder, '_worker');
}

/** A lock is held for as long as its database is open, and one that nobody remembers is closed by the garbage collector. */
const HELD = new Set<DatabaseSync>();

function lock(state: string, name: string): StoreLock | undefined {
  const path = join(state, 'locks', `${name}.db`);
  return guarded(path, () => {
    makeFolders(join(state, 'locks'));
    makePrivate(path);
    const database = newDatabase(path, { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (cause) {
      database.close();
      if (isBusy(cause)) return undefined;
      throw cause;
    }
    HELD.add(database);
    return {
      release() {
        HELD.delete(database);
        if (database.isOpen) database.close();
      },
    };
  });
}

/** Only a file that is not there: to close one that this process has locked would drop its lock (fcntl(2)). */
function makePrivate(path: string): void {
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
}
