import type { Clock } from '@nightshift/sdk';

/** Begins things, a few at a time, in the order in which they came. */
export interface Starter<T> {
  add(one: T): void;
  /** Begins as many as may be begun now. */
  go(): void;
  /** When `go` is wanted, by the monotonic clock; Infinity: not before something happens. */
  nextGo(): number;
  /** Begins nothing any more, and waits for those that are just being begun. */
  close(): Promise<void>;
}

export interface StarterParts<T> {
  readonly clock: Clock;
  /** Whether one is still to be begun. */
  readonly isWanted: (one: T) => boolean;
  /** Answers with false when it is to be tried again. */
  readonly begin: (one: T) => Promise<boolean>;
  /** Whether nothing may be begun now; asked before each. */
  readonly isHindered: () => boolean;
  /** `nextGo` has another answer now. */
  readonly onPause: () => void;
}

/** A shim takes a few milliseconds to begin; more at a time would only wait for each other. */
const AT_ONCE = 4;
/** How long all wait after one could not be begun, in milliseconds. */
const PAUSE = 1_000;

export function createStarter<T>({ clock, isWanted, begin, isHindered, onPause }: StarterParts<T>): Starter<T> {
  const busy = new Set<Promise<void>>();
  /** Those before `first` have been begun: to shift an array of ten thousand costs too much. */
  let ready: T[] = [];
  let first = 0;
  let pausedUntil = -Infinity;
  let isClosed = false;

  const next = (): T | undefined => {
    while (first < ready.length) {
      const one = ready[first++] as T;
      if (isWanted(one)) return one;
    }
    [ready, first] = [[], 0];
    return undefined;
  };
  const pause = (): void => {
    pausedUntil = clock.monotonic() + PAUSE;
    onPause();
  };
  const start = async (one: T): Promise<void> => {
    if (await begin(one)) return;
    ready.push(one);
    pause();
  };
  const go = (): void => {
    while (busy.size < AT_ONCE && clock.monotonic() >= pausedUntil) {
      if (isClosed || first >= ready.length) return;
      if (isHindered()) return pause();
      const one = next();
      if (one === undefined) return;
      const starting: Promise<void> = start(one).finally(() => {
        busy.delete(starting);
        go();
      });
      busy.add(starting);
    }
  };
  return {
    add: (one) => void ready.push(one),
    go,
    nextGo() {
      if (isClosed || first >= ready.length) return Infinity;
      return busy.size < AT_ONCE || pausedUntil > clock.monotonic() ? pausedUntil : Infinity;
    },
    async close() {
      isClosed = true;
      while (busy.size > 0) await Promise.all(busy);
    },
  };
}
