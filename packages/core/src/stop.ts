import { isFinished, type Instance, type JobStore, type StopReason } from '@nightshift/sdk';
import { isAway } from './away.ts';
import { cannotReach, couldNotStop } from './errors.ts';
import type { CoreParts } from './parts.ts';
import { belowOf, ownRunsOf, type Selected } from './query.ts';
import { reattach } from './reattach.ts';
import { isWaiting, reconcile, reconcileAgain } from './reconcile.ts';
import { DEFAULT_GRACE_PERIOD } from './start.ts';
import { transition } from './transition.ts';

/** How to stop. */
export interface StopRequest {
  /** At once, without SIGTERM. */
  readonly force?: boolean;
  /** Milliseconds between SIGTERM and SIGKILL. Default: the job's own, else 10 s. */
  readonly gracePeriod?: number;
  /** Why; the first reason stays. Default `stopped`: somebody asked. */
  readonly reason?: StopReason;
}

/** Stops every run of a job, and what these have started; finished ones are left alone. Returns when the whole process tree is gone. Throws `StopJobError`. */
export async function stopJob(parts: CoreParts, job: Selected, request: StopRequest): Promise<void> {
  const { store } = job;
  // What they have started is stopped with them, where it runs.
  if (store.remote !== undefined) return (await import('./remote-jobs.ts')).stopRemote(parts, store.remote, store, ownRunsOf(job), request);
  await stopAll(parts, store, ownRunsOf(job), belowOf(job), request);
  // What was started while we stopped; a job that is to end starts nothing more.
  await stopBelow(parts, store, job.instance, request);
}

/** Stops whatever a job has started and still runs. `rests`: but what is Suspended. Default false. */
export async function stopBelow(parts: CoreParts, store: JobStore, { id }: Instance, { rests, ...request }: StopRequest & { readonly rests?: boolean }): Promise<void> {
  for (;;) {
    const left = (await store.find({ below: [id] })).filter(({ state, run }) => run !== undefined && !isFinished(state) && !(rests === true && state === 'Suspended'));
    if (left.length === 0) return;
    await stopAll(parts, store, [], left, request);
  }
}

/** What the runs of a job have started ends because they do. */
async function stopAll(parts: CoreParts, store: JobStore, own: readonly Instance[], below: readonly Instance[], request: StopRequest): Promise<void> {
  const others = below.filter(({ id, run, state }) => run !== undefined && !isFinished(state) && !own.some((one) => one.id === id));
  await Promise.all([...own.map((run) => stopRun(parts, store, run, request)), ...others.map((run) => stopRun(parts, store, run, { ...request, reason: 'parent' }))]);
}

async function stopRun(parts: CoreParts, store: JobStore, run: Instance, request: StopRequest): Promise<void> {
  // Nobody here can reach it: to record a wish would only make its state a lie.
  if (!isFinished(run.state) && (await parts.launcher.observe(run)).is === 'elsewhere') throw cannotReach(run.name);
  const now = isFinished(run.state) ? run : await reconcileAgain(parts, store, run);
  // Nobody but a host or a watcher of its own can end what goes on without one.
  if (now !== undefined && isAway(now)) await reattach(parts, store, now).catch((cause: unknown) => (request.force === true ? undefined : Promise.reject(cause as Error)));
  const wished = await recordWish(parts, store, now ?? run, request.reason ?? 'stopped');
  if (isFinished(wished.state)) return;
  const { is } = await parts.launcher.observe(wished);
  // A run that nobody has claimed yet must never start; whoever holds the claim is ended instead.
  if (is !== 'waiting' && (is !== 'unclaimed' || !(await parts.launcher.revoke(wished)))) {
    await parts.launcher.end(wished, { force: request.force === true, gracePeriod: request.gracePeriod ?? wished.run?.gracePeriod ?? DEFAULT_GRACE_PERIOD });
  }
  // From its row: of a thread nothing else says that it has ended.
  const ended = await reconcileAgain(parts, store, wished);
  if (ended !== undefined && !isFinished(ended.state)) throw couldNotStop(ended.name, ended.state);
}

/** The wish is written before anything is signalled: when we die half-way, the next reader knows why the run ended. */
async function recordWish(parts: CoreParts, store: JobStore, run: Instance, reason: StopReason): Promise<Instance> {
  let current = (await reconcile(parts, store, run)) ?? { ...run, state: 'Stopped' };
  while (!isFinished(current.state) && current.state !== 'Stopping') {
    const moved = await transition(store, current, [{ to: 'Stopping', stopReason: reason, ...(current.state === 'Disconnected' ? { statusMessage: '' } : {}) }]);
    // Somebody may have taken it up while we wrote; from now on nobody does.
    if (moved !== undefined && !isWaiting(moved)) return moved;
    const [again] = await store.find({ ids: [current.id] });
    if (again === undefined) return { ...current, state: 'Stopped' };
    current = again;
  }
  return current;
}
