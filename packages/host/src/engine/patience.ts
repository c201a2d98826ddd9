import type { Clock } from '@nightshift/sdk';

/** Waits for something, at most so many milliseconds. */
export async function waitFor(clock: Clock, what: Promise<unknown>, milliseconds: number): Promise<void> {
  const over = new AbortController();
  await Promise.race([what, clock.sleep(milliseconds, over.signal).catch(() => {})]);
  over.abort();
}

/** Waits for something, but not for longer than so many milliseconds after the signal: a server that is only silent keeps nobody from ending. */
export async function waitBeyond(clock: Clock, what: Promise<unknown>, signal: AbortSignal, milliseconds: number): Promise<void> {
  const over = new AbortController();
  const late = async (): Promise<void> => {
    await new Promise((resolve) => void (signal.aborted ? resolve(undefined) : signal.addEventListener('abort', resolve, { once: true, signal: over.signal })));
    await clock.sleep(milliseconds, over.signal).catch(() => {});
  };
  try {
    await Promise.race([what, late()]);
  } finally {
    over.abort();
  }
}
