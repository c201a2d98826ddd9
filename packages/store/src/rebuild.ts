import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Instance } from '@nightshift/sdk';
import { checkIntegrity } from './database/open.ts';
import { openEmbeddedStore, type EmbeddedStore, type StoreKind, type StoreParts } from './embedded-store.ts';
import { findInstances, insertInstances } from './instances.ts';
import { foldersBelow, setAside } from './run-folder/disk.ts';
import { readStop } from './run-folder/exit-file.ts';
import { readJobFile } from './run-folder/job-file.ts';
import { attemptFolder } from './run-folder/layout.ts';

/** What a look at a store found. */
export interface StoreReport {
  readonly root: string;
  readonly jobs: number;
  /** Run folders whose job is not in the index. */
  readonly missing: readonly string[];
}

/** Looks, and changes nothing. Throws `StoreUnavailable` when the index cannot be read. */
export async function inspectStore(store: EmbeddedStore): Promise<StoreReport> {
  checkIntegrity(store.database, join(store.root, 'jobs.db'));
  const known = new Set(findInstances(store.database, store.root, {}).map(({ instanceId }) => instanceId));
  const folders = (await runFolders(store.root)).filter((folder) => {
    const first = readJobFile(folder)?.instances[0];
    return first !== undefined && !known.has(first.instanceId);
  });
  return { root: store.root, jobs: known.size, missing: folders };
}

/**
 * Puts the jobs of run folders that the index has lost back into it, as NotStarted: the next look at their folders finds
 * out what became of them. A damaged index is kept beside the new one as `jobs.db.corrupt-<time>`.
 */
export async function rebuildStore(kind: StoreKind, parts: StoreParts, now: Date): Promise<StoreReport & { readonly setAside?: string }> {
  const aside = await setAsideIfDamaged(kind, parts, now);
  const store = openEmbeddedStore(kind, parts);
  try {
    const report = await inspectStore(store);
    for (const folder of report.missing) insertInstances(store.database, store.root, identitiesIn(folder));
    return { ...report, jobs: report.jobs + report.missing.length, ...(aside === undefined ? {} : { setAside: aside }) };
  } finally {
    store.close();
  }
}

async function setAsideIfDamaged(kind: StoreKind, parts: StoreParts, now: Date): Promise<string | undefined> {
  const path = join(kind.root, 'jobs.db');
  if (!existsSync(path)) return undefined;
  try {
    const store = openEmbeddedStore(kind, parts);
    try {
      checkIntegrity(store.database, path);
    } finally {
      store.close();
    }
    return undefined;
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'StoreUnavailable') throw cause;
  }
  const target = `${path}.corrupt-${now.toISOString().replaceAll(':', '')}`;
  await setAside(path, target);
  // Their content belongs to the damaged file, and would be played into the new one.
  for (const suffix of ['-wal', '-shm']) if (existsSync(path + suffix)) await setAside(path + suffix, target + suffix);
  return target;
}

/** The run folder lies where it was found, whatever path it was made under. */
function identitiesIn(folder: string): Instance[] {
  return (readJobFile(folder)?.instances ?? []).map((instance) => {
    if (instance.runFolder === undefined) return instance;
    const stopReason = readStop(attemptFolder(folder, instance.attempt));
    return { ...instance, runFolder: folder, ...(stopReason === undefined ? {} : { stopReason }) };
  });
}

async function runFolders(root: string): Promise<string[]> {
  const isRun = (path: string): boolean => existsSync(join(path, 'job.json'));
  const inSession = await foldersBelow(root, 1, isRun);
  const inOutput = await foldersBelow(join(root, 'output'), 3, isRun);
  return [...inSession, ...inOutput].filter((path) => !basename(path).startsWith('.'));
}
