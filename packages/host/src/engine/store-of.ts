import { cutRecord } from '@nightshift/core';
import type { Engine, JobStore } from '@nightshift/sdk';
import { readAttempts, readBytesOfAttempts, readPiece } from '@nightshift/store';
import { createReadAhead, outputOf } from './output-of.ts';

/** The store of an engine, as every verb sees one. What would take a run up on this machine is not there: `JobQueue.acquire` does that. */
export interface RemoteStore extends JobStore {
  readonly remote: NonNullable<JobStore['remote']>;
  takeUp(): Promise<never>;
  nextAttempt(): Promise<never>;
}

/**
 * Composes the store of an engine with the reading of its output: bytes become records by the code that reads run folders.
 * Nothing is spared from retention while it is read: an engine lets whole days go, long after anybody follows them.
 */
export function storeOf({ store, output }: Pick<Engine, 'store' | 'output'>): RemoteStore {
  const ahead = createReadAhead(output);
  return {
    remote: { wish: (instanceId, wish) => store.wish(instanceId, wish), ...(store.watch === undefined ? {} : { watch: (signal) => (store.watch as NonNullable<typeof store.watch>)(signal) }) },
    insert: (parent, children) => store.insert(parent, children),
    find: (query) => store.find(query),
    count: (query) => store.count(query),
    transition: (changes) => store.transition(changes),
    remove: (instances) => store.remove(instances),
    attempts: (instanceId) => store.attempts(instanceId),
    finishedBeyond: (definitionKey, keep) => store.finishedBeyond(definitionKey, keep),
    beyondLimits: (limits) => store.beyondLimits(limits),
    unfinishedOf: (definitionKey) => store.unfinishedOf(definitionKey),
    importRuns: (batches, request) => store.importRuns(batches, request),
    reading: (instanceIds) => store.reading(instanceIds),
    saveReading: (instanceId, reading) => store.saveReading(instanceId, reading),
    read: (instance, request) => readAttempts(outputOf(ahead), instance, request, cutRecord),
    readBytes: (instance, request) => readBytesOfAttempts(outputOf(ahead), instance, request),
    readAt: (instance, piece) => readPiece(outputOf(ahead), instance, piece),
    ...(store.latestOf === undefined ? {} : { latestOf: store.latestOf }),
    ...(store.lastEnds === undefined ? {} : { lastEnds: store.lastEnds }),
    spare: () => ({ [Symbol.dispose]() {} }),
    takeUp: () => Promise.reject(runsElsewhere('takeUp')),
    nextAttempt: () => Promise.reject(runsElsewhere('nextAttempt')),
  };
}

/** A mistake of ours: nobody on this machine starts what waits in the queue of an engine. */
function runsElsewhere(method: string): Error {
  return new Error(`${method} was called for a job of an engine`);
}
