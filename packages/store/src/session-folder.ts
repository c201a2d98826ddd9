import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JobError } from '@nightshift/sdk';
import { guarded, isReadOnly } from './errors.ts';
import { inTransaction } from './database/transaction.ts';
import type { EmbeddedStore } from './embedded-store.ts';
import { makeFolders } from './run-folder/make-folders.ts';

/** Makes a folder of ours with its parents, or looks at what is there. What is wrong with it, if anything. Source: S15, S16. */
function folderFault(path: string): string | undefined {
  try {
    guarded(path, () => makeFolders(path));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENAMETOOLONG') return 'its name is longer than the system allows';
    // Something of that name is there; a link that leads nowhere reads as if nothing were.
    if (!['EEXIST', 'ENOTDIR', 'ENOENT', 'ELOOP'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
  }
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return 'it cannot be made: something on its way is no folder';
  if (!facts.isDirectory()) return 'it is not a folder (a link is not followed)';
  if (process.getuid !== undefined && facts.uid !== process.getuid()) return `it belongs to user ${facts.uid}`;
  return undefined;
}

/**
 * Looks at a folder, made if need be. Where it cannot be made because the file system is read-only, it stays missing: whoever
 * only reads finds nothing there, whoever writes is told.
 */
export function unlessReadOnly(look: () => void): void {
  try {
    look();
  } catch (cause) {
    if (!isReadOnly(cause)) throw cause;
  }
}

/** A folder for jobs of this session: ours, and nobody else may look into it. Throws `RuntimeFolderUnsafe`. */
export function checkPrivate(path: string): void {
  const fault = folderFault(path);
  if (fault !== undefined) throw unsafe(path, fault);
  const mode = lstatSync(path).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw unsafe(path, `others may look into it (mode ${mode.toString(8).padStart(4, '0')})`, `chmod 700 '${path}'`);
  }
}

/** The state folder holds history and cache: made private, and tightened when it was made wider. Throws `StoreUnavailable`. */
export function stateFolder(path: string): void {
  const fault = folderFault(path);
  if (fault !== undefined) throw new JobError({ code: 'StoreUnavailable', message: `the state folder cannot be used: ${fault}`, file: path, hint: 'set NIGHTSHIFT_STATE_DIR to a folder of yours' });
  if (process.platform !== 'win32' && (lstatSync(path).mode & 0o077) !== 0) guarded(path, () => chmodSync(path, 0o700));
}

/**
 * `<state folder>/session/<boot id>/`, made at the first open after a boot; the folders of this machine's earlier boots go
 * then. A home folder may be shared by several machines: the file `host` says whose a folder is.
 */
export function sessionFolderOfBoot(state: string, boot: string, host: string): string {
  const folder = join(state, 'session', boot);
  unlessReadOnly(() => {
    checkPrivate(dirname(folder));
    checkPrivate(folder);
  });
  if (existsSync(folder) && readHost(folder) === undefined) {
    guarded(folder, () => writeFileSync(join(folder, 'host'), host, { mode: 0o600 }));
    for (const name of readdirSync(dirname(folder))) {
      const other = join(dirname(folder), name);
      if (name !== boot && readHost(other) === host) guarded(other, () => rmSync(other, { recursive: true, force: true }));
    }
  }
  return folder;
}

/**
 * Empties a session store that an earlier boot left: its processes are gone, and what a person started by hand ends with
 * the machine. One transaction decides who does it; everybody else waits for the lock and finds it done.
 */
export function emptyAfterBoot(store: EmbeddedStore, boot: string): void {
  if (bootOf(store) === boot) return;
  inTransaction(store.database, () => {
    const found = bootOf(store);
    if (found === boot) return;
    if (found !== undefined) {
      if (store.lasts) for (const name of readdirSync(store.root)) {
        if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name)) rmSync(join(store.root, name), { recursive: true, force: true });
      }
      store.database.exec('DELETE FROM instance WHERE parentId IS NOT NULL; DELETE FROM instance; DELETE FROM cursor; DELETE FROM store');
    }
    store.database.prepare('INSERT INTO store VALUES (?)').run(boot);
  });
}

function bootOf(store: EmbeddedStore): string | undefined {
  return (store.database.prepare('SELECT boot FROM store').get() as { boot: string } | undefined)?.boot;
}

function readHost(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'host'), 'utf8');
  } catch {
    return undefined;
  }
}

function unsafe(path: string, fault: string, fix?: string): JobError {
  return new JobError({
    code: 'RuntimeFolderUnsafe',
    message: `the folder cannot be trusted with jobs: ${fault}`,
    file: path,
    ...(fix === undefined ? {} : { hint: fix }),
  });
}
