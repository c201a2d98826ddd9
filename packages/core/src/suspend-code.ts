/**
 * A run of JavaScript is suspended and resumed by its host, which is told what somebody wishes, does it in its own time and
 * answers. Whoever asks waits for the answer, or only a moment.
 */
import { JobError, type Instance, type JobState, type JobStore } from '@nightshift/sdk';
import type { CoreParts } from './parts.ts';
import type { CodeRunWish } from './ports/code-run.ts';
import type { WishAnswer } from './ports/job-launcher.ts';
import { reconcileAgain } from './reconcile.ts';
import { isHostGone, resumeWithNewHost } from './resume-code.ts';
import { stopBelow } from './stop.ts';
import { transition } from './transition.ts';

/** How to suspend. */
export interface SuspendRequest {
  /** Return when it is Suspended, or Running. Default: when the wish is on its way. */
  readonly wait?: boolean;
  /** Cut the work off now: what was done since the last checkpoint is lost. Default: the run comes to rest in its own way. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/** Milliseconds for an answer that comes at once, such as a refusal. */
const MOMENT = 500;

/** The row is Suspending by now. Throws what its type says against it. */
export async function suspendCode(parts: CoreParts, store: JobStore, run: Instance, { wait = false, force = false, signal }: SuspendRequest): Promise<void> {
  if (force) return cutOff(parts, store, run);
  await answered(parts, store, run, { is: 'suspend', reason: 'asked' }, 'Suspending', wait ? undefined : MOMENT, signal);
}

async function cutOff(parts: CoreParts, store: JobStore, run: Instance): Promise<void> {
  await parts.launcher.cutOff(run);
  await cutOffBelow(parts, store, run);
  await stopBelow(parts, store, run, { force: true, reason: 'parent', rests: true });
  const now = await reconcileAgain(parts, store, run);
  // It says why: what was done since the last checkpoint is lost.
  if (now?.state === 'Suspending') await transition(store, now, [{ to: 'Suspended', reason: 'interrupted' }]);
}

/** What can go on from a checkpoint of its own is cut off like what has started it, and taken up together with that. */
async function cutOffBelow(parts: CoreParts, store: JobStore, { id }: Instance): Promise<void> {
  const resumable = (await store.find({ below: [id] })).filter(({ run, state }) => run?.resumable === true && run.can?.suspend === true && state === 'Running');
  // Whoever started it first: ids grow downwards.
  for (const child of resumable.toSorted((a, b) => a.id - b.id)) {
    const suspending = await transition(store, child, [{ to: 'Suspending' }]);
    if (suspending === undefined) continue;
    await parts.launcher.cutOff(suspending);
    await reconcileAgain(parts, store, suspending);
  }
}

/** False: somebody else was quicker, look again. */
export async function resumeCode(parts: CoreParts, store: JobStore, run: Instance, signal?: AbortSignal): Promise<boolean> {
  const seen = await parts.launcher.observe(run);
  if (isHostGone(seen)) return resumeWithNewHost(parts, store, run, seen);
  // Another process has just taken it up, or it runs.
  return answered(parts, store, run, { is: 'resume', reason: 'asked' }, 'Suspended', undefined, signal);
}

/**
 * Resolves with the answer of the host, when the run has left a state, or after so many milliseconds; default: never. False:
 * the host is gone, and nobody will answer.
 */
async function answered(parts: CoreParts, store: JobStore, run: Instance, wish: CodeRunWish, during: JobState, milliseconds: number | undefined, signal?: AbortSignal): Promise<boolean> {
  using watch = parts.launcher.watch([run], 'output');
  const answer = await parts.launcher.wish(run, wish);
  const until = milliseconds === undefined ? Infinity : parts.clock.monotonic() + milliseconds;
  for (;;) {
    const said = await answer();
    if (said !== undefined) {
      refuse(said);
      return true;
    }
    const now = await reconcileAgain(parts, store, run);
    if (now === undefined || (now.state !== during && now.state !== 'Suspending' && now.state !== run.state) || parts.clock.monotonic() >= until || signal?.aborted === true) return true;
    // It may have ended in the moment before: then its process was still there when we looked for it.
    if (isHostGone(await parts.launcher.observe(now))) return false;
    await watch.changed(signal);
  }
}

function refuse(said: WishAnswer): void {
  if (said.error === undefined) return;
  const { code = '', message } = said.error;
  throw new JobError({ code: /^[A-Z]\w+$/.test(code) ? code : 'InvalidJobState', message });
}
