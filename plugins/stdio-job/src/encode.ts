import { type ChildJob, type JobContext, JobError, type JobOutcome } from '@nightshift/sdk';
import { LONGEST_LINE, PROTOCOLS } from './message.ts';

/** A message to the program, `type` first. Source: the plugin contract, section 6; `error` is ours: an answer to a bad message, which a program may ignore. */
export type Order =
  | { readonly type: 'hello'; readonly protocols: readonly number[]; readonly nightshift: string }
  | ({ readonly type: 'prepare'; readonly jobType: string; readonly token?: string } & Pick<JobContext<unknown>, 'instance' | 'origin' | 'spec' | 'argumentList' | 'workingDirectory'>)
  | { readonly type: 'start' | 'inputEnd' | 'dispose' }
  | { readonly type: 'input'; readonly value: unknown }
  | { readonly type: 'stop'; readonly reason: string; readonly gracePeriod: number }
  | { readonly type: 'kill' | 'suspend' | 'resume'; readonly reason: string }
  | { readonly type: 'unblock'; readonly input: unknown }
  | { readonly type: 'childStarted'; readonly ref: string; readonly job: { readonly id: number; readonly instanceId: string; readonly name: string } }
  | { readonly type: 'childRefused'; readonly ref: string; readonly error: SaidError }
  | { readonly type: 'childFinished'; readonly ref: string; readonly outcome: SaidOutcome }
  | { readonly type: 'error'; readonly code: string; readonly message: string };

/** An error in JSON. */
export interface SaidError {
  readonly message: string;
  readonly code?: string;
}

/** An outcome in JSON. */
export type SaidOutcome = Omit<JobOutcome, 'error'> & { readonly error?: SaidError };

/** One line with its end: compact JSON, so that a shell can match its start. Throws `ArgumentInvalid` for what no line can hold. */
export function encode(order: Order): string {
  const line = toJson(order);
  if (Buffer.byteLength(line) > LONGEST_LINE) {
    throw new JobError({ code: 'ArgumentInvalid', message: `"${order.type}" would be a line of ${Buffer.byteLength(line)} bytes; a program plugin is sent at most ${LONGEST_LINE}`, hint: 'pass the name of a file instead of what is in it' });
  }
  return `${line}\n`;
}

function toJson(order: Order): string {
  try {
    return JSON.stringify(order);
  } catch (cause) {
    throw new JobError({ code: 'ArgumentInvalid', message: `"${order.type}" cannot be sent to a program plugin, for it holds what JSON has no form for: ${(cause as Error).message.split('\n', 1)[0]}` }, { cause });
  }
}

/** The first line. */
export function hello(nightshift: string): Order {
  return { type: 'hello', protocols: PROTOCOLS, nightshift };
}

/** The second line. `token`: of the run that is to be taken up again. */
export function prepare(jobType: string, context: JobContext<unknown>, token: string | undefined): Order {
  const { id, instanceId, name, attempt } = context.instance;
  const { origin, spec, argumentList, workingDirectory } = context;
  return { type: 'prepare', jobType, instance: { id, instanceId, name, attempt }, origin, spec, argumentList, workingDirectory, ...(token === undefined ? {} : { token }) };
}

/** Says that a child exists. */
export function childStarted(ref: string, { id, instanceId, name }: ChildJob): Order {
  return { type: 'childStarted', ref, job: { id, instanceId, name } };
}

/** Says how a child ended. */
export function childFinished(ref: string, outcome: JobOutcome): Order {
  return { type: 'childFinished', ref, outcome: outcome.state === 'Failed' ? { ...outcome, error: sayError(outcome.error) } : outcome };
}

/** An error for the program: without its stack, which is ours. */
export function sayError(error: unknown): SaidError {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { message: error.message, ...code };
}
