/**
 * Where the processes that run thread jobs hear of wishes, in the folder of the session store:
 *
 *     threads/<pid>-<start time>/    the inbox of such a process: `wake` is written to wake it
 *       stop/<instance id>           a wish to stop, as JSON; gone when it has been fulfilled
 *       waits/<instance id>.<n>      that job waits for the jobs named in the file: its place in the pool is free meanwhile
 *       queue/<instance id>.json     a job that one of its own threads has started
 *       starts/<instance id>         run it at once, whatever the limit says
 *     threads/queue/<instance id>.json   a job that waits for the host of its pool
 *     threads/news                   is written whenever a thread job has moved, or written something
 */
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Instance, ProcessIdentity } from '@nightshift/sdk';

export const INBOX_FOLDERS = { stop: 'stop', waits: 'waits', queue: 'queue', starts: 'starts' } as const;

/** The folder below a session store. */
export function threadsFolder(sessionRoot: string): string {
  return join(sessionRoot, 'threads');
}

export function inboxOf(threads: string, { pid, startTime }: ProcessIdentity): string {
  return join(threads, `${pid}-${startTime}`);
}

/** Of the store that a job lies in: a run folder lies directly below it. */
export function threadsOf({ runFolder = '' }: Instance): string {
  return threadsFolder(dirname(runFolder));
}

/** The file that moves with every thread job, made if need be; undefined where it cannot be. */
export function newsFile(threads: string): string | undefined {
  const file = join(threads, 'news');
  try {
    mkdirSync(threads, { recursive: true, mode: 0o700 });
    appendFileSync(file, '', { mode: 0o600 });
    return file;
  } catch {
    // A read-only file system: whoever waits looks now and then.
    return undefined;
  }
}

/** False: its process has gone, or is about to. */
export function wake(inbox: string): boolean {
  return written(join(inbox, 'wake'), '.');
}

/** False where the folder is not there (any more). */
function written(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { mode: 0o600 });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw cause;
  }
}

/** Puts a file into an inbox, and wakes whose it is. Answers with its path; undefined when there is no such inbox any more. */
export function dropInto(inbox: string, folder: keyof typeof INBOX_FOLDERS, name: string, content: object): string | undefined {
  const file = join(inbox, INBOX_FOLDERS[folder], name);
  return written(file, JSON.stringify(content)) && wake(inbox) ? file : undefined;
}

export function takeAway(file: string): void {
  rmSync(file, { force: true });
}
