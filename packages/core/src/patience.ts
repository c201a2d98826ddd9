import { isJobError, type Clock } from '@nightshift/sdk';

/** Milliseconds: what restarting a server takes, and no more than somebody would wait before he looks. */
const LONGEST = 60_000;

/** Whoever waits for jobs of an engine goes on waiting while its server is restarted; whoever asks once is told at once. */
export interface Patience {
  /** Whether to ask again; the cause is thrown otherwise. */
  bears(cause: unknown): boolean;
  /** The engine is there (again). */
  answered(): void;
}

export function createPatience(clock: Clock): Patience {
  let since: number | undefined;
  return {
    bears(cause) {
      if (!isJobError(cause) || cause.code !== 'StoreUnavailable') return false;
      since ??= clock.monotonic();
      return clock.monotonic() - since < LONGEST;
    },
    answered: () => void (since = undefined),
  };
}
