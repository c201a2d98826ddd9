import { watch, type FSWatcher } from 'node:fs';
import type { Watch } from '@nightshift/core';
import type { Clock } from '@nightshift/sdk';

/** A shim that dies by force leaves no trace in its folder, and hints may be lost: look at least this often, in milliseconds. */
const POLL = 250;
/** A flood of output is read in portions, not line by line. */
const BREATH = 5;
/** The system's supply of watches is small and shared: for more runs the poll must do. */
const MOST_WATCHES = 64;

/** Wakes when one of the folders changes. Made before the first look, it misses nothing that happens after it. */
export function watchRuns(folders: readonly string[], clock: Clock): Watch {
  let hinted = false;
  let wake: (() => void) | undefined;
  const hint = (): void => {
    hinted = true;
    wake?.();
  };
  const watchers = folders.slice(0, MOST_WATCHES).flatMap((folder) => watchFolder(folder, hint));
  return {
    async changed(signal) {
      const cut = new AbortController();
      const hintOrAbort = new Promise<void>((resolve) => {
        wake = resolve;
        signal?.addEventListener('abort', () => resolve(), { once: true, signal: cut.signal });
      });
      if (!hinted && signal?.aborted !== true) await Promise.race([hintOrAbort, clock.sleep(POLL, cut.signal).catch(() => {})]);
      cut.abort();
      if (hinted) await clock.sleep(BREATH);
      hinted = false;
    },
    [Symbol.dispose]() {
      for (const watcher of watchers) watcher.close();
    },
  };
}

function watchFolder(folder: string, hint: () => void): FSWatcher[] {
  try {
    const watcher = watch(folder, hint);
    // The folder went, or the system is out of watches: the poll still looks.
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}
