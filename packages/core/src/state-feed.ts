import type { JobState } from '@nightshift/sdk';

/** The states that one job passes through, told to any number of listeners. */
export interface StateFeed {
  /** The one that was told last. */
  now(): JobState;
  /** The same state twice is told once. */
  tell(state: JobState): void;
  /** Nothing follows. */
  close(): void;
  /** The state now, then each that follows. */
  states(): AsyncGenerator<JobState>;
}

export function createStateFeed(first: JobState): StateFeed {
  const told: JobState[] = [first];
  let isOver = false;
  let news = Promise.withResolvers<void>();
  const wake = (): void => {
    news.resolve();
    news = Promise.withResolvers();
  };
  return {
    now: () => told.at(-1) as JobState,
    tell(state) {
      if (isOver || told.at(-1) === state) return;
      told.push(state);
      wake();
    },
    close() {
      isOver = true;
      wake();
    },
    async *states() {
      for (let next = told.length - 1; ; ) {
        for (; next < told.length; next++) yield told[next] as JobState;
        if (isOver) return;
        await news.promise;
      }
    },
  };
}
