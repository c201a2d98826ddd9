import { isJobError, type JobError } from '@nightshift/sdk';
import { viewOf, type JobView } from './job-view.ts';
import type { CoreParts } from './parts.ts';
import { inIdOrder, isEmpty, listJobs, lookAgain, newestOf, selectJobs, viewsOf, type JobSelector, type Selected } from './query.ts';
import { receive, type Receiving, type ReceiveRequest } from './receive.ts';
import { removeJob } from './remove.ts';
import { startJob, type StartRequest } from './start.ts';
import { stopJob, type StopRequest } from './stop.ts';
import { waitForJobs, type WaitRequest } from './wait.ts';

/** Jobs that a verb handled, and what went wrong with others: one of many failing does not stop the rest. */
export interface Handled {
  readonly jobs: readonly JobView[];
  readonly problems: readonly JobError[];
}

/** The public verbs. */
export interface JobHost {
  startJob(request: StartRequest): Promise<JobView>;
  /** In id order. Without a selector all unfinished jobs and the newest 100 finished ones; `left` says how many older ones there are. */
  getJobs(selector: JobSelector, options?: { readonly all?: boolean; readonly newest?: number }): Promise<Handled & { readonly left: number }>;
  receiveJobs(selector: JobSelector, request: ReceiveRequest): Promise<Receiving & { readonly problems: readonly JobError[] }>;
  waitJobs(selector: JobSelector, request: WaitRequest): Promise<Handled & { readonly done: boolean }>;
  stopJobs(selector: JobSelector, request: StopRequest): Promise<Handled>;
  removeJobs(selector: JobSelector, options: { readonly force: boolean }): Promise<Handled>;
}

/** How many finished jobs get-job lists when nobody asks for more. */
const NEWEST = 100;

export function createJobHost(parts: CoreParts): JobHost {
  return {
    async startJob(request) {
      const { instance, children } = await startJob(parts, request);
      // Nobody can have received anything yet.
      return viewOf(instance, children, new Map());
    },
    async getJobs(selector, { all, newest } = {}) {
      if (isEmpty(selector)) {
        const { jobs, problems, left } = await listJobs(parts, all === true ? undefined : (newest ?? NEWEST));
        const shown = newest === undefined ? jobs : newestOf(jobs, newest);
        return { jobs: await viewsOf(parts, shown), problems, left: newest === undefined ? left : 0 };
      }
      const { jobs, problems } = await selectJobs(parts, selector);
      const shown = newest === undefined ? inIdOrder(jobs) : newestOf(jobs, newest);
      return { jobs: await viewsOf(parts, shown), problems, left: 0 };
    },
    async receiveJobs(selector, request) {
      const { jobs, problems } = await selectJobs(parts, selector);
      return { ...(await receive(parts, jobs, request)), problems };
    },
    async waitJobs(selector, request) {
      const { jobs, problems } = await selectJobs(parts, selector);
      const waited = await waitForJobs(parts, jobs, request);
      return { done: waited.done, jobs: await viewsOf(parts, request.any === true ? waited.jobs : inIdOrder(waited.jobs)), problems };
    },
    async stopJobs(selector, request) {
      const { jobs, problems } = await selectJobs(parts, selector);
      return handleEach(parts, jobs, problems, (job) => stopJob(parts, job, request));
    },
    async removeJobs(selector, { force }) {
      const { jobs, problems } = await selectJobs(parts, selector, { childNames: false });
      return handleEach(parts, jobs, problems, (job) => removeJob(parts, job, force));
    },
  };
}

/** All at the same time; the problems keep the order of the jobs. */
async function handleEach(parts: CoreParts, jobs: readonly Selected[], problems: readonly JobError[], act: (job: Selected) => Promise<void>): Promise<Handled> {
  const results = await Promise.allSettled(jobs.map(act));
  const failures = results.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    if (isJobError(result.reason)) return [result.reason as JobError];
    throw result.reason;
  });
  const after = await Promise.all(jobs.map((job) => lookAgain(parts, job)));
  return { jobs: await viewsOf(parts, inIdOrder(after.filter((job) => job !== undefined))), problems: [...problems, ...failures] };
}

