import { isFinished, type Instance, type JobReason } from '@nightshift/sdk';
import type { ThreadSpec } from '@nightshift/thread-job';
import { bodyOf, messageOf, namesOfTask, type Ending, type Work } from '@nightshift/thread-job/pool';

/** What is to be run, beyond the row of the job. It survives JSON where it goes to another process. */
export interface ThreadOrder {
  readonly spec: ThreadSpec;
  readonly args: readonly unknown[];
  readonly input: readonly unknown[];
  /** Absolute. */
  readonly workingDirectory: string;
  /** Without what names the job. */
  readonly environment: Readonly<Record<string, string>>;
  /** What a worker is told to run, where that is known already. */
  readonly body?: ReturnType<typeof bodyOf>;
}

/** Between the signal and the end of a worker where nobody said otherwise: ten seconds. */
const GRACE = 10_000;

export function workOf({ id, instanceId, name, runFolder = '', attempt, run }: Instance, { spec, args, input, workingDirectory, environment, body }: ThreadOrder): Work {
  return {
    ...(body ?? bodyOf(spec, workingDirectory)),
    args,
    input,
    workingDirectory,
    environment,
    names: namesOfTask(id, instanceId, attempt, runFolder, name),
    gracePeriod: run?.gracePeriod ?? GRACE,
    ...(run?.timeout === undefined ? {} : { timeout: run.timeout }),
  };
}

/** How a thread ended, as its row says it. */
export function endOf(ending: Ending, endTime: Date, outputBytes: number): { readonly state: Ending['state']; readonly reason?: JobReason; readonly statusMessage?: string; readonly exitCode?: number; readonly endTime: Date; readonly outputBytes: number } {
  const facts = { endTime, outputBytes };
  switch (ending.state) {
    case 'Completed':
      return { state: 'Completed', ...facts, ...(ending.exitCode === undefined ? {} : { exitCode: ending.exitCode }) };
    case 'Failed':
      return { state: 'Failed', reason: ending.reason, statusMessage: messageOf(ending), ...facts, ...(ending.exitCode === undefined ? {} : { exitCode: ending.exitCode }) };
    case 'Stopped':
      return { state: 'Stopped', reason: REASONS.includes(ending.reason) ? (ending.reason as JobReason) : 'stopped', ...facts };
  }
}

const REASONS: readonly string[] = ['stopped', 'overlap', 'condition'];

/** A row as it is once a change has been written. */
export function withEnd(instance: Instance, end: ReturnType<typeof endOf>): Instance {
  return isFinished(instance.state) ? instance : { ...instance, ...end };
}
