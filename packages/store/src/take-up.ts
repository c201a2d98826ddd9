import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Instance, ProcessIdentity } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import type { Write } from './database/transaction.ts';
import { findInstances } from './instances.ts';
import { guarded, unreadableRun } from './errors.ts';
import { prepareAttempt } from './run-folder/attempt-place.ts';
import { readClaim } from './run-folder/exit-file.ts';
import { attemptFolder } from './run-folder/layout.ts';
import { setRunAside, shapeFault } from './run-folder/unreadable.ts';

/** Where instances are taken up. */
export interface TakeUpPlace {
  readonly database: DatabaseSync;
  readonly write: Write;
  readonly root: string;
  /** Whether folders survive a power cut. */
  readonly synced: boolean;
}

/**
 * Takes up a waiting run for its current attempt: the folder first, then the holder, so that whoever finds a holder finds a
 * place for the claim. What a trigger starts has its path from the beginning, but its folder is made only here: ten thousand
 * due times in one second would need ten thousand syncs before the first of them starts.
 *
 * Undefined when the run does not wait, or is to be stopped. An attempt that has a claim already is somebody's: its row gets
 * the holder, so that recovery looks at it like at any other start, and it is not given out. Throws
 * `CantLoadScheduledJobDefinitionFromStore` once where its folder was something else, and `StoreFull` and its like.
 */
export function takeUp({ database, write, root, synced }: TakeUpPlace, { id, attempt }: Instance, holder: ProcessIdentity, resumes = false): Instance | undefined {
  const run = write(() => findWaiting(database, root, id, attempt, resumes));
  if (run?.runFolder === undefined) return undefined;
  makeWay(run);
  const family = familyOf(database, root, run).map((member) => (member.id === run.id ? takenUp(run, holder) : waitingNoMore(member)));
  prepareAttempt(run.runFolder, family, attempt, synced);
  failpoint('start.folder');
  const isClaimed = readClaim(attemptFolder(run.runFolder, attempt)) !== undefined;
  if (!write(() => hold(database, run, holder, resumes))) {
    dropIfRemoved(database, root, run);
    return undefined;
  }
  failpoint('start.row');
  return isClaimed ? undefined : findInstances(database, root, { ids: [id] })[0];
}

/** What stands where its folder belongs is taken out of the way and told once; who asks again finds room. */
function makeWay({ id, name, runFolder = '', attempt }: Instance): void {
  const fault = shapeFault(runFolder, attemptFolder(runFolder, attempt));
  const keptAt = fault === undefined ? undefined : guarded(runFolder, () => setRunAside(runFolder, new Date()));
  if (fault !== undefined && keptAt !== undefined) throw unreadableRun(id, name, fault, keptAt);
}

const WAITS = `attempt = ? AND run ->> 'holder' IS NULL AND run IS NOT NULL AND stopReason IS NULL AND (state = 'NotStarted' OR state = 'Running' AND attempt > 1 OR state IN ('Suspended', 'Disconnected') AND attempt > 1 AND ?)`;

function findWaiting(database: DatabaseSync, root: string, id: number, attempt: number, resumes: boolean): Instance | undefined {
  const waits = database.prepare(`SELECT 1 FROM instance WHERE id = ? AND ${WAITS}`).get(id, attempt, Number(resumes)) !== undefined;
  return waits ? findInstances(database, root, { ids: [id] })[0] : undefined;
}

/** The run with its parent and, where it has any, its siblings; the child of a job that runs something itself stands alone. */
function familyOf(database: DatabaseSync, root: string, run: Instance): readonly Instance[] {
  const family = run.parentId === undefined ? [run] : findInstances(database, root, { family: run.parentId });
  return family[0]?.run === undefined ? family : [run];
}

/** As `hold` leaves the run. */
function takenUp(run: Instance, holder: ProcessIdentity): Instance {
  const { run: facts, ...others } = waitingNoMore(run);
  return facts === undefined ? others : { ...others, run: { ...facts, holder } };
}

function waitingNoMore(instance: Instance): Instance {
  const { notBefore: _notBefore, queued: _queued, statusMessage: _statusMessage, ...others } = instance;
  return others;
}

function hold(database: DatabaseSync, run: Instance, holder: ProcessIdentity, resumes: boolean): boolean {
  const held = database
    .prepare(`UPDATE instance SET run = json_set(run, '$.holder', json(?)), notBefore = NULL, queued = NULL, statusMessage = NULL, reason = NULL WHERE id = ? AND ${WAITS}`)
    .run(JSON.stringify(holder), run.id, run.attempt, Number(resumes));
  if (held.changes === 0) return false;
  database.prepare('UPDATE instance SET notBefore = NULL, queued = NULL, statusMessage = NULL, reason = NULL WHERE id = ? AND run IS NULL').run(run.parentId ?? null);
  return true;
}

/** Somebody removed the job between our two looks: its folder must not bring it back. */
function dropIfRemoved(database: DatabaseSync, root: string, { id, runFolder }: Instance): void {
  if (runFolder !== undefined && findInstances(database, root, { ids: [id] }).length === 0) rmSync(runFolder, { recursive: true, force: true });
}
