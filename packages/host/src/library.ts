/**
 * Jobs from a program of your own: the verbs of the command line, with values in place of words and exceptions in place of
 * exit codes. Jobs outlive the program as they outlive a terminal.
 */
import type { JobSelector, JobView } from '@nightshift/core';
import { JobError, parseDuration, STREAM_NAMES } from '@nightshift/sdk';
import { createHost, type Host, type HostOptions } from './create-host.ts';
import { findProgram } from './launch/find-program.ts';
import { checkJobs, checkStart, LIST_OPTIONS, OPEN_OPTIONS, RECEIVE_OPTIONS, REMOVE_OPTIONS, STOP_OPTIONS, SUSPEND_OPTIONS, WAIT_OPTIONS } from './library-options.ts';
import { scheduledJobVerbs } from './library-scheduled-jobs.ts';
import { NONE, startThreadJob } from './library-threads.ts';
import { triggerVerbs } from './library-triggers.ts';
import type { JobRecord, Jobs, Nightshift, ReceiveOptions, StartOptions, What } from './nightshift.ts';
import { checkOptions } from './option-kinds.ts';
import { currentFolder, existingFolder, expandFolder, findScript } from './paths.ts';

export type { JobRecord, Jobs, Nightshift, ReceiveOptions, StartOptions, What };

/** Opens the stores of this user at the first verb. `await using` closes them; jobs go on. */
export function openNightshift(options: HostOptions = {}): Nightshift {
  checkOptions(options, OPEN_OPTIONS, 'openNightshift');
  const host = createHost(options);
  const surroundings: Surroundings = {
    folder: () => options.workingDirectory ?? currentFolder(),
    environment: options.environment ?? process.env,
    warn: options.warn ?? (() => {}),
  };
  return {
    ...scheduledJobVerbs(host, surroundings),
    ...triggerVerbs(host, surroundings),
    host,
    startJob: async (what, start = {}) => host.startJob(startRequest(what, start, surroundings)),
    startThreadJob: (what, options) => startThreadJob(host, what, options ?? NONE, surroundings.folder()),
    async getJobs(jobs, list = {}) {
      checkOptions(list, LIST_OPTIONS, 'getJobs');
      return done(await host.getJobs(jobs === undefined ? {} : selectorOf(jobs), list));
    },
    receiveJob: (jobs, receive = {}) => recordsOf(host, jobs, receive),
    async waitJob(jobs, options = {}) {
      checkOptions(options, WAIT_OPTIONS, 'waitJob');
      const { timeout, ...wait } = options;
      const waited = await host.waitJobs(selectorOf(jobs), { ...wait, ...timePart('timeout', Number(timeout) === -1 ? undefined : timeout) });
      const views = done(waited);
      return waited.done ? views : undefined;
    },
    async stopJob(jobs, options = {}) {
      checkOptions(options, STOP_OPTIONS, 'stopJob');
      const { gracePeriod, ...stop } = options;
      return done(await host.stopJobs(selectorOf(jobs), { ...stop, ...timePart('gracePeriod', gracePeriod) }));
    },
    async suspendJob(jobs, options = {}) {
      checkOptions(options, SUSPEND_OPTIONS, 'suspendJob');
      return moved(await host.suspendJobs(selectorOf(jobs), options));
    },
    resumeJob: async (jobs) => moved(await host.resumeJobs(selectorOf(jobs))),
    unblockJob: async (jobs, input) => done(await host.unblockJobs(selectorOf(jobs), input)),
    async removeJob(jobs, options = {}) {
      checkOptions(options, REMOVE_OPTIONS, 'removeJob');
      done(await host.removeJobs(selectorOf(jobs), { force: options.force === true }));
    },
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

interface Surroundings {
  /** Where relative paths begin. Absolute. */
  folder(): string;
  readonly environment: NodeJS.ProcessEnv;
  readonly warn: (warning: JobError) => void;
}

type Request = Parameters<Host['startJob']>[0];

/** Throws what start-job would say of the same mistake, before there is a job. */
function startRequest(what: What, options: StartOptions, surroundings: Surroundings): Request {
  checkStart(what, options);
  const callerDirectory = surroundings.folder();
  const workingDirectory = options.workingDirectory === undefined ? undefined : existingFolder(options.workingDirectory, callerDirectory);
  requireInterpreter(what, options, workingDirectory ?? callerDirectory, surroundings);
  return {
    what: requestOf(what, options, callerDirectory),
    callerDirectory,
    warn: surroundings.warn,
    persist: options.persist === true,
    ...('spec' in what && options.argumentList !== undefined ? { argumentList: options.argumentList } : {}),
    ...(('spec' in what || 'definitionName' in what) && options.inputObject !== undefined ? { input: options.inputObject } : {}),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
  };
}

/** The one that somebody chose must be there; one that follows from a file's name shows when it starts. */
function requireInterpreter(what: What, { environment }: StartOptions, folder: string, surroundings: Surroundings): void {
  const { runtime, shell } = what as { readonly runtime?: string; readonly shell?: string };
  const program = runtime?.split('@')[0] ?? shell;
  if (program === undefined || 'path' in findProgram(program, { ...surroundings.environment, ...asText(environment) }, folder, true)) return;
  throw new JobError({ code: 'RuntimeNotFound', message: `no program is named "${program}" in PATH` });
}

function asText(environment: StartOptions['environment'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
}

/** What a spec says; the rest is said beside it. */
const SETTINGS = ['argumentList', 'inputObject', 'initializationScript', 'successExitCodes', 'outputFormat', 'mergeStreams'] as const satisfies readonly (keyof StartOptions)[];

function requestOf(what: What, options: StartOptions, folder: string): Request['what'] {
  if ('definitionName' in what && what.definitionName !== undefined) {
    const { definitionName, definitionPath, type } = what;
    return { definitionName, ...(definitionPath === undefined ? {} : { path: expandFolder(definitionPath, folder) }), ...(type === undefined ? {} : { typePattern: type }) };
  }
  if ('spec' in what && what.spec !== undefined) return { type: what.type, spec: what.spec };
  const settings = Object.fromEntries(SETTINGS.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]));
  const environment = options.environment === undefined ? {} : { environment: asText(options.environment) };
  return { type: 'BackgroundJob', isChecked: true, spec: { ...bodyOf(what, folder), ...settings, ...environment, ...timePart('timeout', options.timeout), ...timePart('gracePeriod', options.gracePeriod) } };
}

/** A path begins where the program stands, wherever the job does. */
function bodyOf(what: What, folder: string): object {
  if (Array.isArray(what)) return { command: what };
  return 'filePath' in what && what.filePath !== undefined ? { ...what, filePath: findScript(what.filePath, folder) } : what;
}

function timePart<Key extends string>(key: Key, time: number | string | undefined): { readonly [K in Key]?: number } {
  return (time === undefined ? {} : { [key]: typeof time === 'number' ? time : parseDuration(time) }) as { readonly [K in Key]?: number };
}

function selectorOf(jobs: Jobs): JobSelector {
  checkJobs(jobs);
  if (typeof jobs === 'object' && !Array.isArray(jobs)) return jobs as JobSelector;
  return { words: [jobs as number | string | readonly (number | string)[]].flat().map(String) };
}

async function* recordsOf(host: Host, jobs: Jobs, options: ReceiveOptions): AsyncGenerator<JobRecord, void, undefined> {
  checkOptions(options, RECEIVE_OPTIONS, 'receiveJob');
  const { streams = STREAM_NAMES, from = 'cursor', keep = false, follow = false, tail, signal } = options;
  const request = { streams, from, keep, ...(tail === undefined ? {} : { tail }), ...(follow ? { until: 'finished' as const } : {}), ...(signal === undefined ? {} : { signal }) };
  const { batches, commit, problems } = await host.receiveJobs(selectorOf(jobs), request);
  for await (const { jobId, records, computer } of batches) for (const record of records) yield { jobId, ...record, ...(computer === undefined ? {} : { computerName: computer.name }) };
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
