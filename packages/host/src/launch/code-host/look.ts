import type { CodeRunWish, CodeSeen, WishAnswer } from '@nightshift/core';
import type { Instance } from '@nightshift/sdk';
import { attemptFolder, hasCheckpoint, readCodeHost, readAnswer, readOutcome, startedAt, tokenIn, tokenLeft, writeWish } from '@nightshift/store';
import { signal, type Found } from '../processes.ts';

/** What the host of a run has written down so far. */
export function codeSeen(instance: Instance): CodeSeen {
  const { runFolder, attempt, run } = instance;
  const folder = attemptFolder(runFolder as string, attempt);
  const [started, outcome] = [startedAt(folder), readOutcome(folder)];
  const token = run?.can?.reattach !== true ? undefined : isTakenUp(instance) ? tokenLeft(runFolder as string, attempt) : tokenIn(folder);
  return { ...(token === undefined ? {} : { token }), ...(started === undefined ? {} : { started }), ...(outcome === undefined ? {} : { outcome }), checkpoint: hasCheckpoint(runFolder as string) };
}

/** It goes on from where an earlier attempt was cut off, and does not begin anew as a retry does. */
export function isTakenUp({ state, attempt }: Instance): boolean {
  return attempt > 1 && (state === 'Disconnected' || state === 'Suspended');
}

/** The process that runs the code of an attempt, or watches its work; undefined while it has not said who it is. Only of this boot and machine. */
export function codeHostOf({ run, runFolder, attempt }: Instance): Found | undefined {
  return run?.form === 'code' || run?.watches === true ? readCodeHost(attemptFolder(runFolder as string, attempt)) : undefined;
}

/** The wish first: a host that cannot hear yet reads it when it can. */
export function tellCodeHost(instance: Instance, wish: CodeRunWish): () => Promise<WishAnswer | undefined> {
  const folder = attemptFolder(instance.runFolder as string, instance.attempt);
  const number = writeWish(folder, wish);
  const host = codeHostOf(instance);
  if (host !== undefined) signal(host, 'SIGHUP');
  return async () => readAnswer(folder, number) as WishAnswer | undefined;
}
