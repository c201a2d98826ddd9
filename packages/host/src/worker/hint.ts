import type { Clock } from '@nightshift/sdk';
import { cutBy } from './cut.ts';

/** Wakes somebody who waits: hints that come while nobody waits are kept. */
export interface Hint {
  give(): void;
  /** Resolves with a hint, after so many milliseconds, or when the signal fires. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export function createHint(clock: Clock): Hint {
  let isGiven = false;
  let wake: () => void = () => {};
  return {
    give() {
      isGiven = true;
      wake();
    },
    async wait(milliseconds, signal) {
      using waiting = cutBy(signal);
      wake = waiting.cut;
      if (!isGiven) await clock.sleep(milliseconds, waiting.signal).catch(() => {});
      wake = () => {};
      isGiven = false;
    },
  };
}
