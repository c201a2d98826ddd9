/**
 * `NIGHTSHIFT_CLOCK=FILE`: time as FILE says it, one line `<wall ms> <monotonic ms> <ms>` that the driver of a test replaces
 * by rename. From when it was written time goes on for so many milliseconds as the third number says, and then stands still:
 * who waits for a process gets on, and the driver knows what can have become due. Wall and monotonic time that are read in
 * one turn belong together. Without the variable, and for pauses of up to a second, time is the machine's.
 * The export condition `failpoints` puts this in the place of `system-clock.ts`. Source: reliability specification 12.5.
 */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Clock } from '@nightshift/sdk';
import { systemClock as machine } from './system-clock.ts';

interface Instant {
  readonly wall: number;
  readonly monotonic: number;
}

/** Real milliseconds between two looks at the file. */
const LOOK = 4;
/** The longest pause that is real time. */
const REAL_PAUSE = 1_000;

const file = process.env['NIGHTSHIFT_CLOCK'] ?? '';

/** The machine's clock, or the one that a test drives. */
export const systemClock: Clock = file === '' ? machine : simulated(() => read(file));

function simulated(look: () => Instant): Clock {
  let seen: Instant | undefined;
  const instant = (): Instant => {
    if (seen === undefined) queueMicrotask(() => (seen = undefined));
    return (seen ??= look());
  };
  return {
    now: () => new Date(instant().wall),
    monotonic: () => instant().monotonic,
    async sleep(milliseconds, signal) {
      if (milliseconds <= REAL_PAUSE) return machine.sleep(milliseconds, signal);
      // From the moment at which the caller saw how long it had to be.
      const until = instant().monotonic + milliseconds;
      while (look().monotonic < until) await machine.sleep(LOOK, signal);
    },
  };
}

function read(path: string): Instant {
  const descriptor = openSync(path, 'r');
  try {
    const [, wall, monotonic, goesOn] = /^(-?\d+) (\d+) (\d+)\n$/.exec(readFileSync(descriptor, 'utf8')) ?? [];
    if (wall === undefined) throw new Error(`NIGHTSHIFT_CLOCK: cannot read ${path}`);
    const age = machine.now().getTime() - Math.floor(fstatSync(descriptor).mtimeMs);
    const since = Math.min(Number(goesOn), Math.max(0, age));
    return { wall: Number(wall) + since, monotonic: Number(monotonic) + since };
  } finally {
    closeSync(descriptor);
  }
}
