/**
 * Who reads a run at this moment. A reader leaves an empty file with its identity in the name, retention looks for it:
 *
 *     <state folder>/readers/<instance id>,<pid>,<start time>,<boot>,<n>,<host>
 *
 * Not in the run folder, so that it can neither keep it from being removed nor go with it. A mark whose process is gone counts
 * for nothing, and whoever prunes next sweeps it. Only the durable store has any: in the other one nothing is pruned that is read.
 */
import { closeSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from '@nightshift/sdk';
import { makeFolders } from './run-folder/make-folders.ts';

/** What a store knows of processes; given by the host. */
export interface Processes {
  me(): ProcessIdentity;
  isAlive(process: ProcessIdentity): boolean;
}

/** Another machine's, or another container's, reader cannot be looked at: it is believed for so long, in milliseconds. */
const BELIEVED = 24 * 3_600_000;
const FOLDER = 'readers';
let count = 0;

/** Leaves a mark for each; taken away again by the answer. Throws what the system says, and has left none then. */
export function markReading(root: string, instanceIds: readonly string[], me: ProcessIdentity): Disposable {
  const made: string[] = [];
  const unmark = (): void => {
    for (const path of made.splice(0)) rmSync(path, { force: true });
  };
  try {
    for (const instanceId of instanceIds) made.push(makeMark(join(root, FOLDER), [instanceId, me.pid, me.startTime, me.boot, ++count, encodeURIComponent(me.host)].join(',')));
  } catch (cause) {
    unmark();
    throw cause;
  }
  return { [Symbol.dispose]: unmark };
}

/** The instance ids that somebody reads. Sweeps the marks of those that are gone. */
export function beingRead(root: string, { me, isAlive }: Processes, now: number): ReadonlySet<string> {
  const folder = join(root, FOLDER);
  const read = new Set<string>();
  for (const name of namesIn(folder)) {
    const [instanceId, pid, startTime, boot, , host] = name.split(',');
    if (instanceId === undefined || pid === undefined || startTime === undefined || boot === undefined || host === undefined) continue;
    const reader: ProcessIdentity = { host: decodeURIComponent(host), boot, pid: Number(pid), startTime };
    const path = join(folder, name);
    if (reader.host === me().host ? isAlive(reader) : ageOf(path, now) < BELIEVED) read.add(instanceId);
    else rmSync(path, { force: true });
  }
  return read;
}

function makeMark(folder: string, name: string): string {
  const path = join(folder, name);
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    makeFolders(folder);
    closeSync(openSync(path, 'wx', 0o600));
  }
  return path;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
}

/** One that goes in between is gone; one from the future was made by a clock that was wrong, and is as old as can be. */
function ageOf(path: string, now: number): number {
  const age = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity);
  return age < 0 ? Infinity : age;
}
