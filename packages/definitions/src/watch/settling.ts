import type { Clock } from '@nightshift/sdk';
import type { Stamp } from './look.ts';

/** Milliseconds between two looks at a file that is being written. */
const TICK = 50;
/** Ticks without a change after which a file is taken as written: with the part of a tick before, 100 to 150 ms. */
const QUIET_TICKS = 3;
/** Milliseconds after which a file that never rests is taken as it is, less one tick. */
const LATEST = 600;

/** Files that changed a moment ago. */
export interface Settling {
  /** Something happened to the file. */
  stir(fileName: string): void;
}

/**
 * An editor truncates and writes, or writes elsewhere and renames: several changes that mean one. Says once, 100 ms after the
 * last of them and 700 ms after the first at the latest, that a file has settled, and with which stamp.
 */
export function createSettling(clock: Clock, stampOf: (fileName: string) => Stamp, settled: (fileName: string, stamp: Stamp) => void, run: (task: Promise<void>) => void, signal: AbortSignal): Settling {
  const unrest = new Map<string, { readonly since: number; stamp: Stamp; quiet: number }>();

  const tick = (): void => {
    for (const [fileName, file] of unrest) {
      const stamp = stampOf(fileName);
      file.quiet = stamp === file.stamp ? file.quiet + 1 : 0;
      file.stamp = stamp;
      if (file.quiet < QUIET_TICKS && clock.monotonic() - file.since < LATEST) continue;
      unrest.delete(fileName);
      settled(fileName, stamp);
    }
  };
  const ticking = async (): Promise<void> => {
    for (; unrest.size > 0; tick()) await clock.sleep(TICK, signal);
  };
  return {
    stir(fileName) {
      const file = unrest.get(fileName);
      if (file !== undefined) {
        file.quiet = 0;
        return;
      }
      unrest.set(fileName, { since: clock.monotonic(), stamp: stampOf(fileName), quiet: 0 });
      if (unrest.size === 1) run(ticking());
    },
  };
}
