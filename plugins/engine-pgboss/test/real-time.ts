import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '@nightshift/sdk';

/** The machine's time. */
export const realTime: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async (milliseconds, signal) => void (await pause(milliseconds, undefined, signal === undefined ? {} : { signal })),
};

const PATIENCE = 10_000;

/** Waits for a fact, at most ten seconds; says what it saw last. */
export async function until<T>(look: () => T | Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (performance.now() > end) throw new Error(`waited ${PATIENCE} ms in vain; saw last: ${JSON.stringify(seen)}`);
    await pause(10);
  }
}
