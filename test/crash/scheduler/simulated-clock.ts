// Time as a test says it, for the build with failpoints (NIGHTSHIFT_CLOCK).

import { renameSync, writeFileSync } from 'node:fs';

/** At least so often a scheduler looks at the clock, in milliseconds. */
const LOOK = 30_000;

/** So long time goes on by itself after each step, in milliseconds: where a world stands at half a minute nothing becomes due in it. */
export const GOES_ON = 10_000;

export interface SimulatedClock {
  readonly path: string;
  /** Milliseconds; what a process reads is up to ten seconds later. */
  readonly wall: number;
  /** Time goes by: at least as much as may have gone by by itself. */
  advance(milliseconds: number): void;
  /** Somebody sets the wall clock; then as much time goes by as it may take until a scheduler looks at it. */
  set(wall: number): void;
}

export function simulatedClock(path: string, wall: number): SimulatedClock {
  let monotonic = 1_000_000;
  // What is first seen at the beginning is seen at a time that is known to the millisecond.
  let goesOn = 0;
  const write = (): void => {
    writeFileSync(`${path}.new`, `${wall} ${monotonic} ${goesOn}\n`);
    renameSync(`${path}.new`, path);
  };
  write();
  const step = (by: number): void => {
    monotonic += by;
    goesOn = GOES_ON;
    write();
  };
  return {
    path,
    get wall() {
      return wall;
    },
    advance(milliseconds) {
      if (milliseconds < GOES_ON) throw new Error(`${milliseconds} ms are too few: a process may have seen a later time`);
      wall += milliseconds;
      step(milliseconds);
    },
    set(to) {
      wall = to;
      step(LOOK);
    },
  };
}
