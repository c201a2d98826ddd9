import type { TriggeredRuns } from '@nightshift/core';
import type { Clock, JobStore } from '@nightshift/sdk';

export interface LookAfterParts {
  readonly clock: Clock;
  readonly store: JobStore;
  readonly runs: Pick<TriggeredRuns, 'settle'>;
  /** Of the definitions that hooks start. */
  readonly keys: readonly string[];
}

const PAUSE = 5_000;

/**
 * Writes down the ends of jobs that hooks have started, under whichever scheduler: nobody else may ever look, and what has not
 * ended counts as running and is never pruned. Answers with the milliseconds until the next look; Infinity: none of them runs.
 */
export function createLookAfter({ clock, store, runs, keys }: LookAfterParts): () => Promise<number> {
  let next = -Infinity;
  return async () => {
    const left = next - clock.monotonic();
    if (left > 0) return left;
    let isAny = false;
    for (const key of keys) {
      const found = await store.unfinishedOf(key);
      const told = new Set(found.filter(({ origin }) => origin.kind === 'demand' && !origin.runNow).map(({ id }) => id));
      for (const run of found) if (run.parentId !== undefined && told.has(run.parentId) && run.state === 'Running') isAny = (await runs.settle(run))?.state === 'Running' || isAny;
    }
    next = clock.monotonic() + PAUSE;
    return isAny ? PAUSE : Infinity;
  };
}
