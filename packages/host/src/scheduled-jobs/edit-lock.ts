import { join } from 'node:path';
import { JobError, type Clock } from '@nightshift/sdk';
import { lockDefinitions, stateFolder } from '@nightshift/store';

/** Lets one at a time read, change and write files of definitions, among all processes of this user. */
export interface EditLock {
  /** Throws `StoreLocked` when somebody else has it for half a minute, and what keeps a state folder from being used. */
  alone<T>(act: () => Promise<T>): Promise<T>;
}

/** Milliseconds. Nobody holds it for longer than a few files take. */
const PATIENCE = 30_000;
const PAUSE = 10;

/** In the durable state folder: nothing of it lies beside the files of a project. It is gone with its process. */
export function createEditLock(state: string, clock: Pick<Clock, 'sleep' | 'monotonic'>): EditLock {
  // A lock of the system is held by a process: those of one process wait for each other here.
  let last: Promise<unknown> = Promise.resolve();
  return {
    alone(act) {
      const turn = last.then(() => locked(state, clock, act));
      last = turn.catch(() => {});
      return turn;
    },
  };
}

async function locked<T>(state: string, clock: Pick<Clock, 'sleep' | 'monotonic'>, act: () => Promise<T>): Promise<T> {
  stateFolder(state);
  const until = clock.monotonic() + PATIENCE;
  let lock = lockDefinitions(state);
  while (lock === undefined) {
    if (clock.monotonic() > until) throw new JobError({ code: 'StoreLocked', message: 'another process has been changing definitions for more than half a minute', file: join(state, 'locks', '_definitions.db') });
    await clock.sleep(PAUSE);
    lock = lockDefinitions(state);
  }
  try {
    return await act();
  } finally {
    lock.release();
  }
}

/** Half a second: what is edited is ready by then, and so is a scheduler that begins at the same moment. */
const LOOKS = 50;

/** The same for whoever does not wait long: undefined, and nothing was done, while somebody has it. */
export async function aloneSoon<T>(state: string, clock: Pick<Clock, 'sleep'>, act: () => Promise<T>): Promise<T | undefined> {
  let lock = lockDefinitions(state);
  for (let looks = 0; lock === undefined && looks < LOOKS; looks += 1) {
    await clock.sleep(PAUSE);
    lock = lockDefinitions(state);
  }
  if (lock === undefined) return undefined;
  try {
    return await act();
  } finally {
    lock.release();
  }
}
