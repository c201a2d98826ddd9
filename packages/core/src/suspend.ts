import { isJobError, type Instance, type JobError, type JobState, type JobStore, type RunFacts } from '@nightshift/sdk';
import { isAway, outlivesUs } from './away.ts';
import { cannotSuspend, checkpointNotPossible, notValidForOperation, stillAway } from './errors.ts';
import type { CoreParts } from './parts.ts';
import { ownRunsOf, type Selected } from './query.ts';
import { reattach, reattachBelow } from './reattach.ts';
import { isWaiting, reconcileAgain } from './reconcile.ts';
import { resumeCode, suspendCode, type SuspendRequest } from './suspend-code.ts';
import { transition } from './transition.ts';

/** What became of a wish to suspend or to resume: a state that does not allow it is told and is no error (jobs.md 14.3, 14.4). */
export interface Moved {
  readonly warning?: JobError;
}

/** Moves the jobs of one call. Throws `Job2OperationNotSupportedOnJob` for a job that has no processes of ours. */
export type Mover = (job: Selected) => Promise<Moved>;

/** Holds the processes of jobs still. */
export function suspending(parts: CoreParts, request: SuspendRequest = {}): Mover {
  return moving((store, run) => suspendRun(parts, store, run, request), () => false);
}

/** Lets the processes of jobs go on. */
export function resuming(parts: CoreParts, { signal }: SuspendRequest = {}): Mover {
  return moving((store, run) => resumeRun(parts, store, run, signal), outlivesUs);
}

/**
 * Resolves when no run of the job is on its way to being suspended any more, however long that takes: what is in hand may be
 * brought to its end first. Where whoever suspended it has died, it is asked for again. Source: jobs.md 2.5.
 */
export async function suspendEnded(parts: CoreParts, job: Selected): Promise<void> {
  // Whoever runs it sees to that.
  if (job.store.remote !== undefined) return;
  const underWay = ownRunsOf(job).filter(({ state, run }) => state === 'Suspending' && run !== undefined);
  await Promise.all(underWay.map((run) => suspendRun(parts, job.store, run, { wait: true }).catch(refused)));
}

/** One that is refused has ended as well. */
function refused(cause: unknown): void {
  if (!isJobError(cause)) throw cause;
}

/** A run that is meant twice, as by its parent and by itself, is moved once, and both hear the same of it. `also`: the runs that are moved although their type cannot be suspended. */
function moving(move: (store: JobStore, run: Instance) => Promise<JobState | undefined>, also: (run: Instance) => boolean): Mover {
  const moved = new Map<string, Promise<JobState | undefined>>();
  const once = (store: JobStore, run: Instance): Promise<JobState | undefined> => {
    const known = moved.get(run.instanceId) ?? move(store, run);
    moved.set(run.instanceId, known);
    return known;
  };
  return async (job) => {
    const runs = ownRunsOf(job);
    if (runs.some((one) => one.run === undefined || (!canBeHeld(one.run) && !also(one)))) throw cannotSuspend(job.instance.name, job.instance.type);
    const refused = (await Promise.all(runs.map((run) => once(job.store, run)))).find((state) => state !== undefined);
    return refused === undefined ? {} : { warning: refused === 'Disconnected' ? stillAway(job.instance) : notValidForOperation(job.instance.name, refused) };
  };
}

/** A command is held with its processes, but not what goes on elsewhere. */
function canBeHeld({ form, can, watches }: RunFacts): boolean {
  return form === undefined ? watches !== true : can?.suspend === true;
}

/**
 * The wish first, then the signal, then the state: whoever finds Suspending after a crash only has to do it again. Answers
 * with the state that did not allow it.
 */
async function suspendRun(parts: CoreParts, store: JobStore, run: Instance, request: SuspendRequest): Promise<JobState | undefined> {
  if (store.remote !== undefined) return (await import('./remote-jobs.ts')).moveRemote(parts, store.remote, store, run, 'suspend');
  const now = await begun(parts, store, run);
  if (now === undefined || now.state === 'Suspended') return undefined;
  // One that nobody has taken up has no processes, and is not taken up any more.
  if (now.state === 'NotStarted') return (await transition(store, now, [{ to: 'Suspended' }])) === undefined ? suspendRun(parts, store, run, request) : undefined;
  if (now.state !== 'Running' && now.state !== 'Suspending') return now.state;
  if (now.run?.cannotSuspend !== undefined && request.force !== true) throw checkpointNotPossible(now.name, now.run.cannotSuspend);
  const suspending = now.state === 'Suspending' ? now : await transition(store, now, [{ to: 'Suspending' }]);
  // Somebody was first, and what they made of it counts.
  if (suspending === undefined) return suspendRun(parts, store, run, request);
  // Read again where nobody had taken it up: somebody may have, until we wrote.
  const [held = suspending] = isWaiting(suspending) ? await store.find({ ids: [run.id] }) : [];
  if (held.run?.form === 'code' && !isWaiting(held)) return void (await suspendCode(parts, store, held, request));
  if (!isWaiting(held)) await parts.launcher.suspend(held);
  await transition(store, suspending, [{ to: 'Suspended' }]);
  return undefined;
}

/** The signal first: where we die in between, the state says Suspended, and the next resume-job mends it. */
async function resumeRun(parts: CoreParts, store: JobStore, run: Instance, signal?: AbortSignal): Promise<JobState | undefined> {
  if (store.remote !== undefined) return (await import('./remote-jobs.ts')).moveRemote(parts, store.remote, store, run, 'resume');
  const now = await begun(parts, store, run);
  if (now === undefined) return undefined;
  if (isAway(now) || now.state === 'Running') return reconnectRun(parts, store, now);
  if (now.state !== 'Suspended' && now.state !== 'Suspending') return now.state;
  const isCode = now.run?.form === 'code' && (!isWaiting(now) || now.attempt > 1);
  if (isCode) return (await resumeCode(parts, store, now, signal)) ? undefined : resumeRun(parts, store, run, signal);
  const suspended = now.state === 'Suspended' ? now : await transition(store, now, [{ to: 'Suspended' }]);
  if (suspended === undefined) return resumeRun(parts, store, run, signal);
  if (!isWaiting(suspended)) await parts.launcher.resume(suspended);
  await transition(store, suspended, [{ to: isWaiting(suspended) && suspended.beginTime === undefined ? 'NotStarted' : 'Running' }]);
  return undefined;
}

/** Itself, and what is away below it. */
async function reconnectRun(parts: CoreParts, store: JobStore, now: Instance): Promise<JobState | undefined> {
  const stays = isAway(now) ? await reattach(parts, store, now) : now.state;
  const below = await reattachBelow(store, now, async (from, child) => void (await reattach(parts, from, child)));
  if (below.tried === 0) return stays;
  return below.left === 0 ? undefined : 'Disconnected';
}

/** The run as it is now; one that its launcher is just handing over is given the moment that it needs. */
async function begun(parts: CoreParts, store: JobStore, run: Instance): Promise<Instance | undefined> {
  using watch = parts.launcher.watch([run], 'end');
  for (;;) {
    const now = await reconcileAgain(parts, store, run);
    if (now?.state !== 'NotStarted' || isWaiting(now)) return now;
    await watch.changed();
  }
}
