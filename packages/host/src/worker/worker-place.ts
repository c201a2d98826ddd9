/** Where a worker keeps its books: a folder for its name, in which one process works at a time. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { JobError } from '@nightshift/sdk';
import { lockWorker, stateFolder, type StoreLock } from '@nightshift/store';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** The name that was given, else that of the machine. Throws `ParameterArgumentValidationError`. */
export function workerName(given: string | undefined): string {
  const name = given ?? hostname().replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 63);
  if (NAME.test(name)) return name;
  throw new JobError({ code: 'ParameterArgumentValidationError', message: `a worker cannot be called ${JSON.stringify(name.slice(0, 80))}`, hint: '--name takes letters, digits, ".", "_" and "-", at most 63, and begins with a letter or a digit' });
}

/** A worker's folder, and the lock of the process that works in it. */
export interface WorkerPlace {
  readonly folder: string;
  readonly lock: StoreLock;
}

/** Makes the folder if need be. Throws `WorkerAlreadyRunning`, `StoreUnavailable`. */
export function openPlace(state: string, name: string): WorkerPlace {
  stateFolder(state);
  const folder = join(state, 'worker', name);
  stateFolder(folder);
  const lock = lockWorker(folder);
  if (lock === undefined) throw new JobError({ code: 'WorkerAlreadyRunning', message: `a worker called "${name}" runs on this machine already`, hint: 'stop it first, or take another name with --name' });
  return { folder, lock };
}
