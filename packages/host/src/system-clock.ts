import type { Clock } from '@nightshift/sdk';

/** A longer delay in one piece would fire at once: timers count milliseconds in 31 bits, and a suspended machine does not count at all. */
const SLICE = 30_000;

/** The machine's time. The only place that touches a timer or reads the clock; lint forbids it elsewhere. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonic,
  async sleep(milliseconds, signal) {
    const until = monotonic() + milliseconds;
    for (let left = milliseconds; left > 0; left = until - monotonic()) await delay(Math.min(left, SLICE), signal);
    signal?.throwIfAborted();
  },
};

/** Milliseconds that nobody can set. By hrtime: the global `performance` loads a module of its own, at every start. */
function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}

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
