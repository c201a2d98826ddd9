import type { Clock } from '@nightshift/sdk';

/** Milliseconds. Source: the plugin contract, section 6. */
export const READY_LIMIT = 10_000;
export const READ_LIMIT = 30_000;
/** Between SIGTERM and SIGKILL, and between the end of standard output and that of the program. */
export const TERM_LIMIT = 2_000;
/** Between the message "error" with the end of input and SIGTERM: somebody who listens goes by himself. */
export const FAULT_LIMIT = 1_000;

// Each a little before the host's own limit for the whole call, which would leave the program behind and name a wrong cause.
export const PREPARE_LIMIT: number = 30_000 - 1_000;
/** Between SIGTERM and SIGKILL for a program that has let `ready` or `prepared` wait. */
export const LATE_TERM_LIMIT = 500;
export const DISPOSE_LIMIT: number = 10_000 - 500;
export const KILL_LIMIT: number = 2_000 - 100;

/** Whether the promise settles in that time; rejects as it does. */
export async function settlesWithin(clock: Clock, milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  const cut = new AbortController();
  const late = clock.sleep(milliseconds, cut.signal).then(() => false, () => false);
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    cut.abort();
  }
}
