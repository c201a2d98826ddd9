/**
 * Jobs of an engine, whose runs are on machines that nobody here can look at. What there is to be known of them stands in their
 * rows, which whoever holds the lease of a run keeps; what is wanted of them is a wish, which that one carries out. Nobody here
 * concludes anything of them: of a lease that was lost, workers decide. Loaded where there is such a job: whoever has no engine
 * pays nothing for it.
 */
import { isFinished, JobError, type Instance, type JobState, type JobStore, type RemoteRuns, type Wish } from '@nightshift/sdk';
import type { CoreParts } from './parts.ts';

/** How long a wish is given until somebody has heard of it and has carried it out, in milliseconds: some leases. */
const PATIENCE = 30_000;
/** As long as a worker's own, where nobody has said otherwise. */
const GRACE_PERIOD = 10_000;

/** Wishes of each run that it stops, and waits until it has. Throws `StopJobError` where nobody carries the wish out in time; it stays. */
export async function stopRemote(parts: CoreParts, remote: RemoteRuns, store: JobStore, runs: readonly Instance[], request: Pick<Wish, 'reason' | 'gracePeriod'> & { readonly force?: boolean }): Promise<void> {
  const unfinished = runs.filter(({ run, state }) => run !== undefined && !isFinished(state));
  await Promise.all(unfinished.map(async (one) => {
    const { force, gracePeriod, reason } = request;
    const wish: Wish = { wish: force === true ? 'kill' : 'stop', reason: reason ?? 'stopped', ...(gracePeriod === undefined ? {} : { gracePeriod }) };
    if (!(await remote.wish(one.instanceId, wish))) return;
    const grace = force === true ? 0 : (gracePeriod ?? one.run?.gracePeriod ?? GRACE_PERIOD);
    const now = await until(parts, store, one, PATIENCE + grace, ({ state }) => isFinished(state));
    if (now !== undefined && !isFinished(now.state)) throw notStoppedYet(now.name, now.state);
  }));
}

/** Holds runs still, or lets them go on. Answers with a state that did not allow it, of the first such run. */
export async function moveRemote(parts: CoreParts, remote: RemoteRuns, store: JobStore, run: Instance, wish: 'suspend' | 'resume'): Promise<Instance['state'] | undefined> {
  const [now] = await store.find({ ids: [run.id] });
  if (now === undefined || isThere(now, wish)) return undefined;
  const isPossible = wish === 'suspend' ? now.state === 'Running' || now.state === 'Suspending' : now.state === 'Suspended' || now.state === 'Suspending' || now.state === 'Disconnected';
  if (!isPossible || !(await remote.wish(run.instanceId, { wish }))) return now.state;
  const moved = await until(parts, store, now, PATIENCE, (seen) => isThere(seen, wish) || isFinished(seen.state));
  if (moved === undefined || isThere(moved, wish)) return undefined;
  if (isFinished(moved.state)) return moved.state;
  throw workerIsSilent(moved.name, moved.state);
}

function isThere({ state }: Instance, wish: 'suspend' | 'resume'): boolean {
  return wish === 'suspend' ? state === 'Suspended' : state === 'Running' || state === 'Blocked';
}

/** The row when it is as it should be, or when the time is over. Undefined when it was removed. */
async function until(parts: CoreParts, store: JobStore, { id }: Instance, milliseconds: number, isDone: (now: Instance) => boolean): Promise<Instance | undefined> {
  using watch = parts.launcher.watch([], 'end');
  for (const end = parts.clock.monotonic() + milliseconds; ; await watch.changed()) {
    const [now] = await store.find({ ids: [id] });
    if (now === undefined || isDone(now) || parts.clock.monotonic() >= end) return now;
  }
}

/** The wish to stop stays: whoever takes the run up, or finds its worker lost, carries it out. */
const notStoppedYet = (name: string, state: JobState): JobError =>
  new JobError({ code: 'StopJobError', message: `${name} is still ${state}: the worker that runs it has not answered; it is stopped as soon as one does`, hint: 'nightshift doctor says which workers are there' });

const workerIsSilent = (name: string, state: JobState): JobError =>
  new JobError({ code: 'StopJobCannotConnectToServer', message: `${name} is still ${state}: the worker that runs it has not answered; what was wished is carried out as soon as one does`, hint: 'nightshift doctor says which workers are there' });
