import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Instance, StopReason } from '@nightshift/sdk';
import { checkIntegrity } from './database/open.ts';
import { readOnly } from './errors.ts';
import { openEmbeddedStore, type EmbeddedStore, type StoreKind, type StoreParts } from './embedded-store.ts';
import { findInstances, insertInstances } from './instances.ts';
import { idsFault } from './id-counter.ts';
import { foldersBelow, removeFolder, setAside } from './run-folder/disk.ts';
import { readStop } from './run-folder/exit-file.ts';
import { identityFault, JOB_FILE, readJobFile } from './run-folder/job-file.ts';
import { attemptFolder } from './run-folder/layout.ts';
import { faultOf, setRunAside, type Fault } from './run-folder/unreadable.ts';

/** What a look at a store found. */
export interface StoreReport {
  readonly root: string;
  readonly jobs: number;
  /** Run folders whose job is not in the index. */
  readonly missing: readonly string[];
  /** Folders of starts that were cut off before they had a job: nothing can have run in them. */
  readonly stillborn: readonly string[];
  /** Run folders whose job is not in the index, and which do not say whose they are. */
  readonly unreadable: readonly UnreadableRun[];
}

/** A run folder, and what of it cannot be read. */
export interface UnreadableRun extends Fault {
  readonly folder: string;
}

/** What a repair did. */
export interface StoreRepair extends StoreReport {
  /** Where the damaged index is kept, if it was. */
  readonly setAside?: string;
  /** Unreadable runs that were taken out of the way, and where to. */
  readonly kept: readonly (UnreadableRun & { readonly place: string })[];
}

/** Looks, and changes nothing. Throws `StoreUnavailable` when the index cannot be read. */
export async function inspectStore(store: EmbeddedStore): Promise<StoreReport> {
  checkIntegrity(store.database, join(store.root, 'jobs.db'));
  const rows = findInstances(store.database, store.root, {});
  const known = new Set(rows.map(({ instanceId }) => instanceId));
  // Whatever lies in the folder of a row is that row's, and for its readers to judge.
  const ours = new Set(rows.map(({ runFolder }) => runFolder));
  const folders = (await runFolders(store.root)).map((folder) => ({ folder, job: readJobFile(folder)?.instances[0] }));
  const strange = folders.filter(({ folder, job }) => job === undefined && !ours.has(folder)).map(({ folder }) => ({ folder, fault: identityFault(folder) }));
  return {
    root: store.root,
    jobs: known.size,
    missing: folders.filter(({ job }) => job !== undefined && !known.has(job.instanceId)).map(({ folder }) => folder),
    stillborn: strange.filter(({ folder, fault }) => fault === undefined && isAbandoned(folder)).map(({ folder }) => folder),
    unreadable: strange.flatMap(({ folder, fault }) => (fault === undefined ? [] : [{ ...fault, folder }])),
  };
}

/** No start takes this long, in milliseconds, between its folder and its identity. */
const LONGEST_START = 60_000;

function isAbandoned(folder: string): boolean {
  return lstatSync(join(folder, JOB_FILE), { throwIfNoEntry: false }) === undefined && Date.now() - statSync(folder).mtimeMs > LONGEST_START;
}

/**
 * Puts the jobs of run folders that the index has lost back into it, as NotStarted: the next look at their folders finds
 * out what became of them. A damaged index is kept beside the new one as `jobs.db.corrupt-<time>`, a run that does not say
 * whose it is as `<run>.corrupt-<time>` unless it `lives`.
 */
export async function rebuildStore(kind: StoreKind, parts: StoreParts, now: Date, lives: (runFolder: string) => boolean = () => false): Promise<StoreRepair> {
  const aside = await setAsideIfDamaged(kind, parts, now);
  const store = openEmbeddedStore(kind, parts);
  try {
    if (!store.lasts) throw readOnly(join(kind.root, 'jobs.db'));
    const report = await inspectStore(store);
    for (const folder of report.stillborn) await removeFolder(folder);
    // Parents before their children: an id is always higher than that of the parent.
    const families = report.missing.map(identitiesIn).toSorted(([one], [other]) => (one?.id ?? 0) - (other?.id ?? 0));
    for (const family of families) insertMissing(store, family);
    const kept = report.unreadable.filter(({ folder }) => !lives(folder)).flatMap((run) => {
      const place = setRunAside(run.folder, now);
      return place === undefined ? [] : [{ ...run, place }];
    });
    return { ...report, kept, jobs: report.jobs + report.missing.length, ...(aside === undefined ? {} : { setAside: aside }) };
  } finally {
    store.close();
  }
}

/** A damaged id counter is kept aside; the next id goes on above every job that either store knows. Its new name, if it was damaged. */
export async function repairIds(stateFolder: string, now: Date): Promise<string | undefined> {
  const fault = idsFault(stateFolder);
  return fault === undefined ? undefined : keepAside(join(stateFolder, 'ids.db'), now);
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
  return keepAside(path, now);
}

async function keepAside(path: string, now: Date): Promise<string> {
  const target = `${path}.corrupt-${now.toISOString().replaceAll(':', '')}`;
  await setAside(path, target);
  // Their content belongs to the damaged file, and would be played into the new one.
  for (const suffix of ['-wal', '-shm']) if (existsSync(path + suffix)) await setAside(path + suffix, target + suffix);
  return target;
}

/** An instance id, or a stamp with eight digits of one. Folders of other names are somebody else's. */
const RUN_NAME = /^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|\d{8}-\d{6}-\d{3}-[0-9a-f]{8})$/;

/** The run folder lies where it was found, whatever path it was made under. */
function identitiesIn(folder: string): Instance[] {
  const family = readJobFile(folder)?.instances ?? [];
  return family.map((instance) => {
    // A parent of one is at the attempt of its child.
    if (instance.runFolder === undefined) return family.length === 2 ? { ...instance, attempt: newestAttempt(folder) } : instance;
    const runFolder = join(dirname(folder), basename(instance.runFolder));
    const attempt = newestAttempt(runFolder);
    const stopReason = wishIn(attemptFolder(runFolder, attempt), runFolder);
    return { ...instance, runFolder, attempt, ...retriedOf(instance, attempt), ...(stopReason === undefined ? {} : { stopReason }) };
  });
}

/** Of a run that cannot be read it is not known; whoever looks at the run next says so. */
function wishIn(attempt: string, runFolder: string): StopReason | undefined {
  try {
    return readStop(attempt);
  } catch (cause) {
    if (faultOf(cause, runFolder) === undefined) throw cause;
    return undefined;
  }
}

/** The one with the highest sub-folder: those before it are closed. */
function newestAttempt(runFolder: string): number {
  return existsSync(runFolder) ? Math.max(1, ...readdirSync(runFolder).filter((name) => /^[1-9]\d*$/.test(name)).map(Number)) : 1;
}

/** Which of the attempts counted is not known any more: all, so that none is given twice. */
function retriedOf({ run }: Instance, attempt: number): Pick<Instance, 'run'> {
  return run?.retry === undefined || attempt === 1 ? {} : { run: { ...run, retried: attempt - 1 } };
}

/** The folders of several children name one family: each of it comes back once. */
function insertMissing(store: EmbeddedStore, family: readonly Instance[]): void {
  const known = findInstances(store.database, store.root, { ids: family.map(({ id }) => id) }).map(({ id }) => id);
  const missing = family.filter(({ id }) => !known.includes(id)).map((instance) => (family.some(({ id }) => id === instance.parentId) ? instance : withParent(store, instance)));
  store.write(() => insertInstances(store.database, store.root, missing));
}

/** A child whose parent is lost is a job of its own: what it wrote is not lost with it. */
function withParent(store: EmbeddedStore, instance: Instance): Instance {
  const { parentId, ...alone } = instance;
  if (parentId === undefined || findInstances(store.database, store.root, { ids: [parentId] }).length > 0) return instance;
  return { ...alone, origin: { kind: 'demand', runNow: false } };
}

async function runFolders(root: string): Promise<string[]> {
  const isRun = (path: string): boolean => RUN_NAME.test(basename(path));
  return [...(await foldersBelow(root, 1, isRun)), ...(await foldersBelow(join(root, 'output'), 3, isRun))];
}
