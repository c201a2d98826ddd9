/**
 * Jobs from a program of your own: the verbs of the command line, with values in place of words and exceptions in place of
 * exit codes. Jobs outlive the program as they outlive a terminal.
 */
import type { JobSelector, JobView, ListOptions, ReceiveRequest } from '@nightshift/core';
import { parseDuration, STREAM_NAMES, type JobError, type StoredRecord, type StreamName } from '@nightshift/sdk';
import { createHost, type Host, type HostOptions } from './create-host.ts';
import { currentFolder } from './paths.ts';

/** What to run: a program with its arguments, a text for a shell, a script file, or a definition by its name. */
export type What =
  | readonly [program: string, ...args: string[]]
  | { readonly scriptBlock: string; readonly shell?: string }
  | { readonly filePath: string; readonly runtime?: string }
  | { readonly definitionName: string; readonly definitionPath?: string; readonly type?: string };

/** How to run it. A definition says all but the last two itself. */
export interface StartOptions {
  /** Default `Job<id>`. */
  readonly name?: string;
  /** Of a text or a file. */
  readonly argumentList?: readonly (string | number | boolean)[];
  readonly environment?: Readonly<Record<string, string | number | boolean>>;
  /** Lines of standard input, then its end. Default: none. */
  readonly inputObject?: readonly string[];
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
}

/** The verbs. Each throws a `JobError` with a code (an `AggregateError` of several) for what could not be done. */
export interface Nightshift extends AsyncDisposable {
  startJob(what: What, options?: StartOptions): Promise<JobView>;
  /** Without a selector all unfinished jobs and the newest 100 finished ones. */
  getJobs(jobs?: Jobs, options?: ListOptions): Promise<readonly JobView[]>;
  /** Records as they come. What was yielded is consumed when the loop has ended by itself; a loop that is left early consumes nothing. */
  receiveJob(jobs: Jobs, options?: ReceiveOptions): AsyncGenerator<JobRecord, void, undefined>;
  /** The jobs when all of them (`any`: the first) are finished or suspended. Undefined when the time is up, or the signal fired. */
  waitJob(jobs: Jobs, options?: { readonly any?: boolean; readonly timeout?: number | string; readonly signal?: AbortSignal }): Promise<readonly JobView[] | undefined>;
  stopJob(jobs: Jobs, options?: { readonly force?: boolean; readonly gracePeriod?: number | string }): Promise<readonly JobView[]>;
  suspendJob(jobs: Jobs): Promise<readonly JobView[]>;
  resumeJob(jobs: Jobs): Promise<readonly JobView[]>;
  /** `force`: stop unfinished ones first. */
  removeJob(jobs: Jobs, options?: { readonly force?: boolean }): Promise<void>;
  /** What the verbs are made of, with every request in full. */
  readonly host: Host;
}

/** Opens the stores of this user at the first verb. `await using` closes them; jobs go on. */
export function openNightshift(options: HostOptions = {}): Nightshift {
  const host = createHost(options);
  const folder = (): string => options.workingDirectory ?? currentFolder();
  const warn = options.warn ?? (() => {});
  return {
    host,
    startJob: (what, start = {}) =>
      host.startJob({
        what: requestOf(what, start),
        callerDirectory: folder(),
        warn,
        persist: start.persist === true,
        ...(start.name === undefined ? {} : { name: start.name }),
        ...(start.workingDirectory === undefined ? {} : { workingDirectory: start.workingDirectory }),
      }),
    getJobs: async (jobs, list) => done(await host.getJobs(jobs === undefined ? {} : selectorOf(jobs), list)),
    receiveJob: (jobs, receive = {}) => recordsOf(host, jobs, receive),
    async waitJob(jobs, { timeout, ...wait } = {}) {
      const waited = await host.waitJobs(selectorOf(jobs), { ...wait, ...timePart('timeout', timeout) });
      const views = done(waited);
      return waited.done ? views : undefined;
    },
    stopJob: async (jobs, { gracePeriod, ...stop } = {}) => done(await host.stopJobs(selectorOf(jobs), { ...stop, ...timePart('gracePeriod', gracePeriod) })),
    suspendJob: async (jobs) => moved(await host.suspendJobs(selectorOf(jobs))),
    resumeJob: async (jobs) => moved(await host.resumeJobs(selectorOf(jobs))),
    removeJob: async (jobs, { force = false } = {}) => void done(await host.removeJobs(selectorOf(jobs), { force })),
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

type Request = Parameters<Host['startJob']>[0]['what'];

/** What a spec says; the rest is said beside it. */
const SETTINGS = ['argumentList', 'environment', 'inputObject', 'initializationScript', 'successExitCodes', 'outputFormat', 'mergeStreams'] as const satisfies readonly (keyof StartOptions)[];

function requestOf(what: What, options: StartOptions): Request {
  if (!Array.isArray(what) && 'definitionName' in what) {
    const { definitionName, definitionPath, type } = what;
    return { definitionName, ...(definitionPath === undefined ? {} : { path: definitionPath }), ...(type === undefined ? {} : { typePattern: type }) };
  }
  const body = Array.isArray(what) ? { command: what } : what;
  const settings = Object.fromEntries(SETTINGS.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]));
  return { type: 'BackgroundJob', isChecked: true, spec: { ...body, ...settings, ...timePart('timeout', options.timeout), ...timePart('gracePeriod', options.gracePeriod) } };
}

function timePart<Key extends string>(key: Key, time: number | string | undefined): { readonly [K in Key]?: number } {
  return (time === undefined ? {} : { [key]: typeof time === 'number' ? time : parseDuration(time) }) as { readonly [K in Key]?: number };
}

function selectorOf(jobs: Jobs): JobSelector {
  if (typeof jobs === 'object' && !Array.isArray(jobs)) return jobs as JobSelector;
  return { words: [jobs as number | string | readonly (number | string)[]].flat().map(String) };
}

async function* recordsOf(host: Host, jobs: Jobs, { streams = STREAM_NAMES, from = 'cursor', keep = false, follow = false, tail, signal }: ReceiveOptions): AsyncGenerator<JobRecord, void, undefined> {
  const request = { streams, from, keep, ...(tail === undefined ? {} : { tail }), ...(follow ? { until: 'finished' as const } : {}), ...(signal === undefined ? {} : { signal }) };
  const { batches, commit, problems } = await host.receiveJobs(selectorOf(jobs), request);
  for await (const { jobId, records } of batches) for (const record of records) yield { jobId, ...record };
  await commit();
  raise(problems);
}

function done<Jobs>({ jobs, problems }: { readonly jobs: Jobs; readonly problems: readonly JobError[] }): Jobs {
  raise(problems);
  return jobs;
}

/** A state that does not allow it is an error to a program: `InvalidJobState`. Source: jobs.md 14.4. */
function moved({ jobs, problems, warnings }: Awaited<ReturnType<Host['suspendJobs']>>): readonly JobView[] {
  raise([...problems, ...warnings]);
  return jobs;
}

function raise(problems: readonly JobError[]): void {
  const [first, ...others] = problems;
  if (first !== undefined) throw others.length === 0 ? first : new AggregateError(problems, problems.map(({ message }) => message).join('; '));
}
