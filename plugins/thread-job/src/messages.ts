/** What a pool and its workers say to each other. A worker runs one job at a time; those behind it are only offered. */
import { newRingMemory, type RingMemory } from './ring.ts';

/** What a worker runs, and what the job may see. */
export interface WorkerTask {
  /** Unique in a process. */
  readonly key: number;
  /** Where its word stands in the shared memory. */
  readonly slot: number;
  /** The body of an async function. */
  readonly scriptBlock?: string;
  /** URL of a module whose default export is the function; in place of `scriptBlock`. */
  readonly module?: string;
  readonly initializationScript?: string;
  readonly args: readonly unknown[];
  /** All of it; absent: it comes by messages. */
  readonly input?: readonly unknown[];
  readonly workingDirectory: string;
  /** Absent: that of the task before it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What names the job to the body; absent where the environment does. */
  readonly names?: TaskNames;
}

/** The values of `NAMES_OF_TASK` in one text: most jobs never look at them, and five texts cost a message five times as much. */
export type TaskNames = string;

/** The name is the last: it alone may hold what stands between them. */
const NAMES_OF_TASK = ['NIGHTSHIFT_JOB_ID', 'NIGHTSHIFT_INSTANCE_ID', 'NIGHTSHIFT_ATTEMPT', 'NIGHTSHIFT_RUN_DIR', 'NIGHTSHIFT_JOB_NAME'] as const;
const BETWEEN = '\0';

export function namesOfTask(id: number, instanceId: string, attempt: number, runFolder: string, name: string): TaskNames {
  return `${id}${BETWEEN}${instanceId}${BETWEEN}${attempt}${BETWEEN}${runFolder}${BETWEEN}${name}`;
}

export function variablesOfNames(names: TaskNames): Record<string, string> {
  const values = names.split(BETWEEN);
  const own = values.splice(NAMES_OF_TASK.length - 1).join(BETWEEN);
  return Object.fromEntries(NAMES_OF_TASK.map((variable, index) => [variable, values[index] ?? own]));
}

/** Those that are to run the same as the one in front of them in a message: only what they differ in, in their order. */
export interface SameTasks {
  readonly keys: readonly number[];
  readonly slots: readonly number[];
  readonly names: readonly (TaskNames | undefined)[];
}

/** To a worker. */
export type ToWorker =
  | { readonly tasks: readonly (WorkerTask | SameTasks)[] }
  | { readonly stop: number; readonly reason: string }
  | { readonly input: number; readonly values: readonly unknown[]; readonly isEnd: boolean };

/** How the body ended. `code`: of a failure that is not the body's own, such as ThreadJobError. */
export interface Ended {
  readonly key: number;
  /** Absent: it returned. */
  readonly failed?: { readonly message: string; readonly code?: string; readonly stack?: string };
  /** Milliseconds that it took. */
  readonly took: number;
  /** How far the ring holds what it wrote. */
  readonly position: number;
  readonly hasWritten: boolean;
  /** Something of the job is still there that cannot be taken away: this worker must not run another. */
  readonly isSpent?: true;
}

/**
 * From a worker. Records lie in the ring; `position` says how far they are of this task. `done`: so many tasks have ended well
 * and written nothing, which the shared memory says of each; `took`: on average.
 */
export type FromWorker = { readonly done: number; readonly took: number } | { readonly wrote: number; readonly position: number } | { readonly ended: Ended } | { readonly isReady: true };

/**
 * The word of a task, changed by compare and exchange, so that whoever is first decides whether it runs: its key while it is
 * offered, the negative of it when the worker has taken it, 0 when it was taken back. A worker may still hold a task that was
 * taken back when another has its place: by the key it sees that.
 */
export const REVOKED = 0;

/** Tasks that a worker may hold at a time. */
export const SLOTS = 256;

/** What pool and worker share. */
export interface SharedMemory {
  readonly words: Int32Array<SharedArrayBuffer>;
  /** The key of the task of that place which has ended well and written nothing. */
  readonly done: Int32Array<SharedArrayBuffer>;
  readonly ring: RingMemory;
}

export function newSharedMemory(): SharedMemory {
  return { words: new Int32Array(new SharedArrayBuffer(SLOTS * 4)), done: new Int32Array(new SharedArrayBuffer(SLOTS * 4)), ring: newRingMemory() };
}
