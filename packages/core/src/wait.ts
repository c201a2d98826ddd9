import { isFinished, isPersistent, type Clock, type Instance, type JobError, type JobState } from '@nightshift/sdk';
import { blockedDeadlock } from './errors.ts';
import type { CoreParts } from './parts.ts';
import { createPatience } from './patience.ts';
import { lookAgain, runsOf, type Selected } from './query.ts';
import { watchRuns } from './watch-runs.ts';

/** How long to wait, and for what. */
export interface WaitRequest {
  /** The first of them will do. */
  readonly any?: boolean;
  /** Finished only; Suspended and Disconnected are not enough. */
  readonly force?: boolean;
  /** Milliseconds; 0 looks once. Default: for ever. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** Told at once what could not be reconnected, which is waited for all the same. Default: it is one of the problems. */
  readonly warn?: (warning: JobError) => void;
}

/** `done` is false when the time ran out or the signal fired; `jobs` are as they are then. */
export interface Waited {
  readonly done: boolean;
  readonly jobs: readonly Selected[];
}

/** Waits for jobs; they go on whatever happens to the wait. `problems` grows by runs that cannot be looked at. Throws `BlockedJobsDeadlockWithWaitJob` at once when it would never end. */
export async function waitForJobs(parts: CoreParts, jobs: readonly Selected[], request: WaitRequest, problems: JobError[] = []): Promise<Waited> {
  using watch = watchRuns(parts, jobs.flatMap((job) => runsOf(job).map((instance) => ({ instance, store: job.store }))), 'end');
  using deadline = createDeadline(parts.clock, request.timeout);
  const patience = createPatience(parts.clock);
  const again = async (current: readonly Selected[]): Promise<readonly Selected[]> => {
    try {
      const looked = await fresh(parts, current, problems);
      patience.answered();
      return looked;
    } catch (cause) {
      if (current.some(({ store }) => store.remote !== undefined) && patience.bears(cause)) return current;
      throw cause;
    }
  };
  for (let current: readonly Selected[] = await fresh(parts, jobs, problems); ; current = await again(current)) {
    const resting = current.filter(({ instance }) => isEnd(instance.state, request));
    const [first] = resting;
    if (request.any === true && first !== undefined) return { done: true, jobs: [first] };
    if (resting.length === current.length) return { done: true, jobs: current };
    refuseDeadlock(current.map(({ instance }) => instance), request);
    if (deadline.isOver() || request.signal?.aborted === true) return { done: false, jobs: current };
    await Promise.race([watch.changed(request.signal), deadline.passed]);
  }
}

interface Deadline extends Disposable {
  isOver(): boolean;
  readonly passed: Promise<void>;
}

/** One sleep for the whole wait: it counts time that passes, and does not care when somebody sets the clock. */
function createDeadline(clock: Clock, milliseconds: number | undefined): Deadline {
  const cut = new AbortController();
  let isOver = milliseconds === 0;
  const passed = milliseconds === undefined || isOver ? new Promise<void>(() => {}) : clock.sleep(milliseconds, cut.signal).then(() => void (isOver = true), () => {});
  return { passed, isOver: () => isOver, [Symbol.dispose]: () => cut.abort() };
}

async function fresh(parts: CoreParts, jobs: readonly Selected[], problems: JobError[]): Promise<Selected[]> {
  const looked = await Promise.all(jobs.map(async (job) => (isFinished(job.instance.state) ? job : lookAgain(parts, job, problems))));
  return looked.filter((job) => job !== undefined);
}

function isEnd(state: JobState, { force }: WaitRequest): boolean {
  return force === true ? isFinished(state) : isPersistent(state);
}

function refuseDeadlock(instances: readonly Instance[], { any }: WaitRequest): void {
  const blocked = instances.filter(({ state }) => state === 'Blocked');
  const isDeadlock = any === true ? blocked.length === instances.length : blocked.length > 0;
  if (isDeadlock) throw blockedDeadlock(blocked.map(({ name }) => name));
}
