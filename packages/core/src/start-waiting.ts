import { isFinished, isJobError, type Instance, type JobStore } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { wordsToResume } from './away.ts';
import type { CoreParts } from './parts.ts';
import type { JobNames, LaunchCommand, Launched } from './ports/job-launcher.ts';
import { reconcileAgain } from './reconcile.ts';
import { recordEnd } from './record-end.ts';
import { DEFAULT_GRACE_PERIOD } from './start.ts';
import { transition } from './transition.ts';

/** An attempt that was handed to its shim, or that never will be. */
export interface Handed {
  readonly taken: Instance;
  /** `ended`: there is nothing left to be watched, since the work has ended by the account of the attempt before. */
  readonly launched: Launched | 'ended';
}

/** By instance id: attempts whose fate could not be written down, as on a full disk. Their launcher lives, so nobody else may judge them. */
export type Unrecorded = Map<string, Handed>;

/**
 * Starts the attempt that a run waits for. Undefined when it does not wait (any more). Taken up first, then what the attempt
 * before it left is ended: it is found by what it carries, and nobody else's attempt of this instance may run by then.
 * What could not be written down is kept in `unrecorded`: the next call for the same run only does that.
 */
export async function startWaiting(parts: CoreParts, store: JobStore, waiting: Instance, unrecorded: Unrecorded, onEnd?: () => void): Promise<Instance | undefined> {
  const handed = unrecorded.get(waiting.instanceId) ?? (await handOver(parts, store, waiting));
  if (handed === undefined) return undefined;
  const { taken, launched } = handed;
  if (launched === 'ended') return reconcileAgain(parts, store, taken);
  unrecorded.set(taken.instanceId, handed);
  const now = await record(parts, store, taken, launched);
  unrecorded.delete(taken.instanceId);
  failpoint('running.committed');
  if ('beginTime' in launched && onEnd !== undefined) void launched.ended?.then(onEnd);
  return now;
}

/** Takes it up and launches it; `resumes`: also one that is Suspended or Disconnected. Undefined when somebody else was first. */
export async function handOver(parts: CoreParts, store: JobStore, waiting: Instance, resumes = false): Promise<Handed | undefined> {
  const taken = await store.takeUp(waiting, await parts.launcher.identity(), resumes);
  if (taken === undefined) return undefined;
  failpoint('start.phase');
  const [above = taken] = taken.parentId === undefined ? [] : await store.find({ ids: [taken.parentId] });
  // What runs below a job that runs something itself goes by its own name.
  const job = above.run === undefined ? above : taken;
  // What outlives its host is no stray: the new host looks for it.
  const obstacle = resumes && taken.run?.can?.reattach === true ? undefined : await endStraysOf(parts, store, taken);
  // What was left of the last watcher may have seen the end until now: it is gone by then, and asking again would find nothing.
  if (resumes && obstacle === undefined && (await parts.launcher.observe(taken)).watcher?.outcome !== undefined) return { taken, launched: 'ended' };
  const launched = obstacle === undefined ? await launchPatiently(parts, store, taken, job, resumes) : { failed: obstacle };
  failpoint('spawn.after');
  return { taken, launched };
}

/** What the last attempt that ran has left running goes first. Answers with the reason why it does not. */
async function endStraysOf(parts: CoreParts, store: JobStore, taken: Instance): Promise<string | undefined> {
  if (taken.attempt === 1) return undefined;
  const ran = (await store.attempts(taken.instanceId)).findLast(({ beginTime }) => beginTime !== undefined);
  if (ran === undefined) return undefined;
  try {
    const { attempt, endTime } = ran;
    await parts.launcher.endStrays([{ ...taken, attempt, ...(endTime === undefined ? {} : { endTime }) }]);
    return undefined;
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    return `SpawnFailed: what attempt ${ran.attempt} left running could not be ended: ${cause.message}`;
  }
}

/** How long the system is given to find processes, descriptors and memory again, and how often it is asked; milliseconds. Source: reliability specification, section 10. */
const PATIENCE = 60_000;
const PAUSE = 1_000;

async function launchPatiently({ launcher, clock }: CoreParts, store: JobStore, taken: Instance, job: JobNames, resumes: boolean): Promise<Launched> {
  const kept = commandOf(taken);
  if (kept === undefined) return { failed: 'SpawnFailed: what is to be run cannot be read any more' };
  const command = resumes ? wordsToResume(kept) : kept;
  for (const until = clock.monotonic() + PATIENCE; ; ) {
    failpoint('spawn.before');
    const launched = await launcher.launch(taken, command, job);
    if ('beginTime' in launched || launched.scarce !== true || clock.monotonic() >= until) return launched;
    await clock.sleep(PAUSE);
    const [now] = await store.find({ ids: [taken.id] });
    if (now === undefined || now.stopReason !== undefined) return launched;
  }
}

/** Undefined where somebody has spoilt it: such a run ends, or it would be taken up over and over. */
export function commandOf({ launch }: Pick<Instance, 'launch'>): LaunchCommand | undefined {
  try {
    return JSON.parse(launch ?? '') as LaunchCommand;
  } catch {
    return undefined;
  }
}

async function record(parts: CoreParts, store: JobStore, taken: Instance, launched: Launched): Promise<Instance | undefined> {
  const moved = 'failed' in launched ? await recordFailure(parts, store, taken, launched.failed) : await recordBegin(store, taken, launched.beginTime);
  if (moved !== undefined) return moved;
  // Somebody moved it before we wrote: a reader, who adopted the run, or a wish to stop or to suspend, which came before the claim.
  const [now] = await store.find({ ids: [taken.id] });
  if (now === undefined || isFinished(now.state) || now.attempt !== taken.attempt) return now;
  if ('beginTime' in launched) await followWish(parts, store, now, launched.beginTime);
  else if (now.stopReason === undefined) return record(parts, store, now, launched);
  // Nothing can start any more, but the claim is still to be had: so it is not waited for.
  else await parts.launcher.revoke(now);
  return reconcileAgain(parts, store, now);
}

async function recordFailure(parts: CoreParts, store: JobStore, taken: Instance, statusMessage: string): Promise<Instance | undefined> {
  const seen = await parts.launcher.observe(taken);
  const outputBytes = ('outputBytes' in seen ? seen.outputBytes : undefined) ?? 0;
  return recordEnd(parts, store, taken, { moves: [{ to: 'Failed', reason: 'spawn', statusMessage, endTime: parts.clock.now(), outputBytes }], neverRan: false });
}

/** A retry is Running already: then there is nothing to write, as long as nobody has moved it. */
async function recordBegin(store: JobStore, taken: Instance, beginTime: Date): Promise<Instance | undefined> {
  if (taken.state === 'NotStarted' && taken.run?.form === undefined) return transition(store, taken, [{ to: 'Running', beginTime }]);
  const [now] = await store.find({ ids: [taken.id] });
  return now?.state === taken.state && now.attempt === taken.attempt ? now : undefined;
}

/** What was wished of a run before it began. */
async function followWish(parts: CoreParts, store: JobStore, run: Instance, beginTime: Date): Promise<void> {
  if (run.stopReason !== undefined) await parts.launcher.end(run, { force: false, gracePeriod: run.run?.gracePeriod ?? DEFAULT_GRACE_PERIOD });
  else if (run.state === 'Suspended' || run.state === 'Suspending') await hold(parts, store, run, beginTime);
}

async function hold({ launcher }: CoreParts, store: JobStore, suspended: Instance, beginTime: Date): Promise<void> {
  if (suspended.run?.form === 'code') return void (await launcher.wish(suspended, { is: 'suspend', reason: 'asked' }));
  await launcher.suspend(suspended);
  // It was suspended as a run that never ran, which it has done now.
  if (suspended.state === 'Suspended' && suspended.beginTime === undefined) await transition(store, suspended, [{ to: 'Running', beginTime }, { to: 'Suspended' }]);
}
