import { JobError, type Instance, type JobState } from '@nightshift/sdk';
import type { JobView } from './job-view.ts';
import type { CoreParts } from './parts.ts';
import { runsOf, selectJobs, viewsOf, type JobSelector, type Selected } from './query.ts';
import { reconcileAgain } from './reconcile.ts';
import { transition } from './transition.ts';

/** A job with the address of its debugger. */
export interface Debugging {
  readonly address: string;
  /** Pauses it at its next statement and resolves when it goes on again: when somebody resumed it, or when `signal` ends the pause. */
  pause(signal: AbortSignal): Promise<void>;
}

/** Opens the debugger of exactly one job; undefined when `approve` leaves it alone. Throws the `DebugJob…` errors of jobs.md section 15. */
export async function debugJob(parts: CoreParts, selector: JobSelector, approve: (job: JobView) => boolean | Promise<boolean> = () => true): Promise<Debugging | undefined> {
  const job = await theOne(parts, selector);
  if (job.store.remote !== undefined) throw notDebuggable(job, 'it runs on a worker of the engine');
  const run = runsOf(job).find(({ state }) => isDebuggable(state));
  if (run === undefined) throw notDebuggable(job);
  if (!(await approve((await viewsOf(parts, [job]))[0] as JobView))) return undefined;
  const address = await parts.launcher.inspector(run);
  if (address === undefined) throw notDebuggable(job);
  if (typeof address === 'object') throw portTaken(job, address.taken);
  return { address, pause: (signal) => pause(parts, job, run, address, signal) };
}

async function pause(parts: CoreParts, { store }: Selected, run: Instance, address: string, signal: AbortSignal): Promise<void> {
  const move = async (to: 'AtBreakpoint' | 'Running'): Promise<void> => {
    const now = await reconcileAgain(parts, store, run);
    if (now?.state === (to === 'Running' ? 'AtBreakpoint' : 'Running')) await transition(store, now, [{ to }]);
  };
  await parts.launcher.pause(run, address, () => move('AtBreakpoint'), signal);
  await move('Running');
}

async function theOne(parts: CoreParts, selector: JobSelector): Promise<Selected> {
  const { jobs, problems } = await selectJobs(parts, selector);
  const [job, ...others] = jobs;
  if (others.length > 0) throw new JobError({ code: 'DebugJobFoundMultipleJobsWithName', message: `several jobs are meant: ${jobs.map(({ instance }) => instance.id).join(', ')}`, hint: 'name one of them by its id' });
  if (job !== undefined) return job;
  const [problem] = problems;
  const code = problem === undefined ? 'DebugJobCannotFindJobWithName' : (NOT_FOUND[problem.code] ?? problem.code);
  throw new JobError({ code, message: problem?.message ?? 'no job matches', ...(problem?.hint === undefined ? {} : { hint: problem.hint }) });
}

const NOT_FOUND: Readonly<Record<string, string>> = {
  JobWithSpecifiedNameNotFound: 'DebugJobCannotFindJobWithName',
  JobWithSpecifiedSessionNotFound: 'DebugJobCannotFindJobWithId',
  JobWithSpecifiedInstanceIdNotFound: 'DebugJobCannotFindJobWithInstanceId',
};

function isDebuggable(state: JobState): boolean {
  return state === 'Running' || state === 'AtBreakpoint';
}

function notDebuggable({ instance: { name, state } }: Selected, why: string = isDebuggable(state) ? 'none of its processes is a Node that opens its inspector' : `it is ${state}`): JobError {
  return new JobError({ code: 'DebugJobNoDebuggableJobsFound', message: `${name} cannot be debugged: ${why}` });
}

/** Every Node takes the same port unless it is told otherwise. */
function portTaken({ instance: { name } }: Selected, address: string): JobError {
  return new JobError({
    code: 'DebugJobNoDebuggableJobsFound',
    message: `${name} cannot be debugged: another process listens on ${address}, where its inspector would`,
    hint: 'end the other one, or start the job with node --inspect-port=0, which takes a free port',
  });
}
