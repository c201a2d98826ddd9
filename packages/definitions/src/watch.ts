import { resolve } from 'node:path';
import type { Clock, JobError } from '@nightshift/sdk';
import { definitionName } from './list-folder.ts';
import { createNameQueue } from './watch/name-queue.ts';
import { systemWatch, type WatchFolder } from './watch/notices.ts';
import { watchFolder } from './watch/watch-folder.ts';

export interface WatchParts {
  readonly clock: Clock;
  /** Told once for each folder that cannot be watched, and why; it is then looked at about once a second. Default: nobody. */
  readonly warn?: (warning: JobError) => void;
  /** Default: `fs.watch`. */
  readonly watchFolder?: WatchFolder;
}

/**
 * The name of each definition whose file appeared, changed or went, within one second; a name may come once too often, and
 * never too seldom. Begins with the call, not with the first name that is asked for. A folder need not be there, may go and
 * come again. Ends with the signal, or when nobody asks any longer.
 */
export function watchDefinitions(folders: readonly string[], { clock, warn = () => undefined, watchFolder: watch = systemWatch }: WatchParts, signal: AbortSignal): AsyncIterable<{ readonly name: string }> {
  const left = new AbortController();
  const ending = AbortSignal.any([signal, left.signal]);
  const queue = createNameQueue(ending);
  const run = (task: Promise<void>): void => {
    task.catch((cause: unknown) => {
      if (!ending.aborted) queue.fail(cause);
    });
  };
  const changed = (fileName: string): void => {
    const name = definitionName(fileName);
    if (name !== undefined) queue.add(name);
  };
  const distinct = [...new Set(folders.map((folder) => resolve(folder)))];
  if (!ending.aborted) for (const folder of distinct) watchFolder({ folder, folders: distinct.length, clock, watch, warn, changed, run }, ending);
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* queue.take();
      } finally {
        left.abort();
      }
    },
  };
}
