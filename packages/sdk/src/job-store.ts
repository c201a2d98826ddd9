import type { Capabilities } from './capabilities.ts';
import type { CommandLine } from './command-line.ts';
import type { JobOrigin } from './origin.ts';
import type { StopReason } from './outcome.ts';
import type { JobReason, JobState } from './states.ts';
import type { StreamName, StreamRecords } from './streams.ts';

/** Where instances, records and cursors live. Every method is one atomic step: a crash between two calls loses or repeats nothing. */
export interface JobStore {
  /** Of the store of an engine: machines that nobody here sees run its jobs. Default: they run on this machine, where they can be looked at. */
  readonly remote?: RemoteRuns;
  /**
   * A parent, then its children, in one step; ids are given in that order, from the one counter.
   * The run folder with its identity exists before the rows do: whoever finds a row finds a place for the claim.
   */
  insert(parent: NewInstance, children: readonly NewInstance[]): Promise<readonly Instance[]>;
  /** In ascending id order. */
  find(query: InstanceQuery): Promise<readonly Instance[]>;
  /** How many instances match. */
  count(query: InstanceQuery): Promise<number>;
  /** Compare and set, all changes or none. False when an instance has left `from`. The caller has asked the transition table. */
  transition(changes: readonly Transition[]): Promise<boolean>;
  /** Instances with all their records. */
  remove(instances: readonly Instance[]): Promise<void>;
  /** At most `limit` records of the asked streams after a cursor, in order; `START` begins at the beginning. */
  read(instance: Instance, request: ReadRequest): Promise<ReadResult>;
  /** A piece of what a command wrote into one channel, byte for byte, after the cursor's place for its main stream; all streams of the channel move. */
  readBytes(instance: Instance, request: BytesRequest): Promise<BytesResult>;
  /**
   * A piece of one channel of one attempt, wherever in it, and how many bytes there are: for who shows a part of a long output.
   * No cursor moves. Of a watcher, whose attempts go on where the one before has ended, all of them are one channel.
   * Default: output is read from its beginning.
   */
  readAt?(instance: Instance, piece: PieceRequest): Promise<Piece>;
  /** The last `each` finished jobs of each of these definitions (their keys), whatever started them: those that ended last come first. Default: asked for one by one, and only what a trigger or run-now started. */
  latestOf?(definitionKeys: readonly string[], each: number): Promise<ReadonlyMap<string, readonly Instance[]>>;
  /** How the last of those ended of each definition that has one: looked up for all definitions at once. Default: by `latestOf`. */
  lastEnds?(definitionKeys: readonly string[]): Promise<ReadonlyMap<string, LastEnd>>;
  /** How far this store's reader has received, by instance id; absent: nothing yet. Also for instances of the other store. */
  reading(instanceIds: readonly string[]): Promise<ReadonlyMap<string, Reading>>;
  saveReading(instanceId: string, reading: Reading): Promise<void>;
  /**
   * Takes up a waiting instance for its attempt: makes the attempt's folder (the first time the run folder as well), then
   * names its holder. Undefined when it does not wait any more, or is to be stopped: nothing was changed then. `resumes`:
   * also one that is Suspended or Disconnected, which it stays until it runs. Default false.
   */
  takeUp(instance: Instance, holder: ProcessIdentity, resumes?: boolean): Promise<Instance | undefined>;
  /** Closes the current attempt and lets the instance and its parent wait for the next, in one step; what is Suspended or Disconnected stays so. False when they have moved on. */
  nextAttempt(next: NextAttempt): Promise<boolean>;
  /** The closed attempts of an instance, oldest first; the current one is the instance itself. */
  attempts(instanceId: string): Promise<readonly Attempt[]>;
  /** Lets `finishedBeyond` and `beyondLimits` pass over these runs while they are read: until it is disposed of, at the latest until this process is gone. */
  spare(runs: readonly Instance[]): Disposable;
  /** Of the finished jobs of a definition (its key) those beyond the `keep` that ended last, each followed by its children; without those that somebody reads. */
  finishedBeyond(definitionKey: string, keep: number): Promise<readonly Instance[]>;
  /**
   * Finished jobs that must go for the store to keep within its limits: the oldest first, each followed by its children, at
   * most 500 jobs, without those that somebody reads; so ask again until none is left. Source: reliability specification, section 10.
   */
  beyondLimits(limits: StoreLimits): Promise<readonly Instance[]>;
  /** The unfinished jobs of a definition (its key), whatever started them, each followed by its children; ascending. */
  unfinishedOf(definitionKey: string): Promise<readonly Instance[]>;
  /**
   * Takes finished jobs in that ran elsewhere, or here before: all or none, whatever happens. Ids are given anew from the one
   * counter, in the order of the old ones; instance ids stay, and a job whose instance id is known is left out. Such a job
   * never ran here: it has neither `run` nor a run folder, so there is nothing to receive of it, and an index that is built
   * anew from the folders does not have it.
   *
   * Batches are read one after the other and not kept in memory. Throws `DefinitionValueInvalid` with the line of a child
   * whose parent is missing and of an id that two jobs have, and whatever `batches` throws; nothing was taken in then.
   */
  importRuns(batches: AsyncIterable<readonly ImportedRun[]>, request: ImportRequest): Promise<ImportResult>;
}

/**
 * How one asks of runs on other machines. Their rows are true, since whoever holds the lease of a run keeps its row; a lease
 * that was lost is for those machines to judge.
 */
export interface RemoteRuns {
  /** Leaves a wish for whoever holds the lease of a run. One that waits is stopped at once, in the same step. False when it is finished. */
  wish(instanceId: string, wish: Wish): Promise<boolean>;
  /** Wakes whoever waits for any of them: a change of state, output, a place in the queue. Hints only, which may be lost. */
  watch?(signal: AbortSignal): AsyncIterable<{ readonly instanceId?: string }>;
}

/** What a user asks of a run that some host holds. */
export interface Wish {
  readonly wish: 'stop' | 'kill' | 'suspend' | 'resume';
  /** Of a stop. Default `stopped`. */
  readonly reason?: StopReason;
  /** Milliseconds between SIGTERM and SIGKILL. Default: that of the run. */
  readonly gracePeriod?: number;
}

/** What is known before an id exists. `command` is the text that `get-job` prints. */
export interface NewInstance {
  readonly instanceId: string;
  /** Default `Job<id>`. */
  readonly name?: string;
  readonly type: string;
  readonly command: string;
  /** Default `localhost`. */
  readonly location?: string;
  readonly definition?: { readonly key: string; readonly name: string; readonly path: string };
  /** A child says only its kind; the store adds `parentId`. */
  readonly origin: JobOrigin | { readonly kind: 'parent' };
  /** Of a job that joins one that is there already, as its child. `insert` throws `InvalidJobState` when that one has ended, or is to be stopped. */
  readonly parentInstanceId?: string;
  /** Absent for a parent that never runs anything itself. */
  readonly run?: RunFacts;
  /** Waits for its time (a random delay, a retry). Default: not. */
  readonly notBefore?: Date;
  /** Waits until no other job of its definition is unfinished. Default false. */
  readonly queued?: boolean;
  /** What is to be run, resolved: `LaunchCommand` as JSON, without values of secrets. Of an instance that somebody else starts later. */
  readonly launch?: string;
  /** Which hosts of an engine may run it, such as `linux` or `gpu`. Default `default`. */
  readonly route?: string;
  /** Of an engine: higher first. Default 0. */
  readonly priority?: number;
  /** Of an engine: at most `limit` runs with this key at once. Default: any number. */
  readonly cap?: { readonly key: string; readonly limit: number };
}

/** What a reader must know of a run besides its row. Stored with it: a later edit of the definition changes nothing. */
export interface RunFacts extends CodeFacts, Pick<CommandLine, 'successExitCodes' | 'streamCommands' | 'mergeStreams' | 'outputFormat' | 'timeout' | 'gracePeriod' | 'initializes' | 'secrets'> {
  /** The process that launches the run: a claim may be revoked only when it is dead. Absent: nobody has taken it up yet. */
  readonly holder?: ProcessIdentity;
  /** What its processes carry as `NIGHTSHIFT_INSTANCE_ID`: the instance id of the job that people see. */
  readonly carries: string;
  /** Default: never tried again. */
  readonly retry?: RetryPolicy;
  /** How many of the attempts so far count against `retry.limit`. Default 0. */
  readonly retried?: number;
  /** Its program watches work that goes on elsewhere (`CommandLine.reattach`). Default: the program is the work. */
  readonly watches?: true;
  /** Ids of the siblings that it has waited for. Default: none. */
  readonly needs?: readonly number[];
  /** What of the machine has it stopped, reason `condition`. Default: nothing. */
  readonly stopConditions?: StopConditions;
  /** The run whose work it takes up again: that was stopped when the machine came into use. It waits until nobody uses the machine. */
  readonly restartOf?: string;
  /** Warning records of ours, such as about conditions that could not be looked at; delivered before the first one of the run. Default: none. */
  readonly warnings?: readonly string[];
  /** Finished runs of the definition that are kept. Default: this instance prunes nothing. */
  readonly maxResultCount?: number;
}

/** What a reader must know of a run of JavaScript. */
export interface CodeFacts {
  /** A process of its own (`code`), or a thread of a process that keeps the books itself (`thread`). Default: a command. */
  readonly form?: 'code' | 'thread';
  /** Of a thread: the name of its pool. */
  readonly pool?: string;
  /** Of a thread that another thread has started: that one's instance id. While it waits for this one, its place in the pool is free. */
  readonly startedBy?: string;
  /** The package whose type it is: named where it does not do as it should. */
  readonly plugin?: string;
  /** What it can besides ending. Default: nothing. */
  readonly can?: Pick<Capabilities, 'suspend' | 'kill' | 'reattach' | 'input'>;
  /** Cut off with a checkpoint it is Suspended and waits for somebody to resume it: a person has started it. Default: it is Failed. */
  readonly resumable?: true;
  /** Why it cannot be suspended but by force, although its type can be. Default: it can. */
  readonly cannotSuspend?: string;
  /** Where its children run, each place once. Default: they are asked. */
  readonly locations?: readonly string[];
  /** Whoever shows lines of several children to a person leaves their locations out. Default: they are named. */
  readonly hidesLocations?: true;
}

/** How much a store keeps. */
export interface StoreLimits {
  /** Finished jobs, without their children. Default: any number. */
  readonly jobs?: number;
  /** Of their run folders, as far as the index knows: their output, and 32 KiB for the small files of each. Default: any size. */
  readonly bytes?: number;
  /** Only jobs that ended before go. Default: all. */
  readonly endedBefore?: Date;
  /** The newest finished job of each definition stays. Default false. */
  readonly oneEach?: boolean;
}

/**
 * A job as another store knew it. `id` and `parentId` are those of that store, and tell which child is whose; `origin.parentId`
 * follows `parentId`.
 */
export interface ImportedRun extends Omit<Instance, 'run' | 'runFolder' | 'notBefore' | 'queued' | 'launch' | 'stopReason' | 'outputBytes'> {
  /** Where it stands in its file, from 1. */
  readonly line: number;
  /** The closed ones, oldest first. Default: none is known. */
  readonly attempts?: readonly Attempt[];
  /** Another store of this user has it. Default false. */
  readonly isKnown?: boolean;
}

/** How runs are taken in. */
export interface ImportRequest {
  /** The file that complaints name. */
  readonly file: string;
  /** Counts and checks, and takes nothing in. Default false. */
  readonly whatIf?: boolean;
}

/** What became of the jobs of a file; each child counts. */
export interface ImportResult {
  readonly imported: number;
  /** Left out: their instance ids are known here, or stood in the file before. */
  readonly known: number;
  /** Left out: they had not ended, or their parents had not. */
  readonly unfinished: number;
  /** Keys of the definitions whose runs were taken in. */
  readonly definitions: readonly string[];
}

/**
 * When a run that a trigger started is stopped because of the machine. `always`: whenever it is seen so; `change`: when it was
 * seen otherwise while the run went on. What cannot be seen stops nothing. Source: scheduled-jobs.md section 6, 8.3.
 */
export interface StopConditions {
  /** The machine is on battery. Default: it may be. */
  readonly onBattery?: 'always' | 'change';
  /** Somebody uses the machine. Default: they may. */
  readonly inUse?: 'always' | 'change';
  /** Milliseconds without use after which the machine is idle. */
  readonly idleDuration?: number;
  /** One that was stopped because the machine came into use is followed by another when it is idle again. Default false. */
  readonly restarts?: true;
}

/** How a failed run is tried again. Times are milliseconds. Source: reliability specification 7.3. */
export interface RetryPolicy {
  /** Further attempts. */
  readonly limit: number;
  readonly delay: number;
  readonly factor: number;
  readonly maxDelay: number;
  /** Also a run that was cut off together with us. */
  readonly onInterrupted: boolean;
}

/** One closed attempt. */
export type Attempt = Pick<Instance, 'attempt' | 'reason' | 'statusMessage' | 'beginTime' | 'endTime' | 'exitCode' | 'signal'>;

/** Closes the current attempt of an instance, and lets it wait for the next. */
export interface NextAttempt {
  readonly instanceId: string;
  /** The one that ends; the next is one higher. Compared and set. */
  readonly closed: Attempt;
  readonly notBefore: Date;
  /** How many attempts count against the limit from now on. */
  readonly retried: number;
  /** Shown while it waits. */
  readonly statusMessage: string;
}

/** What tells one process from every other: a pid alone comes round again. */
export interface ProcessIdentity {
  /** Machine and pid namespace. */
  readonly host: string;
  readonly boot: string;
  readonly pid: number;
  /** In the system's own ticks since the boot. */
  readonly startTime: string;
}

/** `beginTime` is the first Running, `endTime` the first final state; neither is overwritten. */
export interface Instance extends Omit<NewInstance, 'name' | 'origin' | 'location' | 'parentInstanceId'> {
  readonly id: number;
  readonly name: string;
  readonly location: string;
  readonly origin: JobOrigin;
  readonly parentId?: number;
  readonly attempt: number;
  readonly state: JobState;
  readonly reason?: JobReason;
  readonly statusMessage?: string;
  readonly beginTime?: Date;
  readonly endTime?: Date;
  readonly exitCode?: number;
  readonly signal?: string;
  /** The wish to stop, with its reason; the first one stays. */
  readonly stopReason?: StopReason;
  /** Bytes of output that a finished run left. */
  readonly outputBytes?: number;
  /** Of an engine: rises with each change of owner. Default 0. */
  readonly fence?: number;
  /** Absolute path of the run folder, where the engine keeps one on this machine. Absent for a parent of several. */
  readonly runFolder?: string;
}

/** A move to `to` if the instance is in one of `from`. Facts that are absent stay as they were. */
export interface Transition
  extends Partial<Pick<Instance, 'reason' | 'statusMessage' | 'beginTime' | 'endTime' | 'exitCode' | 'signal' | 'stopReason' | 'outputBytes'>> {
  readonly instanceId: string;
  readonly from: readonly JobState[];
  readonly to: JobState;
  /** Only if this is still the current attempt: what was seen of another one says nothing. Default: whichever it is. */
  readonly attempt?: number;
}

/** Members narrow together (and); values in a list widen (or). Default: every instance. */
export interface InstanceQuery {
  readonly ids?: readonly number[];
  readonly instanceIds?: readonly string[];
  /** A prefix or a suffix of an instance id. */
  readonly instanceIdPart?: string;
  /** Whole names, compared without case. */
  readonly names?: readonly string[];
  readonly states?: readonly JobState[];
  readonly parentIds?: readonly number[];
  /** An instance of this id and its children. */
  readonly family?: number;
  /** Everything below instances of these ids: their children, the children of those, and so on. */
  readonly below?: readonly number[];
  /** True: only jobs without a parent. */
  readonly topLevel?: boolean;
  /** Keys: only jobs of these definitions that a trigger or run-now started. */
  readonly definitions?: readonly string[];
  /** Only ids above this one, and of those only the `first` so many: a listing that is read piece by piece. Default: all. */
  readonly above?: number;
  readonly first?: number;
  /** Only ids below this one, and of those only the `last` so many: the same from the other end. Default: all. */
  readonly before?: number;
  readonly last?: number;
  /** Keys: only jobs of these definitions, whatever started them. */
  readonly definitionKeys?: readonly string[];
  /** Only what has ended at this instant or after it. */
  readonly endedSince?: Date;
  /** Only so many, those with the latest `endTime`; the unfinished ones are left out. */
  readonly newest?: number;
}

/** A place between two records (one offset per stream, that of its first unconsumed record); meaningful only to the store that gave it. */
export type Cursor = string & { readonly brand: 'Cursor' };

/** Before the first record. */
export const START: Cursor = '' as Cursor;

/** What to read. */
export interface ReadRequest {
  readonly after: Cursor;
  /** Only these are read and only their offsets move. */
  readonly streams: readonly StreamName[];
  readonly limit: number;
}

/** What was read, and where reading goes on. `more` is false when the end was reached. */
export interface ReadResult {
  readonly records: readonly StoredRecord[];
  readonly cursor: Cursor;
  readonly more: boolean;
  /** True when no stream has an unconsumed record after `cursor`. */
  readonly drained: boolean;
}

/** Which bytes to read. */
export interface BytesRequest {
  readonly after: Cursor;
  readonly channel: 'stdout' | 'stderr';
  /** A line that is longer is given in pieces. */
  readonly limit: number;
  /** Only up to the last line end, and nothing (`uneven`) where the streams of the channel were consumed to different places. Default false. */
  readonly wholeLines?: boolean;
}

/** No bytes: the end was reached. */
export type BytesResult = Pick<ReadResult, 'cursor' | 'drained'> & { readonly bytes: Uint8Array; readonly uneven?: true };

/** The end of a definition's last run. */
export type LastEnd = Required<Pick<Instance, 'state' | 'endTime'>>;

/** Which piece: of stdout or stderr, or of the lines of a run of JavaScript. */
export interface PieceRequest {
  readonly attempt: number;
  readonly channel: 'stdout' | 'stderr' | 'records';
  readonly offset: number;
  readonly limit: number;
}

/** Fewer bytes than the limit only at the end; none, and size 0, where nothing was written. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** How many bytes there are now. */
  readonly size: number;
}

/** How far a reader has received one instance. */
export interface Reading {
  readonly cursor: Cursor;
  /** Whether the reason of a Failed job has been delivered as its last Error record. */
  readonly reasonDelivered: boolean;
  /** Whether the warnings of a run's facts have been delivered. Default false. */
  readonly warningsDelivered?: boolean;
  /** True once a finished job had nothing left. It stays true. */
  readonly drained: boolean;
}

/**
 * `seq` rises by one per instance, over all its attempts; of a command, which alone has `channel`, within (attempt, channel), of a watcher within the channel.
 * `at` is null for a command and where nobody saw the moment.
 */
export interface StoredRecord<N extends StreamName = StreamName> {
  readonly seq: number;
  readonly channel?: 'stdout' | 'stderr';
  readonly at: Date | null;
  readonly stream: N;
  readonly value: StreamRecords[N];
  /** Of a command's plain line: its bytes as they were written, with the line end if it had one. */
  readonly bytes?: Uint8Array;
}
