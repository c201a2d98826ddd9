import type { ChildCommandRequest, ChildJob, ChildJobRequest, Clock, JobError, JobIdentity, JobOrigin, JobReason, ReattachToken, StopReason, StreamName, StreamRecords } from '@nightshift/sdk';

/** What a run of a code type is given: everything of `JobContext` that is known before it begins. */
export interface CodeRunOrder {
  /** Package name of the plugin: in every error that is its fault. */
  readonly plugin: string;
  readonly instance: JobIdentity;
  readonly origin: JobOrigin;
  /** Validated and defaulted by the type's schema. */
  readonly spec: unknown;
  /** Absolute and existing. */
  readonly workingDirectory: string;
  readonly argumentList: readonly unknown[];
  readonly environment: Readonly<Record<string, string>>;
  /** Resolved values by name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Default: it ends at once. */
  readonly input?: AsyncIterable<unknown>;
  /** Absolute path of the standard input as it came. Default: there was none, or it is kept in no file. */
  readonly inputFile?: string;
  /** Milliseconds between the wish to stop and the kill. */
  readonly gracePeriod: number;
  /** Milliseconds after which the run is stopped, reason `timeout`. Default: none, or somebody else keeps it, such as a shim. */
  readonly timeout?: number;
  /** Private folder of the instance; absent where a host keeps none. */
  readonly folder?: string;
  /** The last checkpoint of an earlier host or attempt. */
  readonly restored?: unknown;
  /** What an earlier host left of a run that outlived it: it is taken up again instead of being prepared. */
  readonly token?: ReattachToken;
}

/** What a run of a code type needs of its host; all of it can be had in memory. */
export interface CodeRunPorts {
  readonly clock: Clock;
  readonly books: RunBooks;
  readonly records: RecordSink;
  readonly children: RunChildren;
  /**
   * The process ends together with the run: what does not answer a stop is given up, and goes then. False: it
   * shares it with others, so it can only be asked, with a warning, and its job ends when it does.
   */
  readonly ownProcess: boolean;
}

/** The states that a run passes through between its beginning and its end. */
export type PassingState = 'Running' | 'Blocked' | 'Suspending' | 'Suspended' | 'Disconnected';

/** Where it is written down what becomes of a run. Called one after the other, never two at a time. */
export interface RunBooks {
  /** Everything is acquired, and the work begins when this resolves: the job is Running. It survives a crash by then. */
  started(facts: { readonly token?: ReattachToken }): Promise<void>;
  /** The state between; whoever keeps it writes nothing where the job has moved on meanwhile. An absent message takes the last one away. */
  moved(to: PassingState, statusMessage?: string): Promise<void>;
  /** Replaces the last checkpoint; JSON. Resolves when it would survive a crash. */
  checkpoint(json: string): Promise<void>;
  /** Exactly once, after the last record; survives a crash when it resolves. Only `dispose` of the plugin comes after it. */
  ended(end: CodeRunEnd): Promise<void>;
  /** What is wrong and ends nothing: calls that took too long, a second end, refused records. */
  warn(warning: JobError): void;
}

/** One record, checked: `json` is its value as JSON text, what is read back later. */
export interface OutgoingRecord<N extends StreamName = StreamName> {
  readonly stream: N;
  readonly value: StreamRecords[N];
  readonly json: string;
}

/** Where records go, in the order of the calls. */
export interface RecordSink {
  /** Resolves when there is room for the next record: the back-pressure. Rejects when it could not be kept. */
  write(record: OutgoingRecord): Promise<void>;
  /** Resolves when every record so far is where a reader finds it; rejects when one could not be kept. */
  drained(): Promise<void>;
}

/** The children of one job, in the store of their parent. */
export interface RunChildren {
  /** Rejects with the codes of start-job. */
  start(request: ChildJobRequest | ChildCommandRequest): Promise<ChildJob>;
  /** Those started so far, by earlier hosts too, in the order of creation. */
  all(): AsyncIterable<ChildJob>;
}

/** What somebody wishes of a run. */
export type CodeRunWish =
  /** `killAfter`: milliseconds until the kill; false: a wish `kill` will come when it is time. Default: the grace period of the run. */
  | { readonly is: 'stop'; readonly reason: StopReason; readonly killAfter?: number | false }
  | { readonly is: 'kill'; readonly reason: StopReason }
  | { readonly is: 'suspend'; readonly reason: string }
  | { readonly is: 'resume'; readonly reason: string }
  | { readonly is: 'unblock'; readonly input: unknown };

/** The exit code of a host process of ours that could not do its work: what a plugin does is never told by it alone. */
export const HOST_FAILED = 125;

/** How a run ended: its final state, with what explains it. */
export interface CodeRunEnd {
  readonly state: 'Completed' | 'Failed' | 'Stopped';
  readonly reason?: JobReason;
  /** Of a Failed run what went wrong: delivered as its last Error record. */
  readonly statusMessage?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  /** The error behind a Failed run. */
  readonly error?: { readonly message: string; readonly code?: string; readonly stack?: string };
  /** The plugin has not let go: something of it may go on until its process ends. Default false. */
  readonly givenUp?: true;
}
