/**
 * A hook that starts a definition. The job has origin demand, so that it is no news itself: a hook that fails starts nothing.
 * The delivery names the job before it is made, and goes when the job has begun: after a crash in between the same job goes
 * on where it was, unless it was cut off before its command ran; then there is another.
 */
import { isWaiting, resolveDefinition, type CoreParts, type LaunchCommand, type RunPlan, type TriggeredRuns } from '@nightshift/core';
import { isJobError, type Instance, type JobError, type JobStore } from '@nightshift/sdk';
import type { Delivery, Tellings } from '@nightshift/store';
import { withheldFromJobs } from '../launch/environment.ts';

export interface StartParts {
  readonly core: CoreParts;
  readonly store: JobStore;
  readonly runs: TriggeredRuns;
  readonly tellings: Tellings;
  readonly environment: NodeJS.ProcessEnv;
  readonly warn: (warning: JobError) => void;
}

/** Undefined when the job has begun, else a sentence why not. */
export async function startDefinition(parts: StartParts, name: string, delivery: Delivery): Promise<string | undefined> {
  try {
    const run = (await begunBefore(parts, delivery)) ?? (await make(parts, name, delivery));
    const started = isWaiting(run) ? await parts.runs.start(run) : run;
    return started === undefined || !neverRan(started) ? undefined : (started.statusMessage ?? 'its job could not be started');
  } catch (cause) {
    const causes: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
    // The store's troubles are those of the whole scheduler.
    if (!causes.every(isJobError) || causes.some((one) => isJobError(one) && /^(?:Store|Scheduler|ReadOnly)/.test(one.code))) throw cause;
    return causes.map((one) => (one as JobError).message).join('; ');
  }
}

/** The run of a delivery that was interrupted, unless it never ran. */
async function begunBefore({ store, runs }: StartParts, { instanceId }: Delivery): Promise<Instance | undefined> {
  if (instanceId === undefined) return undefined;
  const [job] = await store.find({ instanceIds: [instanceId] });
  const [child] = job === undefined ? [] : await store.find({ parentIds: [job.id] });
  const run = child === undefined ? undefined : await runs.settle(child);
  return run === undefined || neverRan(run) ? undefined : run;
}

function neverRan({ state, reason }: Instance): boolean {
  return state === 'Failed' && reason === 'spawn';
}

async function make({ core, store, runs, tellings, environment, warn }: StartParts, name: string, { id, body }: Delivery): Promise<Instance> {
  const plan = await runs.plan(await resolveDefinition(core, { name, warn }));
  const [parent, child] = runs.instances(withEvent(plan, body, environment), { kind: 'demand', runNow: false });
  tellings.startsJob(id, parent.instanceId);
  const [, run] = await store.insert(parent, [child]);
  return run as Instance;
}

/** The command gets the event on standard input and in variables, and of the scheduler's own variables no more than a triggered job. */
function withEvent(plan: RunPlan, body: string, environment: NodeJS.ProcessEnv): RunPlan {
  const { inputFile: _, ...command } = JSON.parse(plan.launch) as LaunchCommand;
  const withheld = Object.fromEntries(withheldFromJobs(environment).map((name) => [name, null]));
  return { ...plan, launch: JSON.stringify({ ...command, environment: { ...withheld, ...command.environment, ...variablesOf(body) }, input: [body] }) };
}

interface Body {
  readonly id: string;
  readonly event: string;
  readonly time: string;
  readonly definition: { readonly name: string };
  readonly instance: { readonly id: number; readonly state: string } | null;
  readonly dueAt: string | null;
  readonly count: number;
  readonly message: string;
}

/** For scripts that want no JSON. What does not apply is empty, so that nothing of another event is left. */
function variablesOf(body: string): Readonly<Record<string, string>> {
  const { id, event, time, definition, instance, dueAt, count, message } = JSON.parse(body) as Body;
  return {
    NIGHTSHIFT_EVENT: event,
    NIGHTSHIFT_EVENT_ID: id,
    NIGHTSHIFT_EVENT_TIME: time,
    NIGHTSHIFT_EVENT_DEFINITION: definition.name,
    NIGHTSHIFT_EVENT_JOB: instance === null ? '' : String(instance.id),
    NIGHTSHIFT_EVENT_STATE: instance?.state ?? '',
    NIGHTSHIFT_EVENT_DUE_AT: dueAt ?? '',
    NIGHTSHIFT_EVENT_COUNT: String(count),
    NIGHTSHIFT_EVENT_MESSAGE: message.replaceAll('\0', ''),
  };
}
