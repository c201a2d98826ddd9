import { isFinished, isJobError, type JobError } from '@nightshift/sdk';
import { debugJob, type Debugging } from './debug.ts';
import { hasNoComputers } from './errors.ts';
import { viewOf, type JobView } from './job-view.ts';
import type { CoreParts } from './parts.ts';
import { listed, narrows, type ListOptions } from './list.ts';
import { everyJob, inIdOrder, isEmpty, listJobs, lookAgain, selectJobs, viewsOf, type JobSelector, type Selected } from './query.ts';
import { needsOf } from './needs-of.ts';
import { reconnect } from './reattach.ts';
import { receive, type Receivable, type Received, type ReceiveExtras, type ReceiveRequest, type Receiving } from './receive.ts';
import { refusal, removeJobs } from './remove.ts';
import { describeStart, startJob, type StartRequest } from './start.ts';
import { resuming, suspendEnded, suspending, type Mover } from './suspend.ts';
import type { SuspendRequest } from './suspend-code.ts';
import { stopJob, type StopRequest } from './stop.ts';
import { unblockJob } from './unblock.ts';
import { waitForJobs, type WaitRequest } from './wait.ts';

/** Jobs that a verb handled, and what went wrong with others: one of many failing does not stop the rest. */
export interface Handled {
  readonly jobs: readonly JobView[];
  readonly problems: readonly JobError[];
}

/** Asked for each job that a verb is about to change, one after the other, after every check. `false` leaves the job alone. Default: yes. */
export interface Approval {
  readonly approve?: (job: JobView) => boolean | Promise<boolean>;
}

/** What is read of the jobs that were found, and what went wrong with others. */
export interface ReceivingJobs<Yields> extends Receiving<Yields> {
  readonly jobs: readonly JobView[];
  /** Grows while batches come. */
  readonly problems: readonly JobError[];
}

/** The public verbs. */
export interface JobHost {
  startJob(request: StartRequest): Promise<JobView>;
  /** In id order. Without a selector all unfinished jobs and the newest 100 finished ones; `left` says how many older ones there are. */
  getJobs(selector: JobSelector, options?: ListOptions): Promise<Handled & { readonly left: number }>;
  /** Which of its siblings each of these jobs has waited for, by id: those that `startChild` was told of. */
  needsOf(ids: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>>;
  /** Every job of both stores, in id order, piece by piece: memory stays the same however many there are. `problems` grows meanwhile. */
  everyJob(options?: Pick<ListOptions, 'children' | 'attempts'>): Promise<{ readonly pages: AsyncIterable<readonly JobView[]>; readonly problems: readonly JobError[] }>;
  receiveJobs(selector: JobSelector, request: ReceiveRequest): Promise<ReceivingJobs<Received>>;
  /** The same with what a command line shows besides: jobs, events, bytes. */
  deliverJobs(selector: JobSelector, request: ReceiveRequest & ReceiveExtras): Promise<ReceivingJobs<Receivable>>;
  waitJobs(selector: JobSelector, request: WaitRequest): Promise<Handled & { readonly done: boolean }>;
  /** What a start would make, with every check and nothing done. */
  describeStart(request: StartRequest): Promise<Pick<JobView, 'type' | 'command'>>;
  stopJobs(selector: JobSelector, request: StopRequest & Approval): Promise<Handled>;
  /** Holds jobs still, or lets them go on. `warnings`: jobs whose state does not allow it. */
  suspendJobs(selector: JobSelector, request?: SuspendRequest & Approval): Promise<Handled & { readonly warnings: readonly JobError[] }>;
  resumeJobs(selector: JobSelector, request?: Pick<SuspendRequest, 'signal'> & Approval): Promise<Handled & { readonly warnings: readonly JobError[] }>;
  /** Answers what Blocked jobs wait for. */
  unblockJobs(selector: JobSelector, input: unknown): Promise<Handled>;
  /** Opens the debugger of exactly one job; undefined when it was not approved. */
  debugJob(selector: JobSelector, request?: Approval): Promise<Debugging | undefined>;
  removeJobs(selector: JobSelector, options: { readonly force: boolean } & Approval): Promise<Handled>;
}

/** Types whose jobs may be asked for by computer. Source: jobs.md section 10. */
const RUNS_ON_COMPUTERS: readonly string[] = ['BackgroundJob', 'RemoteJob'];

/** How many finished jobs get-job lists when nobody asks for more. */
const NEWEST = 100;

export function createJobHost(parts: CoreParts): JobHost {
  const deliver = async (selector: JobSelector, request: ReceiveRequest & ReceiveExtras): Promise<ReceivingJobs<Receivable>> => {
    const { jobs: found, problems } = await selectJobs(parts, selector);
    const jobs = request.computerNames === undefined ? found : found.filter(({ instance }) => RUNS_ON_COMPUTERS.includes(instance.type));
    const unable = found.filter((job) => !jobs.includes(job)).map(({ instance }) => hasNoComputers(instance.name, instance.type));
    const all = [...problems, ...unable];
    const connected = await reconnect(parts, jobs, request.warn ?? ((warning) => void all.push(warning)));
    return { ...(await receive(parts, connected, request, all)), jobs: await viewsOf(parts, connected), problems: all };
  };
  return {
    async startJob(request) {
      const { instance, children } = await startJob(parts, request);
      // Nobody can have received anything yet.
      return viewOf(instance, children, new Map());
    },
    async getJobs(selector, options = {}) {
      const isNarrowed = !isEmpty(selector) || narrows(options);
      if (!isNarrowed) {
        const { all, newest } = options;
        const { jobs, problems, left } = await listJobs(parts, all === true ? undefined : (newest ?? NEWEST));
        return { jobs: await listed(parts, jobs, options), problems, left: newest === undefined ? left : 0 };
      }
      const { jobs, problems } = isEmpty(selector) ? await listJobs(parts, undefined) : await selectJobs(parts, selector);
      return { jobs: await listed(parts, inIdOrder(jobs), options), problems, left: 0 };
    },
    needsOf: (ids) => needsOf(parts, ids),
    async everyJob(options = {}) {
      const { pages, problems } = await everyJob(parts);
      return { pages: viewsOfPages(parts, pages, options), problems };
    },
    // Nothing but records comes when nothing else was asked for.
    receiveJobs: (selector, request) => deliver(selector, request) as Promise<ReceivingJobs<Received>>,
    deliverJobs: deliver,
    async waitJobs(selector, request) {
      const { jobs, problems } = await selectJobs(parts, selector);
      const all = [...problems];
      const waited = await waitForJobs(parts, request.force === true ? await reconnect(parts, jobs, request.warn ?? ((warning) => void all.push(warning))) : jobs, request, all);
      return { done: waited.done, jobs: await viewsOf(parts, request.any === true ? waited.jobs : inIdOrder(waited.jobs)), problems: all };
    },
    describeStart: (request) => describeStart(parts, request),
    async stopJobs(selector, request) {
      const { jobs, problems } = await selectJobs(parts, selector);
      return handleEach(parts, jobs, problems, request, { act: (job) => stopAsked(parts, job, request), concerns: ({ instance }) => !isFinished(instance.state) });
    },
    suspendJobs: (selector, request = {}) => moveEach(parts, selector, request, suspending(parts, request)),
    resumeJobs: (selector, request = {}) => moveEach(parts, selector, request, resuming(parts, request)),
    async unblockJobs(selector, input) {
      const { jobs, problems } = await selectJobs(parts, selector);
      return handleEach(parts, jobs, problems, {}, { act: (job) => unblockJob(parts, job, input) });
    },
    debugJob: (selector, { approve } = {}) => debugJob(parts, selector, approve),
    async removeJobs(selector, { force, ...approval }) {
      const { jobs, problems } = await selectJobs(parts, selector, { childNames: false });
      return handleEach(parts, jobs, problems, approval, {
        act: async (job) => (force ? stopJob(parts, job, {}) : undefined),
        check: (job) => refusal(job, force),
        finish: (done) => removeJobs(parts, done),
      });
    },
  };
}

/** By force at once; else what is being suspended comes to rest first. */
async function stopAsked(parts: CoreParts, job: Selected, request: StopRequest): Promise<void> {
  if (request.force !== true) await suspendEnded(parts, job);
  await stopJob(parts, job, request);
}

async function* viewsOfPages(parts: CoreParts, pages: AsyncIterable<readonly Selected[]>, options: ListOptions): AsyncGenerator<readonly JobView[]> {
  for await (const page of pages) yield listed(parts, page, options);
}

async function moveEach(parts: CoreParts, selector: JobSelector, approval: Approval, move: Mover): Promise<Handled & { readonly warnings: readonly JobError[] }> {
  const { jobs, problems } = await selectJobs(parts, selector);
  const warnings = new Map<Selected, JobError>();
  const act = async (job: Selected): Promise<void> => {
    const { warning } = await move(job);
    if (warning !== undefined) warnings.set(job, warning);
  };
  const handled = await handleEach(parts, jobs, problems, approval, { act });
  return { ...handled, warnings: jobs.flatMap((job) => warnings.get(job) ?? []) };
}

interface Handling {
  readonly act: (job: Selected) => Promise<void>;
  /** Whether there is anything to do: who is not concerned is not asked about. Default: yes. */
  readonly concerns?: (job: Selected) => boolean;
  /** Why it cannot be done; asked before anybody is. */
  readonly check?: (job: Selected) => JobError | undefined;
  /** What remains to be done for all that went well, at once. */
  readonly finish?: (jobs: readonly Selected[]) => Promise<readonly JobError[]>;
}

/** All at the same time; the problems keep the order of the jobs. */
async function handleEach(parts: CoreParts, jobs: readonly Selected[], problems: readonly JobError[], { approve }: Approval, { act, concerns, check, finish }: Handling): Promise<Handled> {
  const approved: Selected[] = [];
  const refusals: JobError[] = [];
  for (const job of jobs) {
    const refused = check?.(job);
    if (refused !== undefined) refusals.push(refused);
    else if (concerns?.(job) === false || approve === undefined) approved.push(job);
    else if (await approve((await viewsOf(parts, [job]))[0] as JobView)) approved.push(job);
  }
  const results = await Promise.allSettled(approved.map(act));
  const failures = results.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    if (isJobError(result.reason)) return [result.reason as JobError];
    throw result.reason;
  });
  const done = approved.filter((_, index) => results[index]?.status === 'fulfilled');
  const unfinished = finish === undefined ? [] : await finish(done);
  const all = [...problems, ...refusals, ...failures, ...unfinished];
  const after = await Promise.all(jobs.map((job) => lookAgain(parts, job, all)));
  return { jobs: await viewsOf(parts, inIdOrder(after.filter((job) => job !== undefined))), problems: all };
}
