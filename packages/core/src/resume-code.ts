import { JobError, type Instance, type JobStore } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import type { CoreParts } from './parts.ts';
import type { Observation } from './ports/job-launcher.ts';
import { isWaiting } from './reconcile.ts';
import { hasBegun } from './start.ts';
import { handOver } from './start-waiting.ts';

/** Whether nobody runs it any more, so that somebody else must take it up. */
export function isHostGone(seen: Observation): boolean {
  return ['ended', 'gone', 'revoked', 'waiting'].includes(seen.is) || (seen.is === 'unclaimed' && !seen.launcherAlive);
}

/** Milliseconds until a new host has begun the work; what takes longer goes on without being waited for. */
const BEGINNING = 35_000;

/**
 * Lets a new host take up a suspended or disconnected run whose host is gone, as the next attempt; its checkpoint and its token
 * go with it. Of two who ask for it at one moment, one does it: `false` means somebody else does, look again. Throws what keeps
 * it from being started; it stays as it is then.
 */
export async function resumeWithNewHost(parts: CoreParts, store: JobStore, resting: Instance, seen: Observation): Promise<boolean> {
  const taken = await handToNewHost(parts, store, resting, seen);
  if (taken === undefined) return false;
  await hasBegun(parts, store, taken, BEGINNING);
  return true;
}

/** The same without waiting until the work has begun. Undefined: somebody else does it. */
export async function handToNewHost(parts: CoreParts, store: JobStore, resting: Instance, seen: Observation): Promise<Instance | undefined> {
  const waiting = isWaiting(resting) ? resting : await nextAttempt(parts, store, resting, seen);
  const handed = waiting === undefined ? undefined : await handOver(parts, store, waiting, true);
  if (handed === undefined) return undefined;
  const { taken, launched } = handed;
  if (launched !== 'ended' && !('failed' in launched)) return taken;
  // So that the next one who asks finds nobody in his way.
  await parts.launcher.revoke(taken);
  if (launched === 'ended') return taken;
  throw new JobError({ code: 'SpawnFailed', message: `${resting.name} (${resting.id}) could not be resumed: ${launched.failed}` });
}

/** Resolves when the new host of a run has begun, or after a while. */
export async function begins(parts: CoreParts, store: JobStore, taken: Instance): Promise<void> {
  await hasBegun(parts, store, taken, BEGINNING);
}

async function nextAttempt({ clock }: CoreParts, store: JobStore, { id, instanceId, attempt, run, reason = 'interrupted', statusMessage }: Instance, seen: Observation): Promise<Instance | undefined> {
  const now = clock.now();
  const began = seen.code === undefined ? ('beginTime' in seen ? seen.beginTime : undefined) : seen.code.started;
  const closed = { attempt, reason, endTime: now, ...(statusMessage === undefined ? {} : { statusMessage }), ...(began === undefined ? {} : { beginTime: began }) };
  const isNext = await store.nextAttempt({ instanceId, closed, notBefore: now, retried: run?.retried ?? 0, statusMessage: 'it is being resumed' });
  failpoint('retry.resumed');
  if (!isNext) return undefined;
  const [waiting] = await store.find({ ids: [id] });
  return waiting;
}
