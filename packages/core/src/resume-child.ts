/**
 * A child that was cut off with a checkpoint waits to be resumed, as any job does that a person has started; and it is its
 * parent that resumes it: what it had done before its last checkpoint is not done again.
 *
 *     the parent is taken up       so is each child that was cut off, by force or not
 *     the parent lives             a child whose host died is taken up at once, a few times; then it is Failed (interrupted)
 */
import { isJobError, type Instance, type JobStore } from '@nightshift/sdk';
import { CUT_OFF_UNASKED } from './conclude-code.ts';
import type { CoreParts } from './parts.ts';
import { reconcileAgain } from './reconcile.ts';
import { isHostGone, resumeWithNewHost } from './resume-code.ts';
import { transition } from './transition.ts';

/** What ends its host each time would do so for ever. */
const MOST_TIMES = 3;

/** Milliseconds. */
const MOMENT = 50;

/** Whether it was cut off, and nobody had wished that. */
export function isCutOffUnasked({ state, reason, statusMessage, run }: Instance): boolean {
  return state === 'Suspended' && reason === 'interrupted' && run?.form === 'code' && statusMessage === CUT_OFF_UNASKED;
}

/** For a host that takes a job up: what was cut off below it goes on with it. */
export async function resumeCutOff(parts: CoreParts, store: JobStore, child: Instance): Promise<void> {
  const now = await reconcileAgain(parts, store, child);
  if (now?.state === 'Suspended' && now.reason === 'interrupted' && now.run?.form === 'code') await resumeOrFail(parts, store, now);
}

/** The same for a parent that lives; `times` is how often it has done so for this child. */
export async function resumeAgain(parts: CoreParts, store: JobStore, child: Instance, times: number): Promise<void> {
  if (times < MOST_TIMES) await resumeOrFail(parts, store, child);
  else await fail(parts, store, child, 'the run was interrupted each time that it was taken up');
}

async function resumeOrFail(parts: CoreParts, store: JobStore, child: Instance): Promise<void> {
  const seen = await parts.launcher.observe(child);
  // Somebody else is taking it up.
  if (!isHostGone(seen)) return parts.clock.sleep(MOMENT);
  try {
    await resumeWithNewHost(parts, store, child, seen);
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    await fail(parts, store, child, cause.message);
  }
}

/** Nothing where somebody else has moved it. */
async function fail({ clock }: CoreParts, store: JobStore, { id }: Instance, statusMessage: string): Promise<void> {
  const [now] = await store.find({ ids: [id] });
  if (now?.state === 'Suspended') await transition(store, now, [{ to: 'Failed', reason: 'interrupted', statusMessage, endTime: clock.now() }]);
}
