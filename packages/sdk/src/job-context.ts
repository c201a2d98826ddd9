import type { Clock } from './clock.ts';
import type { CommandLine } from './command-line.ts';
import type { JobIdentity, JobOrigin } from './origin.ts';
import type { JobOutcome } from './outcome.ts';
import type { JobState } from './states.ts';
import type { JobStreams } from './streams.ts';

/** Everything that the host hands to one run. There is no other way in. */
export interface JobContext<Spec> {
  readonly instance: JobIdentity;
  readonly origin: JobOrigin;
  /** Validated and defaulted. */
  readonly spec: Spec;
  /** Absolute and existing. */
  readonly workingDirectory: string;
  /** From --argument-list. Default: empty. */
  readonly argumentList: readonly unknown[];
  /** What the job's environment would be: declared variables and those of Nightshift. `process.env` is the host's. */
  readonly environment: Readonly<Record<string, string>>;
  /** The values of the secrets that `foresee` has named, by name. Never store, print or log one. */
  readonly secrets: Readonly<Record<string, string>>;
  /**
   * From --input-object or standard input, in order: lines as texts, or the JSON values that a program gave. Can be gone through
   * once; ends at once when there is none. Every host begins it anew, also one that restores a checkpoint or takes a run up
   * again: what has been used up by then, the run says itself in its checkpoint.
   */
  readonly input: AsyncIterable<unknown>;
  /** Absolute path of a private file with the same, byte for byte as it came. Only where it was the standard input, and only to be read. */
  readonly inputFile?: string;
  readonly streams: JobStreams;
  /** Fires once for a graceful stop; `signal.reason` is a `StopReason`. Kill follows after the grace period. */
  readonly signal: AbortSignal;
  /** Milliseconds between `signal` and the kill. */
  readonly gracePeriod: number;
  /** The only clock a run may use: tests move it. */
  readonly clock: Clock;
  /** Running becomes Blocked and `prompt` the statusMessage, until unblock(). Throws without the `input` capability. */
  blocked(prompt: string): void;
  /** Asks for what suspend-job asks for: `suspend` follows. Throws without the `suspend` capability. */
  requestSuspend(reason: string): void;
  /** Running becomes Disconnected and `message` the statusMessage: the work goes on where this host cannot see it. Throws without the `reattach` capability. */
  disconnected(message: string): void;
  /** Disconnected becomes Running again. */
  reconnected(): void;
  /** Store a JSON value with the instance, in place of the last one. Resolves when it would survive a crash. */
  checkpoint(value: unknown): Promise<void>;
  /** The last checkpoint of an earlier host or attempt. Absent at a first start. */
  readonly restored?: unknown;
  /** Absolute path of a private folder of this instance, kept as long as its records and shared by its attempts. Absent where a host keeps none, as in a test. */
  readonly folder?: string;
  /** Start a child job in the parent's store. Rejects with the codes of start-job. */
  startChild(request: ChildJobRequest | ChildCommandRequest): Promise<ChildJob>;
  /** Children started so far, by earlier hosts too, in order of creation. */
  children(): AsyncIterable<ChildJob>;
}

/** A job to be started as somebody's child. */
export interface ChildJobRequest extends ChildJobFacts {
  readonly type: string;
  /** Validated by that type's schema. */
  readonly spec: unknown;
}

/** A program to be started as somebody's child: a job of the parent's own type, run like that of a command type. */
export interface ChildCommandRequest extends ChildJobFacts {
  readonly command: CommandLine;
}

/** What may be said of any child. */
export interface ChildJobFacts {
  /** Default `Job<id>`. */
  readonly name?: string;
  /** What is known of the child beyond its spec; for a RemoteJob's child the computer. Default `localhost`. */
  readonly location?: string;
  /** Do not run it: it is Failed (dependency) at once, with this statusMessage. Default: it runs. */
  readonly failedDependency?: string;
  /** Ids of children that it has waited for: `get-job --tree` shows them. Default: none. */
  readonly needs?: readonly number[];
  /** Added to its environment; what its own spec says of a variable wins. Default: nothing. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds that each of its runs may take: Failed (timeout) after them, also when its parent's host is gone. Default: as long as it wants. */
  readonly timeout?: number;
  /** Milliseconds between the request to stop it and the kill. Default 10,000. */
  readonly gracePeriod?: number;
}

/** A started child. Settling never throws: a failed child is an outcome. */
export interface ChildJob extends JobIdentity {
  readonly finished: Promise<JobOutcome>;
  /** Its state now, then each that is seen to follow; ends after a final one. A child can be `Disconnected` without being finished. */
  states(): AsyncIterable<JobState>;
  /** Ask it to stop; resolves when it has. */
  stop(reason?: string): Promise<void>;
}
