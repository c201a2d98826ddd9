import type { Clock } from '@nightshift/sdk';

/** Notices when somebody sets the wall clock, or when the machine slept. */
export interface WallWatch {
  /** By how many milliseconds the wall clock was put on since the last look, or since the last `accept` when it was; 0 within two seconds. */
  step(): number;
  /** What followed from the step has been done. */
  accept(): void;
}

/** Below this a clock is merely being kept right. Source: reliability specification, section 8. */
const TOLERANCE = 2_000;

export function createWallWatch(clock: Clock): WallWatch {
  const difference = (): number => clock.now().getTime() - clock.monotonic();
  let last = difference();
  return {
    step() {
      const now = difference();
      const by = Math.round(now - last);
      if (Math.abs(by) > TOLERANCE) return by;
      last = now;
      return 0;
    },
    accept() {
      last = difference();
    },
  };
}
