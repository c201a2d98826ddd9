import { isJobError, type Definition, type Instance, type JobError, type JobOrigin, type NewInstance, type RunFacts } from '@nightshift/sdk';
import { checkDefinition, describeDefinition, requestOf, type CheckedSubject } from './check-definition.ts';
import { checkForeseen } from './check-description.ts';
import { codeCommand } from './describe-code.ts';
import type { CoreParts } from './parts.ts';
import { placeInstance } from './place-instance.ts';
import type { LaunchCommand } from './ports/job-launcher.ts';
import { queuePlaceOf, refusedOptions, runOptionsOf } from './run-options.ts';
import { canPersist, fileOf, readingFacts, textOf } from './start.ts';

/** All that is needed to make jobs of a definition: plain data, resolved once, and small, for there may be a hundred thousand. */
export interface RunPlan {
  readonly name: string;
  readonly definition: NonNullable<Instance['definition']>;
  /** Type of the job that people see. */
  readonly type: string;
  /** Type of its child, which runs. */
  readonly runs: string;
  /** The text that `get-job` prints. */
  readonly command: string;
  /** `LaunchCommand` as JSON. */
  readonly launch: string;
  readonly run: Omit<RunFacts, 'holder' | 'carries' | 'retried'>;
  /** Who of an engine may run it, and how many at once. Default: anybody, any number. */
  readonly place?: Pick<NewInstance, 'route' | 'cap'>;
}

/** What a new job has to wait for before it is taken up. Default: nothing. */
export interface Wait {
  readonly notBefore?: Date;
  /** Until no other job of its definition is unfinished. */
  readonly queued?: boolean;
  /** What is to be said of its run before its own records. Default: nothing. */
  readonly warnings?: readonly string[];
}

/** Where a trigger's job comes from, and one of `--run-now`. */
export type PersistedOrigin = Extract<JobOrigin, { kind: 'trigger' | 'demand' }>;

/**
 * Checks a definition through its types and resolves what it runs. Throws an AggregateError of everything that keeps it
 * from being started.
 */
export async function planRun(parts: CoreParts, definition: Definition): Promise<RunPlan> {
  const subject = await checkDefinition(parts.types, definition);
  const refused = refusedOptions(definition);
  if ('length' in subject) throw new AggregateError([...subject, ...refused]);
  const command = await resolved(parts, subject, definition, refused);
  if (refused.length > 0) throw new AggregateError(refused);
  const { retry, maxResultCount, stopConditions } = runOptionsOf(definition);
  const place = queuePlaceOf(definition);
  return {
    name: definition.name,
    definition: { key: definition.key, name: definition.name, path: fileOf(definition) },
    type: subject.type.name,
    runs: subject.runs.name,
    command: textOf(command),
    launch: JSON.stringify(command),
    run: { ...readingFacts(command), ...(retry === undefined ? {} : { retry }), ...(maxResultCount === undefined ? {} : { maxResultCount }), ...(stopConditions === undefined ? {} : { stopConditions }) },
    ...(Object.keys(place).length === 0 ? {} : { place }),
  };
}

/** Of triggered runs and of those of run-now: one plan serves both. */
const SCHEDULED: JobOrigin = { kind: 'demand', runNow: true };

/** The command with its limits; a start would refuse what this refuses. */
async function resolved(parts: CoreParts, subject: CheckedSubject, definition: Definition, refused: readonly JobError[]): Promise<LaunchCommand> {
  const { timeout, gracePeriod } = runOptionsOf(definition);
  try {
    const files = await parts.definitions();
    await checkForeseen({ types: parts.types, files }, subject, definition);
    const described = subject.runs.runs === 'code' ? await codeCommand(parts.types, subject, requestOf(definition)) : await describeDefinition(files, subject, definition, SCHEDULED);
    const command: LaunchCommand = {
      ...(described as LaunchCommand),
      workingDirectory: described.workingDirectory ?? definition.baseFolder ?? '/',
      ...(timeout === undefined ? {} : { timeout }),
      ...(gracePeriod === undefined ? {} : { gracePeriod }),
    };
    // A worker of an engine has programs of its own.
    if (parts.stores.durable()?.remote === undefined) parts.launcher.check(command);
    placeInstance(SCHEDULED, false, canPersist(subject.type, subject.runs));
    return command;
  } catch (cause) {
    throw isJobError(cause) ? new AggregateError([...refused, cause]) : cause;
  }
}

/** A job that people see, and its child, which waits until somebody takes it up. Only the child carries what it waits for. */
export function instancesOf(plan: RunPlan, origin: PersistedOrigin, { warnings, ...wait }: Wait, newInstanceId: () => string): readonly [NewInstance, NewInstance] {
  const { command, definition, launch, run, place } = plan;
  const carries = newInstanceId();
  const parent: NewInstance = { instanceId: carries, name: plan.name, type: plan.type, command, definition, origin };
  const child: NewInstance = { instanceId: newInstanceId(), type: plan.runs, command, origin: { kind: 'parent' }, run: { ...run, carries, ...(warnings === undefined ? {} : { warnings }) }, launch, ...place, ...wait };
  return [parent, child];
}
