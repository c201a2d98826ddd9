import type { Clock } from '@nightshift/sdk';

/** A longer delay in one piece would fire at once: timers count milliseconds in 31 bits, and a suspended machine does not count at all. */
const SLICE = 30_000;

/** The machine's time. The only place that touches a timer or reads the clock; lint forbids it elsewhere. */
export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(milliseconds, signal) {
    const until = performance.now() + milliseconds;
    for (let left = milliseconds; left > 0; left = until - performance.now()) await delay(Math.min(left, SLICE), signal);
    signal?.throwIfAborted();
  },
};

function delay(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, Math.ceil(milliseconds));
    signal?.addEventListener('abort', abort, { once: true });
  });
}
