import type { Clock } from '@nightshift/sdk';

/** Waits for something, at most so many milliseconds. */
export async function waitFor(clock: Clock, what: Promise<unknown>, milliseconds: number): Promise<void> {
  const late = new AbortController();
  await Promise.race([what, clock.sleep(milliseconds, late.signal).catch(() => {})]);
  late.abort();
}

/** Resolves so many milliseconds after the signal: a server that is only silent keeps nobody from ending. */
export async function longAfter(clock: Clock, signal: AbortSignal, milliseconds: number): Promise<void> {
  await new Promise((resolve) => void (signal.aborted ? resolve(undefined) : signal.addEventListener('abort', resolve, { once: true })));
  await clock.sleep(milliseconds);
}
