/** What the planted types share. Everything in this folder is right: a fault stands in the file that is named after it. */
import type { AnyJobType, Clock, JobContext, JobOutcome, JobRun, SpecIssue, SpecSchema } from '@nightshift/sdk';

/** The subject of one exercise. */
export interface Subject {
  readonly type: AnyJobType;
  readonly completes: unknown;
  readonly fails: unknown;
  readonly runsUntilStopped: unknown;
  readonly invalid: readonly [unknown, ...unknown[]];
}

/** A type with one fault, and the rule that it breaks. */
export interface Planted {
  readonly rule: string;
  readonly subject: Subject;
}

/** The spec of most planted types. */
export interface WorkSpec {
  readonly task: 'finish' | 'break' | 'wait';
  readonly items: readonly string[];
}

/** Validates, refuses and defaults a `WorkSpec`; never changes what it is given. */
export const workSpec: SpecSchema<WorkSpec> = {
  '~standard': {
    version: 1,
    vendor: 'planted',
    validate(value) {
      const issues = workIssues(value);
      if (issues.length > 0) return { issues };
      const { task, items = ['one', 'two', 'three'] } = value as Pick<WorkSpec, 'task'> & Partial<WorkSpec>;
      return { value: { task, items: [...items] } };
    },
  },
};

/** What is wrong with a value that should be a `WorkSpec`; empty when nothing is. */
export function workIssues(value: unknown): SpecIssue[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ message: 'a map is expected' }];
  const issues: SpecIssue[] = [];
  const { task, items, ...others } = value as Record<string, unknown>;
  if (task !== 'finish' && task !== 'break' && task !== 'wait') issues.push({ message: 'task must be finish, break or wait', path: ['task'] });
  if (items !== undefined && !(Array.isArray(items) && items.every((item) => typeof item === 'string'))) {
    issues.push({ message: 'items must be a list of texts', path: ['items'] });
  }
  for (const key of Object.keys(others)) issues.push({ message: `"${key}" is not known`, path: [key], at: 'key' });
  return issues;
}

/** The subject of a type whose spec is a `WorkSpec`. */
export function workSubject(type: AnyJobType): Subject {
  return {
    type,
    completes: { task: 'finish' },
    fails: { task: 'break' },
    runsUntilStopped: { task: 'wait' },
    invalid: [{}, { task: 'dance' }, { task: 'finish', items: 7 }, 'finish', null],
  };
}

/** Resolves when the signal has fired; at once when it fired before. */
export function whenStopped(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}

/** The outcome of a run that obeyed its signal. */
export function stoppedBy(signal: AbortSignal): JobOutcome {
  return { state: 'Stopped', reason: String(signal.reason) };
}

/** Resolves after that long by the host's clock, or as soon as the signal fires. */
export async function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(milliseconds, signal);
  } catch (reason) {
    if (!signal.aborted) throw reason;
  }
}

/** The ordinary work: one output record for each item, a failure, or a wait for the stop. */
export async function doWork({ spec, streams, signal }: JobContext<WorkSpec>): Promise<JobOutcome> {
  if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
  if (spec.task === 'wait') await whenStopped(signal);
  for (const item of spec.items) {
    if (signal.aborted) return stoppedBy(signal);
    await streams.output.write({ item });
  }
  return signal.aborted ? stoppedBy(signal) : { state: 'Completed' };
}

/** A run of the ordinary work, which holds nothing. */
export function workRun(context: JobContext<WorkSpec>): JobRun {
  return { start: () => doWork(context), [Symbol.asyncDispose]: async () => undefined };
}

/** A program for each task. */
export function workProgram(spec: WorkSpec): readonly [string, ...string[]] {
  const text = {
    finish: 'for (const item of process.argv.slice(1)) console.log(item)',
    break: 'console.error("the task is broken"); process.exit(3)',
    wait: 'setTimeout(() => undefined, 600_000)',
  };
  return [process.execPath, '-e', text[spec.task], ...spec.items];
}
