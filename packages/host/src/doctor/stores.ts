import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { quoted } from '@nightshift/core';
import { isJobError } from '@nightshift/sdk';
import { durableLayout, highestIdIn, idsFault, inspectStore, JOBS_MIGRATIONS, openEmbeddedStore, sessionLayout, type StoreKind } from '@nightshift/store';
import { bad, count, well, type Finding } from './finding.ts';
import { sessionRoot } from './folders.ts';
import type { Surroundings } from './surroundings.ts';

/** The kinds of store, as `HostStores.kinds` has them, but nothing is made. */
export function sessionStore(surroundings: Surroundings): Promise<Finding> {
  const { environment, stores } = surroundings;
  return examineStore('session store', surroundings, { root: sessionRoot(environment, stores.state), layout: sessionLayout, synchronous: 'OFF', durable: false });
}

export function durableStore(surroundings: Surroundings): Promise<Finding> {
  return examineStore('durable store', surroundings, { root: surroundings.stores.state, layout: durableLayout, synchronous: 'FULL', durable: true });
}

export function idCounter({ environment, stores }: Surroundings): Finding {
  const subject = 'id counter';
  const path = join(stores.state, 'ids.db');
  // The first start that there ever was may be cut off between the making of a file and its first byte.
  const isUnused = (): boolean => [stores.state, sessionRoot(environment, stores.state)].every(isWithoutJobs);
  if (sizeOf(path) === undefined || (sizeOf(path) === 0 && isUnused())) return well(subject, 'made at the first job');
  const fault = sizeOf(path) === 0 ? new Error('the file is empty') : idsFault(stores.state);
  return fault === undefined ? well(subject, 'whole') : bad(subject, `${wordsOf(fault)} (${path})`, fixOf(fault, path));
}

/** One that cannot be read may hold some. */
function isWithoutJobs(root: string): boolean {
  try {
    return (sizeOf(join(root, 'jobs.db')) ?? 0) === 0 || highestIdIn(root) === 0;
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    return false;
  }
}

async function examineStore(subject: string, { stores }: Surroundings, kind: StoreKind): Promise<Finding> {
  const path = join(kind.root, 'jobs.db');
  if ((sizeOf(path) ?? 0) === 0) return withoutIndex(subject, kind);
  const schema = schemaIn(path);
  // Opening it would change it.
  if (schema > 0 && schema < JOBS_MIGRATIONS.length && (sizeOf(`${path}-wal`) ?? 0) === 0) return well(subject, `schema ${schema}, brought to ${JOBS_MIGRATIONS.length} at the next use`);
  try {
    const store = openEmbeddedStore(kind, stores.parts);
    try {
      const { jobs, missing, stillborn, unreadable } = await inspectStore(store);
      const faults = [
        ...(missing.length === 0 ? [] : [`${count(missing.length, 'run folder')} not in the index`]),
        ...(stillborn.length === 0 ? [] : [`${count(stillborn.length, 'folder')} of starts that were cut off`]),
        ...(unreadable.length === 0 ? [] : [`${count(unreadable.length, 'run folder')} that cannot be read`]),
      ];
      const text = [`schema ${JOBS_MIGRATIONS.length}, ${count(jobs, 'row')}`, ...faults].join('; ');
      return faults.length === 0 ? well(subject, text) : bad(subject, text, REPAIR);
    } finally {
      store.close();
    }
  } catch (cause) {
    return bad(subject, `${wordsOf(cause)} (${path})`, fixOf(cause, path));
  }
}

const REPAIR = 'nightshift doctor --repair';

/** An index that is missing or has nothing in it is a fault only where there are runs that it should know. */
function withoutIndex(subject: string, { root, durable }: StoreKind): Finding {
  const runs = durable ? runsBelow(join(root, 'output'), 3) : runsBelow(root, 1);
  if (runs > 0) return bad(subject, `${root} has no index; ${count(runs, 'run folder')} not in the index`, REPAIR);
  return well(subject, durable ? 'nothing was ever kept' : 'made at the first job');
}

/** Folders with the identity of a job, at most so deep below another one. */
function runsBelow(folder: string, depth: number): number {
  const below = foldersIn(folder).map((name) => join(folder, name));
  const runs = below.filter((path) => !path.includes('.corrupt-') && sizeOf(join(path, 'job.json')) !== undefined).length;
  return runs + (depth > 1 ? below.reduce((sum, path) => sum + runsBelow(path, depth - 1), 0) : 0);
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    // Whether a folder can be read is a finding of its own.
    return [];
  }
}

/** Undefined: nothing is there, or nobody can tell. */
function sizeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size;
  } catch {
    return undefined;
  }
}

/** The user version in the header of a database (sqlite.org/fileformat2.html, 1.3); 0 where there is none. A log beside it may know better. */
function schemaIn(path: string): number {
  try {
    const file = openSync(path, 'r');
    try {
      const header = Buffer.alloc(64);
      return readSync(file, header, 0, 64, 0) === 64 && header.toString('latin1', 0, 15) === 'SQLite format 3' ? header.readUInt32BE(60) : 0;
    } finally {
      closeSync(file);
    }
  } catch {
    return 0;
  }
}

export function wordsOf(cause: unknown): string {
  const { code, message } = cause as { code?: string; message: string };
  return code === undefined || message.startsWith(code) ? message : `${code}: ${message}`;
}

/** What helps against each kind of trouble; a damaged file is built anew. */
export function fixOf(cause: unknown, path: string): string {
  const { code, message } = cause as { code?: string; message: string };
  switch (code) {
    case 'StoreNewerSchema':
      return 'npm install --global nightshift@latest';
    case 'StoreLocked':
      return `fuser -v ${quoted([path])}`;
    case 'StoreFull':
      return 'remove-job --state Completed';
    case 'ReadOnlyFileSystem':
      return 'export NIGHTSHIFT_STATE_DIR=FOLDER';
    case 'InputOutputError':
      return 'sudo dmesg | tail';
    case 'EISDIR':
      return `mv ${quoted([path, `${path}.aside`])}`;
    default:
      return /EACCES|EPERM/.test(message) ? `sudo chown "$(id -u)" ${quoted([path])} && chmod 600 ${quoted([path])}` : REPAIR;
  }
}
