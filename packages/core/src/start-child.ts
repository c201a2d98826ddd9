import { isFinished, type ChildJobRequest, type Instance, type JobError, type JobOrigin, type JobOutcome, type JobStore, type NewInstance } from '@nightshift/sdk';
import { checkSpec, type CheckedSubject } from './check-definition.ts';
import { codeCommand } from './describe-code.ts';
import { formNotSupported, noSuchType } from './errors.ts';
import type { CoreParts } from './parts.ts';
import { placeInstance } from './place-instance.ts';
import type { LaunchCommand } from './ports/job-launcher.ts';
import { reconcileAgain } from './reconcile.ts';
import { isCutOffUnasked, resumeAgain } from './resume-child.ts';
import type { RegisteredType } from './registry.ts';
import { canPersist, launchOne, readingFacts, textOf } from './start.ts';
import { stopBelow } from './stop.ts';
import { transition } from './transition.ts';

/** What a child inherits of the job that starts it. */
export interface Inherited {
  /** Absolute; where the child's type names none. */
  readonly workingDirectory: string;
}

/**
 * Starts a job as the child of one that runs: one row, in the store of the parent. A child that cannot be started is there and
 * Failed. Throws the codes of start-job for what is wrong before there is a child, and `InvalidJobState` of a parent that is to end.
 */
export async function startChild(parts: CoreParts, store: JobStore, parent: Instance, request: ChildJobRequest, inherited: Inherited): Promise<Instance> {
  const subject = await subjectOf(parts, parent, request, inherited);
  const command = await describe(parts, parent, subject, request, inherited);
  parts.launcher.check(command);
  if (store === parts.stores.durable()) placeInstance(parent.origin, true, canPersist(subject.type, subject.runs));
  const [child] = (await store.insert(await plan(parts, parent, subject, command, request), [])) as [Instance];
  if (request.failedDependency === undefined) return launchOne(parts, store, child, command);
  const failed = { to: 'Failed', reason: 'dependency', statusMessage: request.failedDependency, endTime: parts.clock.now(), outputBytes: 0 } as const;
  return (await transition(store, child, [failed])) ?? child;
}

/** A type that is missing may be one of another plugin's: so those are loaded when, and only when, one is missing. */
async function subjectOf(parts: CoreParts, parent: Instance, request: ChildJobRequest, inherited: Inherited): Promise<CheckedSubject> {
  let checked = await judge(parts, parent, request, inherited);
  if ('length' in checked && checked.some(({ code }) => code === 'JobTypeNotFound' || code === 'JobTypeNotInstalled')) {
    await parts.loadTypes?.();
    checked = await judge(parts, parent, request, inherited);
  }
  if (!('length' in checked)) return checked;
  throw checked.length === 1 ? (checked[0] as Error) : new AggregateError(checked, checked.map(({ message }) => message).join('; '));
}

async function judge(parts: CoreParts, parent: Instance, { type: name, spec, name: jobName = '' }: ChildJobRequest, { workingDirectory }: Inherited): Promise<CheckedSubject | readonly JobError[]> {
  const type = parts.types.find(name)?.type;
  if (type === undefined) return [parts.types.refusalOf?.(name) ?? noSuchType(name, parts.types.all.map(({ type: known }) => known.name))];
  return checkSpec(parts.types, type, spec, { name: jobName, origin: originIn(parent), workingDirectory, argumentList: [] }, (path) => ({ path }));
}

async function describe(parts: CoreParts, parent: Instance, subject: CheckedSubject, child: ChildJobRequest, { workingDirectory }: Inherited): Promise<LaunchCommand> {
  const { runs, spec } = subject;
  if (runs.runs === 'delegate') throw formNotSupported(runs.name, runs.runs);
  const request = { name: child.name ?? '', origin: originIn(parent), workingDirectory, argumentList: [] };
  const command: LaunchCommand = runs.runs === 'code' ? codeCommand(parts.types.find(runs.name) as RegisteredType, subject, request) : await runs.command({ ...request, spec });
  return { ...command, ...addedBy(child, command), workingDirectory: command.workingDirectory ?? workingDirectory };
}

/** What the parent adds to the child's own words. */
function addedBy({ environment, timeout, gracePeriod }: ChildJobRequest, command: LaunchCommand): Partial<LaunchCommand> {
  return {
    ...(environment === undefined ? {} : { environment: { ...environment, ...command.environment } }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(gracePeriod === undefined ? {} : { gracePeriod }),
  };
}

function originIn({ id }: Instance): JobOrigin {
  return { kind: 'parent', parentId: id };
}

async function plan(parts: CoreParts, parent: Instance, { type }: CheckedSubject, command: LaunchCommand, { name, location, needs = [] }: ChildJobRequest): Promise<NewInstance> {
  const instanceId = parts.newInstanceId();
  return {
    instanceId,
    parentInstanceId: parent.instanceId,
    type: type.name,
    command: textOf(command),
    origin: { kind: 'parent' },
    run: { ...readingFacts(command), ...(command.code !== undefined && canRest(parent) ? { resumable: true } : {}), holder: await parts.launcher.identity(), carries: instanceId, ...(needs.length === 0 ? {} : { needs }) },
    ...(name === undefined ? {} : { name }),
    ...(location === undefined ? {} : { location }),
    // Kept with it: a later host of the same child starts from this.
    ...(command.code === undefined ? {} : { launch: JSON.stringify(command) }),
  };
}

/** Whoever is not resumed itself resumes no child. */
function canRest({ run }: Instance): boolean {
  return run?.resumable === true && run.can?.suspend === true && run.cannotSuspend === undefined;
}

/** Resolves with how a job has ended; one that was removed has failed. What is cut off with a checkpoint is taken up again. */
export async function outcomeOfJob(parts: CoreParts, store: JobStore, job: Instance): Promise<JobOutcome> {
  for (let times = 0, current = job; ; ) {
    const now = await restOf(parts, store, current);
    if (now === undefined) return { state: 'Failed', error: new Error(`${job.name} (${job.id}) was removed`) };
    if (isFinished(now.state)) {
      // What its dead host left running must not go on beside what follows.
      if (now.run?.form === 'code' && now.reason === 'interrupted') await stopBelow(parts, store, now, { reason: 'parent' });
      return outcomeOf(now);
    }
    if (isCutOffUnasked(now)) await resumeAgain(parts, store, now, times++);
    current = (await store.find({ ids: [job.id] }))[0] ?? now;
  }
}

/** Resolves when a job has ended, was cut off unasked, or is at another attempt. */
async function restOf(parts: CoreParts, store: JobStore, job: Instance): Promise<Instance | undefined> {
  using watch = parts.launcher.watch([job], 'end');
  for (;;) {
    const now = await reconcileAgain(parts, store, job).catch(() => job);
    if (now === undefined || isFinished(now.state) || isCutOffUnasked(now) || now.attempt !== job.attempt) return now;
    await watch.changed();
  }
}

function outcomeOf({ state, reason, stopReason, statusMessage, exitCode, signal }: Instance): JobOutcome {
  const code = exitCode === undefined ? {} : { exitCode };
  if (state === 'Completed') return { state, ...code };
  if (state === 'Stopped') return { state, reason: stopReason ?? reason ?? 'stopped' };
  return { state: 'Failed', error: new Error(statusMessage ?? reason ?? 'the job failed'), ...code, ...(signal === undefined ? {} : { signal }), ...(reason === undefined ? {} : { reason }) };
}
