import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { failpoint } from '@nightshift/sdk/failpoint';
import { isFinished, type Instance, type JobError, type JobStore, type NewInstance } from '@nightshift/sdk';
import { attemptsOf, scheduleAttempt } from './attempts.ts';
import { readingsOf, saveReading } from './cursors.ts';
import { JOBS_001 } from './database/migrations/jobs-001.ts';
import { JOBS_002 } from './database/migrations/jobs-002.ts';
import { JOBS_003 } from './database/migrations/jobs-003.ts';
import { JOBS_004 } from './database/migrations/jobs-004.ts';
import { JOBS_005 } from './database/migrations/jobs-005.ts';
import { JOBS_006 } from './database/migrations/jobs-006.ts';
import { JOBS_007 } from './database/migrations/jobs-007.ts';
import { openForReading } from './database/memory-copy.ts';
import type { Synchronous } from './database/open.ts';
import { writerOf, type Write } from './database/transaction.ts';
import { cannotMark, guarded, guardedRead, readOnly, takesNoChildren } from './errors.ts';
import type { IdCounter } from './id-counter.ts';
import { importRuns } from './import-runs.ts';
import { countInstances, deleteInstances, findInstances, highestId, insertInstances, lastEnds, latestInstances, transitionInstances } from './instances.ts';
import { relocated } from './move-runs.ts';
import { beingRead, markReading, type Processes } from './readers.ts';
import { beyondLimits, finishedBeyond, unfinishedFamilies } from './retention.ts';
import { startOf } from './row-shapes.ts';
import { removeFolder } from './run-folder/disk.ts';
import { FOLDER_OUTPUT } from './run-folder/folder-output.ts';
import { makeRunFolder } from './run-folder/job-file.ts';
import type { Layout } from './run-folder/layout.ts';
import { readAttempts, readBytesOfAttempts } from './run-folder/read-attempts.ts';
import type { CutRecord } from './run-folder/read-command.ts';
import { readPiece } from './run-folder/read-piece.ts';
import { takeUp } from './take-up.ts';

/** The embedded store, once for the session and once for good: what differs is said here. */
export interface StoreKind {
  readonly root: string;
  readonly layout: Layout;
  readonly synchronous: Synchronous;
  readonly durable: boolean;
}

/** What a store is given by others: ids, and the meaning of a line. */
export interface StoreParts {
  readonly ids: IdCounter;
  readonly cutRecord: CutRecord;
  /** Told what does not stop anything. Default: nobody. */
  readonly warn?: (warning: JobError) => void;
  /** To know who reads a run. Default: nobody is known to. */
  readonly processes?: Processes;
}

export const JOBS_MIGRATIONS: readonly string[] = [JOBS_001, JOBS_002, JOBS_003, JOBS_004, JOBS_005, JOBS_006, JOBS_007];

export interface EmbeddedStore extends JobStore {
  readonly database: DatabaseSync;
  readonly root: string;
  readonly kind: StoreKind;
  /** False on a read-only file system. */
  readonly lasts: boolean;
  /** A question to the database; its failure is worded as store trouble. */
  look<T>(ask: () => T): T;
  /** One transaction of this store, fenced like its own. */
  readonly write: Write;
  /**
   * The same store for somebody who may write only as long as `fence` does not throw. It is asked in the transaction of every
   * write (but `saveReading`), and before a folder is made or removed.
   */
  fencedBy(fence: () => void): EmbeddedStore;
  close(): void;
}

/**
 * Opens the database `<root>/jobs.db`; the folder exists, unless its file system is read-only: then what is there can be read,
 * what is found out about it is forgotten, and everything that makes a job or removes one is `ReadOnlyFileSystem`.
 * Throws `StoreUnavailable` and its like.
 */
export function openEmbeddedStore(kind: StoreKind, parts: StoreParts): EmbeddedStore {
  const path = join(kind.root, 'jobs.db');
  const { database, lasts } = openForReading(path, kind.synchronous, JOBS_MIGRATIONS);
  const store = storeOn(database, kind, parts, path);
  return lasts ? store : { ...store, ...readingOnly(store, parts, path) };
}

function storeOn(database: DatabaseSync, kind: StoreKind, parts: StoreParts, path: string, fence?: () => void): EmbeddedStore {
  const { root, durable } = kind;
  const write = writerOf(database, fence);
  const place = { database, root, synced: durable, look: <T>(ask: () => T) => guarded(path, ask), write: <T>(act: () => T) => guarded(path, () => write(act)) };
  const read = (): ReadonlySet<string> => (parts.processes === undefined ? new Set() : beingRead(root, parts.processes, Date.now()));
  /** A session store has no definitions that could be renamed. */
  const found = (instance: Instance): Instance => (durable ? relocated(place, instance) : instance);
  return {
    ...place,
    kind,
    lasts: true,
    fencedBy: (anotherFence) => storeOn(database, kind, parts, path, anotherFence),
    insert: async (parent, children) => guarded(path, () => insert(database, write, kind, parts.ids, parent, children)),
    find: async (query) => guarded(path, () => findInstances(database, root, query)),
    count: async (query) => guarded(path, () => countInstances(database, query)),
    transition: async (changes) => guarded(path, () => transitionInstances(database, write, changes)),
    async remove(instances) {
      if (fence !== undefined) guarded(path, () => write(() => {}));
      // The folder first: a row without records can be removed again, records without a row would come back to life.
      for (const { runFolder } of instances.map(found)) if (runFolder !== undefined) await removeFolder(runFolder);
      failpoint('remove.folder');
      guarded(path, () => deleteInstances(database, write, instances.map(({ instanceId }) => instanceId)));
    },
    takeUp: async (instance, holder, resumes) => guarded(path, () => takeUp({ database, write, root, synced: durable }, instance, holder, resumes)),
    nextAttempt: async (next) => guarded(path, () => scheduleAttempt(database, write, next)),
    attempts: async (instanceId) => guarded(path, () => attemptsOf(database, instanceId)),
    spare: (runs) => spare(kind, parts, runs),
    finishedBeyond: async (definitionKey, keep) => guarded(path, () => finishedBeyond(database, root, definitionKey, keep, read)),
    beyondLimits: async (limits) => guarded(path, () => beyondLimits(database, root, limits, read)),
    unfinishedOf: async (definitionKey) => guarded(path, () => unfinishedFamilies(database, root, definitionKey)),
    importRuns: (batches, request) => importRuns({ ...place, durable, ids: parts.ids }, batches, request),
    read: (instance, request) => guardedRead(instance.runFolder ?? path, () => readAttempts(FOLDER_OUTPUT, found(instance), request, parts.cutRecord)),
    readBytes: (instance, request) => guardedRead(instance.runFolder ?? path, () => readBytesOfAttempts(FOLDER_OUTPUT, found(instance), request)),
    readAt: (instance, piece) => guardedRead(instance.runFolder ?? path, () => readPiece(FOLDER_OUTPUT, found(instance), piece)),
    latestOf: async (definitionKeys, each) => guarded(path, () => latestInstances(database, root, definitionKeys, each)),
    lastEnds: async (definitionKeys) => guarded(path, () => lastEnds(database, definitionKeys)),
    reading: async (instanceIds) => guarded(path, () => readingsOf(database, instanceIds)),
    saveReading: async (instanceId, reading) => guarded(path, () => saveReading(database, instanceId, reading)),
    close: () => database.close(),
  };
}

/** What is found out about runs is known to this process alone; what somebody wishes would be forgotten, so it is refused. */
function readingOnly({ transition }: EmbeddedStore, { warn }: StoreParts, path: string): Partial<EmbeddedStore> {
  const refuse = async (): Promise<never> => {
    throw readOnly(path);
  };
  let hasWarned = false;
  return {
    lasts: false,
    write: () => {
      throw readOnly(path);
    },
    fencedBy() {
      return this as EmbeddedStore;
    },
    insert: refuse,
    remove: refuse,
    takeUp: refuse,
    nextAttempt: refuse,
    importRuns: refuse,
    spare: () => NOTHING,
    transition: (changes) => (changes.some(({ stopReason }) => stopReason !== undefined) ? refuse() : transition(changes)),
    async saveReading() {
      if (!hasWarned) warn?.(readOnly(path, ': how far was read is not kept, and the next reader begins there again'));
      hasWarned = true;
    },
  };
}

const NOTHING: Disposable = { [Symbol.dispose]() {} };

/** Where no mark can be left, as on a full disk, a run is read all the same. */
function spare({ root, durable }: StoreKind, { processes, warn }: StoreParts, runs: readonly Instance[]): Disposable {
  if (!durable || processes === undefined || runs.length === 0) return NOTHING;
  try {
    return markReading(root, runs.map(({ instanceId }) => instanceId), processes.me());
  } catch (cause) {
    warn?.(cannotMark(root, cause));
    return NOTHING;
  }
}

/** Ids, then the folder, then the rows: whoever finds a row finds a place for its claim. */
function insert(database: DatabaseSync, write: Write, kind: StoreKind, ids: IdCounter, parent: NewInstance, children: readonly NewInstance[]): readonly Instance[] {
  const first = ids.take(1 + children.length, highestId(database) + 1, kind.durable);
  failpoint('start.ids');
  const folder = join(kind.root, kind.layout(parent));
  const above = parentToJoin(database, kind.root, parent);
  const top = startOf(parent, first, above, children.length === 0 ? folder : undefined);
  const below = children.map((child, index) => startOf(child, first + 1 + index, top, folderOfChild(kind, folder, child, children.length)));
  const instances = [top, ...below];
  const made: string[] = [];
  try {
    for (const { runFolder } of instances) {
      if (runFolder === undefined) continue;
      makeRunFolder(runFolder, instances, kind.durable);
      made.push(runFolder);
    }
    failpoint('start.folder');
    write(() => {
      // Asked again: it may have ended since, and what joins it then would be nobody's.
      parentToJoin(database, kind.root, parent);
      insertInstances(database, kind.root, instances);
    });
  } catch (cause) {
    for (const runFolder of made) rmSync(runFolder, { recursive: true, force: true });
    throw cause;
  }
  failpoint('start.row');
  return instances;
}

/** The job that a new one is to be a child of. Throws `InvalidJobState` when that one takes none (any more). */
function parentToJoin(database: DatabaseSync, root: string, { parentInstanceId }: NewInstance): Instance | undefined {
  if (parentInstanceId === undefined) return undefined;
  const [parent] = findInstances(database, root, { instanceIds: [parentInstanceId] });
  if (parent === undefined || isFinished(parent.state) || parent.stopReason !== undefined) throw takesNoChildren(parentInstanceId, parent);
  return parent;
}

/** An only child runs in the folder that bears its parent's id: the id that people see. */
function folderOfChild(kind: StoreKind, folderOfParent: string, child: NewInstance, siblings: number): string {
  return siblings === 1 ? folderOfParent : join(kind.root, kind.layout(child));
}
