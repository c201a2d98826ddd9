/**
 * Jobs of an engine on the machine that runs them: the same ids and instance ids as there, in a store of that machine's own. What
 * such jobs start on this machine gets ids that no engine gives.
 */
import { join } from 'node:path';
import { failpoint } from '@nightshift/sdk/failpoint';
import type { Instance } from '@nightshift/sdk';
import type { EmbeddedStore } from './embedded-store.ts';
import type { IdCounter } from './id-counter.ts';
import { insertInstances } from './instances.ts';

/**
 * Takes a job in that an engine keeps: itself, or with the child that runs. It waits for its attempt, whatever number that has;
 * its run folder is made when it is taken up. Answers with the rows. Throws when one of the ids is there.
 */
export function insertMirrored(store: EmbeddedStore, [job, run]: readonly [Instance, Instance?]): readonly Instance[] {
  const runFolder = join(store.root, store.kind.layout(job));
  const rows = run === undefined ? [waiting(job, runFolder)] : [waiting(job, runFolder), waiting(run, runFolder)];
  store.write(() => insertInstances(store.database, store.root, rows));
  failpoint('worker.mirrored');
  return rows;
}

function waiting(instance: Instance, runFolder: string): Instance {
  const { reason: _reason, statusMessage: _statusMessage, beginTime: _beginTime, endTime: _endTime, exitCode: _exitCode, signal: _signal, outputBytes: _outputBytes, notBefore: _notBefore, queued: _queued, fence: _fence, ...kept } = instance;
  return { ...kept, state: 'NotStarted', runFolder };
}

/** Above every id that an engine gives: 2 to the power of 40. */
const FIRST_OF_A_MACHINE = 1_099_511_627_776;

/** Whether a job in the store of such a machine is an engine's, and was not started beside one. */
export function isOfEngine({ id }: Pick<Instance, 'id'>): boolean {
  return id < FIRST_OF_A_MACHINE;
}

/** The same counter, for jobs that run beside those of an engine. */
export function aboveEngines(ids: IdCounter): IdCounter {
  return { ...ids, take: (count, floor, durable) => ids.take(count, Math.max(floor, FIRST_OF_A_MACHINE), durable) };
}
