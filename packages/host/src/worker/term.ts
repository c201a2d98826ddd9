import type { Clock } from '@nightshift/sdk';

/** An instant by both clocks of a machine. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

export function momentOf(clock: Clock): Moment {
  return { monotonic: clock.monotonic(), wall: clock.now().getTime() };
}

/**
 * For how long a lease is good without asking, by this machine's own clocks: somebody who stood still since he took it, or a
 * machine that slept, begins nothing before it is renewed. It is told when a call began, since the server may count from then.
 */
export interface Term {
  renewed(since: Moment): void;
  /** Whether something may be begun. */
  isGood(): boolean;
}

/** `lease`: milliseconds; `taken`: when the call began by which it was taken. */
export function createTerm(clock: Clock, lease: number, taken: Moment): Term {
  let last = taken;
  return {
    renewed: (since) => void (last = since),
    isGood() {
      const now = momentOf(clock);
      // One of them does not count while the machine sleeps, the other may be put back.
      return Math.max(now.monotonic - last.monotonic, now.wall - last.wall) < (lease * 2) / 3;
    },
  };
}
