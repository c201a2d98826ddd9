/**
 * One scheduler per store and namespace, held in two ways. A lock of the system says at once whether somebody is there, and is
 * gone with its process; but it says nothing across machines, and nothing about a process that was stopped, lost its place and
 * wakes up. For these there is a row with an epoch: whoever takes the namespace raises it, and every write of a scheduler asks
 * in its own transaction whether the epoch is still its own. Source: reliability specification, section 6.
 */
import type { DatabaseSync } from 'node:sqlite';
import { isJobError, JobError, type ProcessIdentity } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { inTransaction } from './database/transaction.ts';
import { guarded } from './errors.ts';
import { isNetworkFileSystem } from './network-file-system.ts';
import { readOwner, writeHeartbeat, writeOwner, writeStopped, type Owner, type OwnerStatus } from './owner-rows.ts';
import { lockNamespace } from './scheduler-lock.ts';

/** Who wants which namespaces. */
export interface OwnershipRequest {
  /** The state folder: its locks lie in `locks/`. */
  readonly state: string;
  /** Of the durable store; its writes are fenced by what is returned. */
  readonly database: DatabaseSync;
  readonly namespaces: readonly string[];
  readonly me: ProcessIdentity;
  /** By identity, of a process of this host. */
  readonly isAlive: (process: ProcessIdentity) => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How old the heartbeat of an owner on another host has to be, in milliseconds. Default 15 s. */
  readonly takeOverAfter?: number;
  /** Takes over from another host whatever its heartbeat, on a network file system as well. Default false. */
  readonly force?: boolean;
}

/** The right to fire the triggers of some namespaces. */
export interface Ownership {
  /** Throws `SchedulerAlreadyRunning` when one of them is not ours any more (`isFenced`). For `EmbeddedStore.fencedBy`. */
  fence(): void;
  /** Every 5 s. Throws like `fence`. */
  heartbeat(status: OwnerStatus): void;
  /** Gives them back; what is written after that is fenced off. May be called twice. */
  release(): void;
}

const TAKE_OVER_AFTER = 15_000;

/** All of the namespaces or none. Throws `SchedulerAlreadyRunning` at once, naming the process in the way and its host. */
export function takeOwnership(request: OwnershipRequest): Ownership {
  const { database, me, now } = request;
  // In one order, whoever asks: two that want the same ones cannot each get a part.
  const namespaces = [...new Set(request.namespaces)].toSorted();
  const unlock = lockAll(request, namespaces);
  try {
    const epochs = writing(database, () => {
      for (const namespace of namespaces) refuseIfOwned(request, namespace);
      return namespaces.map((namespace) => [namespace, writeOwner(database, namespace, me, now())] as const);
    });
    failpoint('owner.taken');
    return ownershipOf(request, epochs, unlock);
  } catch (cause) {
    unlock();
    throw cause;
  }
}

/** Whether a write was refused because another scheduler has the namespace now. */
export function isFenced(cause: unknown): boolean {
  return isJobError(cause) && cause.code === ALREADY_RUNNING;
}

function ownershipOf({ database, now }: OwnershipRequest, epochs: readonly (readonly [namespace: string, epoch: number])[], unlock: () => void): Ownership {
  const find = database.prepare("SELECT 1 FROM owner WHERE namespace = ? AND epoch = ? AND state <> 'stopped'");
  return {
    fence() {
      for (const [namespace, epoch] of epochs) if (find.get(namespace, epoch) === undefined) throw fencedOff(database, namespace);
    },
    heartbeat(status) {
      failpoint('owner.heartbeat');
      writing(database, () => {
        for (const [namespace, epoch] of epochs) if (!writeHeartbeat(database, namespace, epoch, status, now())) throw fencedOff(database, namespace);
      });
    },
    release() {
      try {
        if (database.isOpen) writing(database, () => epochs.forEach(([namespace, epoch]) => writeStopped(database, namespace, epoch, now())));
      } finally {
        unlock();
      }
    },
  };
}

/** Gives all of the locks back. */
function lockAll(request: OwnershipRequest, namespaces: readonly string[]): () => void {
  const locks: { release(): void }[] = [];
  const unlock = (): void => locks.forEach((lock) => lock.release());
  try {
    for (const namespace of namespaces) {
      const lock = lockNamespace(request.state, namespace);
      if (lock === undefined) throw alreadyRunning(namespace, holderOf(request, namespace));
      locks.push(lock);
    }
    return unlock;
  } catch (cause) {
    unlock();
    throw cause;
  }
}

/** Who holds the lock, as far as is known: it is taken before the row is written, which may still name somebody who is gone. */
function holderOf({ database, me, isAlive }: OwnershipRequest, namespace: string): Owner | undefined {
  const owner = readOwner(database, namespace);
  return owner?.process.host === me.host && !isAlive(owner.process) ? undefined : owner;
}

/** Nobody holds the lock: what the row says is of a process that is gone, or of another machine, which sees other locks. */
function refuseIfOwned(request: OwnershipRequest, namespace: string): void {
  const owner = readOwner(request.database, namespace);
  if (owner === undefined || owner.state === 'stopped') return;
  if (owner.process.host === request.me.host) {
    if (request.isAlive(owner.process)) throw alreadyRunning(namespace, owner);
  } else if (request.force !== true && !isSilent(owner, request)) {
    throw alreadyRunning(namespace, owner, 'it is on another host: when it is gone for good, nightshift scheduler run --force takes over');
  }
}

/** On a network file system a silence means nothing: what the other host writes may come late. */
function isSilent(owner: Owner, { state, now, takeOverAfter = TAKE_OVER_AFTER }: OwnershipRequest): boolean {
  return now() - owner.heartbeatAt.getTime() > takeOverAfter && !isNetworkFileSystem(state);
}

const ALREADY_RUNNING = 'SchedulerAlreadyRunning';

function alreadyRunning(namespace: string, owner: Owner | undefined, hint?: string): JobError {
  return new JobError({ code: ALREADY_RUNNING, message: `a scheduler of the namespace "${namespace}" is running already: ${nameOf(owner)}`, ...(hint === undefined ? {} : { hint }) });
}

function fencedOff(database: DatabaseSync, namespace: string): JobError {
  const owner = readOwner(database, namespace);
  const by = owner === undefined || owner.state === 'stopped' ? 'it was given up' : `${nameOf(owner)} has taken it over`;
  return new JobError({ code: ALREADY_RUNNING, message: `this scheduler may not write any more for the namespace "${namespace}": ${by}` });
}

function nameOf(owner: Owner | undefined): string {
  return owner === undefined || owner.state === 'stopped' ? 'it is just being started' : `process ${owner.process.pid} on host ${owner.process.host}`;
}

function writing<T>(database: DatabaseSync, act: () => T): T {
  return guarded(database.location() ?? 'jobs.db', () => inTransaction(database, act));
}
