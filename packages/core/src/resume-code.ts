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
 * Lets a new host take up a suspended run whose host is gone, as the next attempt; its checkpoint goes with it. Of two who ask
 * for it at one moment, one does it: `false` means somebody else does, look again. Throws what keeps it from being started; it
 * stays Suspended then.
 */
export async function resumeWithNewHost(parts: CoreParts, store: JobStore, suspended: Instance, seen: Observation): Promise<boolean> {
  const waiting = isWaiting(suspended) ? suspended : await nextAttempt(parts, store, suspended, seen);
  const handed = waiting === undefined ? undefined : await handOver(parts, store, waiting, true);
  if (handed === undefined) return false;
  const { taken, launched } = handed;
  if ('failed' in launched) {
    // So that the next one who asks finds nobody in his way.
    await parts.launcher.revoke(taken);
    throw new JobError({ code: 'SpawnFailed', message: `${suspended.name} (${suspended.id}) could not be resumed: ${launched.failed}` });
  }
  await hasBegun(parts, store, taken, BEGINNING);
  return true;
}

async function nextAttempt({ clock }: CoreParts, store: JobStore, { id, instanceId, attempt, run, reason = 'interrupted', statusMessage }: Instance, { code }: Observation): Promise<Instance | undefined> {
  const now = clock.now();
  const closed = { attempt, reason, endTime: now, ...(statusMessage === undefined ? {} : { statusMessage }), ...(code?.started === undefined ? {} : { beginTime: code.started }) };
  const isNext = await store.nextAttempt({ instanceId, closed, notBefore: now, retried: run?.retried ?? 0, statusMessage: 'it is being resumed' });
  failpoint('retry.resumed');
  if (!isNext) return undefined;
  const [waiting] = await store.find({ ids: [id] });
  return waiting;
}
