/** The contract of the library: what a program says to the verbs, and what they answer. */
import type { JobSelector, JobView, ListOptions, ReceiveRequest } from '@nightshift/core';
import type { StoredRecord, StreamName } from '@nightshift/sdk';
import type { Host } from './create-host.ts';
import type { ScheduledJobVerbs } from './library-scheduled-jobs.ts';
import type { ThreadOptions, ThreadWhat } from './library-threads.ts';
import type { StartedThread } from './threads/thread-jobs.ts';
import type { TriggerVerbs } from './library-triggers.ts';
import type { What } from './what-to-run.ts';

export type { StartedThread, ThreadOptions, ThreadWhat, What };

/** How to run it. A definition says all but the last two itself; one that runs JavaScript is also given its input. */
export interface StartOptions {
  /** Default `Job<id>`. */
  readonly name?: string;
  /** Of a text or a file. */
  readonly argumentList?: readonly (string | number | boolean)[];
  readonly environment?: Readonly<Record<string, string | number | boolean>>;
  /** Lines of standard input, then its end; of a type that runs JavaScript any JSON values. Default: none. */
  readonly inputObject?: readonly unknown[];
  readonly initializationScript?: string;
  /** Milliseconds, or a text such as "5m". Default: never. */
  readonly timeout?: number | string;
  /** Between SIGTERM and SIGKILL; the same. Default 10 s. */
  readonly gracePeriod?: number | string;
  readonly successExitCodes?: readonly number[];
  /** `ndjson`: each line of output is a JSON value. Default `text`. */
  readonly outputFormat?: 'text' | 'ndjson';
  /** Standard error among the output, in exact order. Default false. */
  readonly mergeStreams?: boolean;
  /** Default: this process's. */
  readonly workingDirectory?: string;
  /** Keep it in the durable store. Default false. */
  readonly persist?: boolean;
}

/** Which jobs: an id, a name (wildcards `* ? [ ]`) or an instance id, several of them, or conditions. */
export type Jobs = number | string | readonly (number | string)[] | JobSelector;

/** How to receive; all is optional. */
export interface ReceiveOptions {
  /** Default: all seven. */
  readonly streams?: readonly StreamName[];
  /** Default `cursor`: after what was received last. */
  readonly from?: ReceiveRequest['from'];
  /** Leave everything to be received again. Default false. */
  readonly keep?: boolean;
  /** Only the last so many records of each job. */
  readonly tail?: number;
  /** Stay until the jobs are finished. Default false: what there is. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** One record, and the job that wrote it. */
export interface JobRecord extends StoredRecord {
  readonly jobId: number;
  /** Of a job that runs on computers: which one it comes from. */
  readonly computerName?: string;
}

/**
 * The verbs. Each throws a `JobError` with a code (an `AggregateError` of several) for what could not be done. What a verb is
 * told is checked before anything is done, with the codes of the command line for the same mistake: jobs.md 6.4.
 */
export interface Nightshift extends ScheduledJobVerbs, TriggerVerbs, AsyncDisposable {
  startJob(what: What, options?: StartOptions): Promise<JobView>;
  /** JavaScript in a warm worker of this process, which ends with it. Resolves when the job is recorded: it runs, or waits for a place in its pool. */
  startThreadJob(what: ThreadWhat, options?: ThreadOptions): Promise<StartedThread>;
  /** Without a selector all unfinished jobs and the newest 100 finished ones. */
  getJobs(jobs?: Jobs, options?: ListOptions): Promise<readonly JobView[]>;
  /** Records as they come. What was yielded is consumed when the loop has ended by itself; a loop that is left early consumes nothing. */
  receiveJob(jobs: Jobs, options?: ReceiveOptions): AsyncGenerator<JobRecord, void, undefined>;
  /** The jobs when all of them (`any`: the first) are finished or suspended. Undefined when the time is up, or the signal fired. A timeout of -1 is none. */
  waitJob(jobs: Jobs, options?: { readonly any?: boolean; readonly timeout?: number | string; readonly signal?: AbortSignal }): Promise<readonly JobView[] | undefined>;
  stopJob(jobs: Jobs, options?: { readonly force?: boolean; readonly gracePeriod?: number | string }): Promise<readonly JobView[]>;
  /** `wait`: return when they are Suspended; `force`: cut the work of a job of JavaScript off now, what was done since its last checkpoint is lost. */
  suspendJob(jobs: Jobs, options?: { readonly wait?: boolean; readonly force?: boolean }): Promise<readonly JobView[]>;
  resumeJob(jobs: Jobs): Promise<readonly JobView[]>;
  /** Answers what Blocked jobs wait for, with any JSON value. */
  unblockJob(jobs: Jobs, input: unknown): Promise<readonly JobView[]>;
  /** `force`: stop unfinished ones first. */
  removeJob(jobs: Jobs, options?: { readonly force?: boolean }): Promise<void>;
  /** What the verbs are made of, with every request in full. */
  readonly host: Host;
}
