import type { CodeRunWish, CodeSeen, WishAnswer } from '@nightshift/core';
import type { Instance } from '@nightshift/sdk';
import { attemptFolder, hasCheckpoint, readCodeHost, readAnswer, readOutcome, startedAt, writeWish } from '@nightshift/store';
import { signal, type Found } from '../processes.ts';

/** What the host of a run has written down so far. */
export function codeSeen({ runFolder, attempt }: Instance): CodeSeen {
  const folder = attemptFolder(runFolder as string, attempt);
  const [started, outcome] = [startedAt(folder), readOutcome(folder)];
  return { ...(started === undefined ? {} : { started }), ...(outcome === undefined ? {} : { outcome }), checkpoint: hasCheckpoint(runFolder as string) };
}

/** The process that runs the code of an attempt; undefined while it has not said who it is. Only of this boot and machine. */
export function codeHostOf({ run, runFolder, attempt }: Instance): Found | undefined {
  return run?.form === 'code' ? readCodeHost(attemptFolder(runFolder as string, attempt)) : undefined;
}

/** The wish first: a host that cannot hear yet reads it when it can. */
export function tellCodeHost(instance: Instance, wish: CodeRunWish): () => Promise<WishAnswer | undefined> {
  const folder = attemptFolder(instance.runFolder as string, instance.attempt);
  const number = writeWish(folder, wish);
  const host = codeHostOf(instance);
  if (host !== undefined) signal(host, 'SIGHUP');
  return async () => readAnswer(folder, number) as WishAnswer | undefined;
}
