import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { Watch } from '@nightshift/core';
import type { Clock } from '@nightshift/sdk';
import { RUN_FILES } from '@nightshift/store';

/** A shim that dies by force leaves no trace in its folder, and hints may be lost: look at least this often, in milliseconds. */
const POLL = 250;
/** A flood of output is read in portions, not write by write. */
const BREATH = 20;
/** The system's supply of watches is small and shared: for more runs the poll must do. */
const MOST_WATCHES = 64;

/**
 * Wakes when an attempt's exit record or, for output, anything in its folder changes. Made before the first look, it misses
 * nothing that happens after it. `files` are watched besides. Who waits for the end alone must not be woken by every write of the command.
 */
export function watchRuns(folders: readonly string[], what: 'end' | 'output', clock: Clock, files: readonly string[] = []): Watch {
  let hinted = false;
  let wake: (() => void) | undefined;
  const hint = (): void => {
    hinted = true;
    wake?.();
  };
  const watchers = [...files, ...folders.map((folder) => (what === 'end' ? join(folder, RUN_FILES.exit) : folder))].slice(0, MOST_WATCHES).flatMap((path) => watchPath(path, hint));
  return {
    async changed(signal) {
      const cut = new AbortController();
      const hintOrAbort = new Promise<void>((resolve) => {
        wake = resolve;
        signal?.addEventListener('abort', () => resolve(), { once: true, signal: cut.signal });
      });
      if (!hinted && signal?.aborted !== true) await Promise.race([hintOrAbort, clock.sleep(POLL, cut.signal).catch(() => {})]);
      cut.abort();
      if (hinted && what === 'output') await clock.sleep(BREATH);
      hinted = false;
    },
    [Symbol.dispose]() {
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** What is not there (yet), or no longer, or more than the system has watches for, is left to the poll. */
function watchPath(path: string, hint: () => void): FSWatcher[] {
  try {
    const watcher = watch(path, hint);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}
