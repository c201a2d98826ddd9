import type { Capabilities, When } from './capabilities.ts';
import type { JobOutcome, StopReason } from './outcome.ts';

/** One execution of one instance. The host calls; the run never sets its own state. */
export type JobRun<C extends Capabilities = {}> = {
  /** Do the work. Resolves with the outcome; a rejection is recorded as Failed. Called at most once. */
  start(): Promise<JobOutcome>;
  /** Release everything. Called exactly once, in every ending, also when `start` was not called. */
  [Symbol.asyncDispose](): Promise<void>;
} & When<C, 'suspend', SuspendableRun> &
  When<C, 'kill', KillableRun> &
  When<C, 'reattach', ReattachableRun> &
  When<C, 'input', AnswerableRun>;

/** What the capability `suspend` promises. */
export interface SuspendableRun {
  /** Resolves when nothing moves any more: the state is Suspending until then, Suspended after. */
  suspend(reason: string): Promise<void>;
  /** Resolves when work goes on. */
  resume(reason: string): Promise<void>;
}

/** What the capability `kill` promises. */
export interface KillableRun {
  /** End now, without tidying up. `start` must settle soon after. */
  kill(reason: StopReason): Promise<void>;
}

/** What the capability `reattach` promises. */
export interface ReattachableRun {
  /** Text with which a later host finds this run again, at most 4,096 characters. */
  readonly token: ReattachToken;
}

/** What the capability `input` promises. */
export interface AnswerableRun {
  /** The answer to `blocked`. Called only while Blocked. */
  unblock(input: unknown): Promise<void>;
}

/** Opaque text of a type with the capability `reattach`. */
export type ReattachToken = string & { readonly brand: 'ReattachToken' };
