import { isJobError, JobError, type JobErrorFacts, type JobState } from '@nightshift/sdk';
import type { Unreadable } from './ports/job-launcher.ts';

const error = (facts: JobErrorFacts): JobError => new JobError(facts);

export const noSuchId = (id: number): JobError => error({ code: 'JobWithSpecifiedSessionNotFound', message: `no job has the id ${id}` });

export const recordsGone = ({ id, name }: { readonly id: number; readonly name: string }): JobError =>
  error({ code: 'JobWithSpecifiedSessionNotFound', message: `the records of ${name} (${id}) are not there any more: it has been removed, and what came may not be all` });

/** Told once, by whoever took the run out of the way. Source: scheduled-jobs.md 9.4. */
export const unreadableRun = ({ id, name }: { readonly id: number; readonly name: string }, { file, why }: Unreadable, keptAt: string): JobError =>
  error({ code: 'CantLoadScheduledJobDefinitionFromStore', message: `the run of ${name} (${id}) cannot be read: ${why}`, file, hint: `what there is of it is kept as ${keptAt}` });

/** What stands in the way of one run and may pass: nothing is moved, and the next look may find it well. Throws a mistake of ours on. */
export function troubleOfRun({ id, name }: { readonly id: number; readonly name: string }, thrown: unknown): JobError {
  const cause = isJobError(thrown) && thrown.cause instanceof Error ? thrown.cause : thrown;
  if (isJobError(cause)) return cause as JobError;
  const { syscall, path, message } = cause as Error & { readonly syscall?: string; readonly path?: string };
  if (syscall === undefined) throw thrown;
  return new JobError({ code: 'InputOutputError', message: `the run of ${name} (${id}) cannot be read just now: ${message}`, ...(path === undefined ? {} : { file: path }) }, { cause });
}

/** A run that cannot be looked at: the others can. */
export function isAboutOneRun(cause: unknown): cause is JobError {
  return isJobError(cause) && ['CantLoadScheduledJobDefinitionFromStore', 'InputOutputError'].includes(cause.code);
}

export const noSuchInstanceId = (instanceId: string): JobError => error({ code: 'JobWithSpecifiedInstanceIdNotFound', message: `no job has the instance id ${instanceId}` });

export const noSuchName = (name: string): JobError => error({ code: 'JobWithSpecifiedNameNotFound', message: `no job is named "${name}"` });

export const ambiguousInstanceId = (part: string, found: readonly string[]): JobError =>
  error({ code: 'InstanceIdAmbiguous', message: `several jobs have an instance id that begins or ends with ${part}: ${found.join(', ')}`, hint: 'give more of its characters' });

export const noSelector = (): JobError =>
  error({ code: 'MissingMandatoryParameter', message: 'say which jobs: an id, an instance id, a name, or a flag such as --state', hint: 'get-job lists them' });

export const nameTooLong = (length: number): JobError => error({ code: 'ParameterArgumentValidationError', message: `a job's name has at most 256 characters, not ${length}` });

export const inputIsSaid = (definition: string | undefined, type: string): JobError =>
  definition === undefined
    ? error({ code: 'AmbiguousParameterSet', message: `inputObject cannot be used with a spec for a ${type}`, hint: 'the spec says it, as its type wants it' })
    : error({ code: 'AmbiguousParameterSet', message: `--input-object cannot be used with --definition-name ${definition}, which is a ${type}`, hint: 'the definition says it' });

export const inputStaysHere = (): JobError =>
  error({ code: 'InvalidParameterCombination', message: 'the standard input of this command cannot be given to a job that a worker of the engine runs', hint: 'give the lines with --input-object, or let the job read a file that workers have' });

export const routeWithoutEngine = (isThere: boolean): JobError =>
  error({ code: 'InvalidParameterCombination', message: '--route says which workers of an engine run the job, and this one goes through no engine', hint: isThere ? 'add --persist' : 'name an engine in your configuration, or leave --route out: this machine runs everything' });

export const nameWithNul = (): JobError => error({ code: 'ArgumentInvalid', message: "a job's name holds a NUL byte" });

export const unknownFilterKey = (key: string, known: readonly string[]): JobError =>
  error({ code: 'ParameterArgumentValidationError', message: `--filter knows no key "${key}"`, hint: `the keys are ${known.join(', ')}` });

export const notFinished = (name: string, state: JobState): JobError =>
  error({ code: 'JobObjectNotFinishedCannotBeRemoved', message: `${name} is ${state}; a job must be finished before it is removed`, hint: 'stop it first, or use remove-job --force' });

export const childCannotBeRemoved = (name: string, parentId: number): JobError =>
  error({ code: 'CannotRemoveJob', message: `${name} is a child job and goes with its parent`, hint: `remove-job ${parentId}` });

export const couldNotStop = (name: string, state: JobState): JobError => error({ code: 'StopJobError', message: `${name} could not be stopped; it is ${state}` });

export const hasNoComputers = (name: string, type: string): JobError =>
  error({ code: 'ComputerNameParameterNotSupported', message: `${name} is a ${type}, which knows no computers` });

export const cannotSuspend = (name: string, type: string): JobError =>
  error({ code: 'Job2OperationNotSupportedOnJob', message: `${name} is a ${type}, which can be neither suspended nor resumed` });

export const notValidForOperation = (name: string, state: JobState): JobError =>
  error({ code: 'InvalidJobState', message: `${name} is ${state}: the state is not valid for this operation` });

/** As a warning: it may be tried again. */
export const stillAway = ({ id, name, statusMessage = '' }: { readonly id: number; readonly name: string; readonly statusMessage?: string }): JobError =>
  error({ code: 'InvalidJobState', message: `${name} (${id}) is still Disconnected${statusMessage === '' ? '' : `: ${statusMessage}`}` });

export const cannotReach = (name: string): JobError =>
  error({ code: 'StopJobCannotConnectToServer', message: `${name} was started on another machine or in another container and cannot be reached from here` });

export const ambiguousId = (id: number, found: readonly { readonly instanceId: string; readonly name: string }[]): JobError =>
  error({ code: 'InstanceIdAmbiguous', message: `a job of this machine and one of the engine have the id ${id}: ${found.map(({ name, instanceId }) => `${name} (${instanceId})`).join(', ')}`, hint: 'give the instance id' });

export const blockedDeadlock = (names: readonly string[]): JobError =>
  error({ code: 'BlockedJobsDeadlockWithWaitJob', message: `${names.join(', ')} waits for an answer and would wait for ever`, hint: 'receive-job --wait asks for it' });

export const noSuchType = (pattern: string, known: readonly string[], hint?: string): JobError =>
  error({ code: 'JobTypeNotFound', message: `no job type is named "${pattern}" (known: ${known.join(', ')})`, ...(hint === undefined ? {} : { hint: `did you mean ${hint}?` }) });

export const typeNotInstalled = (type: string, facts: Partial<JobErrorFacts>): JobError =>
  error({ ...facts, code: 'JobTypeNotInstalled', message: `no installed plugin offers the job type "${type}"`, hint: facts.hint ?? `name its package under "plugins" in nightshift.yaml` });

export const delegatesForEver = (type: string, facts: Partial<JobErrorFacts>): JobError =>
  error({ ...facts, code: 'PluginInvalid', message: `no job comes of this definition: its job types ask for one another over and over, at last ${type}`, hint: 'that is a mistake of the plugin: a delegate type asks for a job of another type' });

export const foreseesForEver = (type: string, facts: Partial<JobErrorFacts>): JobError =>
  error({ ...facts, code: 'PluginInvalid', message: `no end of children is foreseen for this definition, at last by ${type}`, hint: 'that is a mistake of the plugin: it foresees the children that a spec names' });

export const formNotSupported = (type: string, form: string): JobError =>
  error({ code: 'PluginInvalid', message: `the job type ${type} runs ${form}; this version of Nightshift starts command types and delegates to them only` });

/** Of a job whose type can be suspended, but not this one: there is no place from which it could go on. */
export function checkpointNotPossible(name: string, because: string): JobError {
  return new JobError({ code: 'CheckpointNotPossible', message: `${JSON.stringify(name)} cannot be suspended: ${because}`, hint: 'suspend-job --force cuts it off; resumed, it begins again' });
}
