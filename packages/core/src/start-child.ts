import { isFinished, type ChildCommandRequest, type ChildJob, type ChildJobRequest, type CommandLine, type Instance, type JobError, type JobOrigin, type JobOutcome, type JobState, type JobStore, type NewInstance } from '@nightshift/sdk';
import { checkSpec, type CheckedSubject } from './check-definition.ts';
import { codeCommand } from './describe-code.ts';
import { formNotSupported, noSuchType } from './errors.ts';
import type { CoreParts } from './parts.ts';
import { placeInstance } from './place-instance.ts';
import type { LaunchCommand } from './ports/job-launcher.ts';
import { reconcileAgain } from './reconcile.ts';
import { isCutOffUnasked, resumeAgain } from './resume-child.ts';
import { withPlacedSecrets } from './secrets.ts';
import { canPersist, keptToResume, launchOne, readingFacts, textOf } from './start.ts';
import { createStateFeed } from './state-feed.ts';
import { stopBelow } from './stop.ts';
import { transition } from './transition.ts';

/** What a child inherits of the job that starts it. */
export interface Inherited {
  /** Absolute; where the child's type names none. */
  readonly workingDirectory: string;
}

/**
 * Starts a job, or a program, as the child of one that runs: one row, in the store of the parent. A child that cannot be started
 * is there and Failed. Throws the codes of start-job for what is wrong before there is a child, and `InvalidJobState` of a parent
 * that is to end.
 */
export async function startChild(parts: CoreParts, store: JobStore, parent: Instance, request: ChildJobRequest | ChildCommandRequest, inherited: Inherited): Promise<Instance> {
  const { type, command } = 'command' in request ? programOf(parent, request, inherited) : await jobOf(parts, store, parent, request, inherited);
  parts.launcher.check(command);
  if (request.failedDependency === undefined) await parts.launcher.checkSecrets(command);
  const [child] = (await store.insert(await plan(parts, parent, type, command, request), [])) as [Instance];
  if (request.failedDependency === undefined) return launchOne(parts, store, child, command);
  const failed = { to: 'Failed', reason: 'dependency', statusMessage: request.failedDependency, endTime: parts.clock.now(), outputBytes: 0 } as const;
  return (await transition(store, child, [failed])) ?? child;
}

/** What a child is, and what is run of it. */
interface Described {
  /** As `get-job` shows it. */
  readonly type: string;
  readonly command: LaunchCommand;
}

/** A program runs as a job of its parent's own type, and stays as long as that does. */
function programOf({ type }: Instance, request: ChildCommandRequest, inherited: Inherited): Described {
  return { type, command: withPlacedSecrets(completed(request.command, request, inherited), inherited.workingDirectory) };
}

async function jobOf(parts: CoreParts, store: JobStore, parent: Instance, request: ChildJobRequest, inherited: Inherited): Promise<Described> {
  const subject = await subjectOf(parts, parent, request, inherited);
  const command = await describe(parts, parent, subject, request, inherited);
  if (store === parts.stores.durable()) placeInstance(parent.origin, true, canPersist(subject.type, subject.runs));
  return { type: subject.type.name, command };
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
  const command: LaunchCommand = runs.runs === 'code' ? await codeCommand(parts.types, subject, request) : withPlacedSecrets(await runs.command({ ...request, spec }), workingDirectory);
  return completed(command, child, { workingDirectory });
}

/** With what the parent says of any child. */
function completed(command: LaunchCommand, child: ChildJobRequest | ChildCommandRequest, { workingDirectory }: Inherited): LaunchCommand {
  return { ...command, ...addedBy(child, command), workingDirectory: command.workingDirectory ?? workingDirectory };
}

/** What the parent adds to the child's own words. */
function addedBy({ environment, timeout, gracePeriod }: ChildJobRequest | ChildCommandRequest, command: CommandLine): Partial<LaunchCommand> {
  return {
    ...(environment === undefined ? {} : { environment: { ...environment, ...command.environment } }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(gracePeriod === undefined ? {} : { gracePeriod }),
  };
}

function originIn({ id }: Instance): JobOrigin {
  return { kind: 'parent', parentId: id };
}

async function plan(parts: CoreParts, parent: Instance, type: string, command: LaunchCommand, { name, location, needs = [] }: ChildJobRequest | ChildCommandRequest): Promise<NewInstance> {
  const instanceId = parts.newInstanceId();
  return {
    instanceId,
    parentInstanceId: parent.instanceId,
    type,
    command: textOf(command),
    origin: { kind: 'parent' },
    run: { ...readingFacts(command), ...(command.code !== undefined && canRest(parent) ? { resumable: true } : {}), holder: await parts.launcher.identity(), carries: instanceId, ...(needs.length === 0 ? {} : { needs }) },
    ...(name === undefined ? {} : { name }),
    ...(location === undefined ? {} : { location }),
    ...keptToResume(command),
  };
}

/** Whoever is not resumed itself resumes no child. */
function canRest({ run }: Instance): boolean {
  return run?.resumable === true && run.can?.suspend === true && run.cannotSuspend === undefined;
}

/** A job as its parent follows it: the states that it is seen in, and how it ends. What is cut off with a checkpoint is taken up again. */
export interface FollowedJob extends Pick<ChildJob, 'finished' | 'states'> {
  /** Looks at it now, where it was Disconnected when it was seen last: somebody may have reconnected it. */
  refresh(): Promise<void>;
}

/** `beforeNews`: awaited before a change is told. Whoever adds the states of several up must not hear of one before he has heard what was true of the others by then. */
export function followJob(parts: CoreParts, store: JobStore, job: Instance, beforeNews: () => Promise<void> = async () => {}): FollowedJob {
  const feed = createStateFeed(job.state);
  const tell = async (state: JobState): Promise<void> => {
    if (state !== feed.now()) await beforeNews();
    feed.tell(state);
  };
  return {
    finished: outcomeOfJob(parts, store, job, tell).finally(feed.close),
    states: feed.states,
    async refresh() {
      const now = feed.now() === 'Disconnected' ? await reconcileAgain(parts, store, job).catch(() => undefined) : undefined;
      if (now !== undefined) feed.tell(now.state);
    },
  };
}

/** Resolves with how a job has ended; one that was removed has failed. */
async function outcomeOfJob(parts: CoreParts, store: JobStore, job: Instance, tell: (state: JobState) => Promise<void>): Promise<JobOutcome> {
  for (let times = 0, current = job; ; ) {
    const now = await restOf(parts, store, current, tell);
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
async function restOf(parts: CoreParts, store: JobStore, job: Instance, tell: (state: JobState) => Promise<void>): Promise<Instance | undefined> {
  using watch = parts.launcher.watch([job], 'end');
  for (;;) {
    const now = await reconcileAgain(parts, store, job).catch(() => job);
    await tell(now?.state ?? 'Failed');
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
