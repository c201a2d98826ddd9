/**
 * An engine: where jobs that outlive one machine are kept, fired and handed to the machines that run them.
 *
 *     scheduler, start-job --persist      FiringStore.fire, JobStore.insert      rows and queue entries, in one transaction
 *     worker                              JobQueue.acquire · renew · settle      a lease per run, with a fence
 *                                         OutputStore.append                     bytes at their offsets, under the fence
 *     get-job, receive-job, stop-job …    JobStore.find · OutputStore.read · JobStore.wish
 *
 * `fire`, `insert` and `settle` are one atomic step each; no transaction leaves an engine. Rules that types cannot say:
 *
 * 1. `acquire` raises `fence` by one in the transaction that takes the entry. A `Fenced` write with an older fence changes nothing and says so.
 * 2. The end of a run is `settle`: it writes the last transition, or the next attempt, and ends the entry in one transaction.
 * 3. Duplicates are answers, not errors: an instance id that exists is inserted no second time; a due time with its word is `already-fired`.
 * 4. Wishes are rows; `renew` carries them. Hints (`watch`) may be lost: only the latency changes.
 * 5. No limit of an engine is visible to a job: one that runs longer than any of them runs once.
 * 6. Times that are written come from the clock handed in; leases are judged by the engine's own clock alone.
 *
 * Source: the specification of the distributed engine, sections 2, 3 and 5.
 */
import type { Clock } from './clock.ts';
import type { DefinitionStore, FiringStore } from './firing-store.ts';
import type { Instance, JobStore, NewInstance, NextAttempt, RemoteRuns, Transition, Wish } from './job-store.ts';
import type { SpecSchema } from './spec-schema.ts';

/** An engine for the durable store, offered by a plugin under `engines` and chosen by `engine.name` of the configuration. */
export interface EngineType<Options = unknown> {
  /** Such as `pgboss`. */
  readonly name: string;
  readonly description: string;
  /** What `engine:` of the configuration may say besides `name`. Values of secrets are references there (`env:NAME`, `file:path`), resolved before `open`. */
  readonly options: SpecSchema<Options>;
  /**
   * Connects nothing yet: the first call of any method does, and migrates. Methods throw `StoreUnavailable` when the server cannot be
   * reached, `StoreVersionNotSupported` when its schema is newer than this engine.
   */
  open(options: Options, parts: EngineParts): Engine;
}

/** Any engine type, whatever its options. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyEngineType = EngineType<any>;

/** What an engine is given. */
export interface EngineParts {
  readonly clock: Clock;
  /** The namespace of the configuration: definitions of one project have one key on every machine. */
  readonly namespace: string;
}

/** Stores and queue open together, because a firing, its instance and its place in the queue are one step. */
export interface Engine extends AsyncDisposable {
  readonly store: EngineStore;
  readonly output: OutputStore;
  readonly firings: FiringStore;
  readonly definitions: DefinitionStore;
  readonly queue: JobQueue;
  readonly features: EngineFeatures;
}

/** What the kit tests beyond the common part. A feature that is not claimed is listed as skipped. */
export interface EngineFeatures {
  /** What was acknowledged survives a crash and a power cut. */
  readonly durable: boolean;
  /** Several hosts at once. */
  readonly shared: boolean;
}

/**
 * The instances. As `JobStore`, but for output, which others cut into records, and for what only a machine has: `takeUp` is
 * `JobQueue.acquire` here. `insert` puts what can start into the queue: every instance with `run` and without a `holder`.
 */
export interface EngineStore extends Omit<JobStore, 'insert' | 'remote' | 'read' | 'readBytes' | 'readAt' | 'takeUp' | 'nextAttempt' | 'spare'>, RemoteRuns {
  /** With `fence`, that of the job which it joins (`parentInstanceId`): `InvalidJobState` when that has another owner by now. */
  insert(parent: Fenced<NewInstance>, children: readonly NewInstance[]): Promise<readonly Instance[]>;
  /** Compare and set; with `fence` only while it is current. Of one family or of several, all or none. */
  transition(changes: readonly Fenced<Transition>[]): Promise<boolean>;
}

/** Refused when the instance has another owner by now. Without `fence` (of a reader, a user) whoever owns it. */
export type Fenced<T> = T & { readonly fence?: number };

/** A channel of an attempt: both of a command, or the records of a run of JavaScript as lines of JSON. */
export type OutputChannel = 'stdout' | 'stderr' | 'records';

/** Which bytes. */
export interface OutputPlace {
  readonly instanceId: string;
  readonly attempt: number;
  readonly channel: OutputChannel;
}

/** What runs have written, byte for byte. An attempt's bytes never change; they only become more. */
export interface OutputStore {
  /**
   * Adds bytes at `offset`, which is where the channel ends so far. Bytes that are there already are no error and are not
   * written again. `fenced`: the owner is another one, or the attempt has ended; nothing was written. `gap`: the channel ends before `offset`, at `size`.
   */
  append(to: OutputPlace & { readonly fence: number; readonly offset: number }, bytes: Uint8Array): Promise<{ readonly is: 'written' } | { readonly is: 'fenced' } | { readonly is: 'gap'; readonly size: number }>;
  /** Up to `limit` bytes from `offset` on; fewer only at the end. Throws `InputOutputError` where bytes that were acknowledged are not to be had. */
  read(from: OutputPlace & { readonly offset: number; readonly limit: number }): Promise<Uint8Array>;
  /** How many bytes there are. */
  size(of: OutputPlace): Promise<number>;
}

/** Hands runs to the hosts that can run them. */
export interface JobQueue {
  readonly limits: QueueLimits;
  /** Leases for up to `slots` runs that may start now: highest priority first, then oldest. Never waits: `watch` or a pause is the caller's. */
  acquire(request: AcquireRequest): Promise<readonly Lease[]>;
  /** Renews for `limits.lease`. `lost`: expired and taken, or ended by somebody else: their runs must stop now. `wishes`: what is still to be carried out, until `settle` or `fulfilled`. */
  renew(leases: readonly Lease[], fulfilled?: readonly string[]): Promise<{ readonly lost: readonly Lease[]; readonly wishes: readonly WishOf[] }>;
  /** The end of an attempt: the last transitions (the run, then its parent), or the next attempt, which waits in the queue. False when fenced: neither happened, and the caller drops the result. */
  settle(lease: Lease, end: SettleEnd): Promise<boolean>;
  /** Takes leases that ran out away, once each: their fate is the caller's to decide, under `fence`, with `settle`. */
  expired(host: string): Promise<readonly Lease[]>;
  depth(route: string): Promise<{ readonly queued: number; readonly active: number; readonly oldest: Date | null }>;
  /** Says that a host is there, with what it offers; repeated with each renewal. `hosts`: those of the last day. */
  register(host: HostFacts): Promise<void>;
  hosts(): Promise<readonly (HostFacts & { readonly lastSeen: Date; readonly running: number })[]>;
}

/** Milliseconds throughout. */
export interface QueueLimits {
  /** How long a lease lasts. A host renews several times in it. */
  readonly lease: number;
  /** A cap is never exceeded, whoever acquires. */
  readonly strictCaps: boolean;
}

/** What a host has room for. */
export interface AcquireRequest {
  readonly host: string;
  readonly routes: readonly string[];
  /** Names of job types that it can run. Default: any. */
  readonly types?: readonly string[];
  readonly slots: number;
}

/** A host that runs jobs. */
export interface HostFacts {
  readonly name: string;
  readonly routes: readonly string[];
  readonly slots: number;
}

/** The right of one host to run one attempt, for a while. */
export interface Lease {
  /** What runs. `launch` says how. */
  readonly instance: Instance;
  /** The job that people see: its parent, or itself. */
  readonly job: Instance;
  readonly host: string;
  readonly fence: number;
  /** The engine's own, opaque; may be written down by the host, to go on after it was killed. */
  readonly token: string;
}

/** A wish, and whose. */
export interface WishOf extends Wish {
  readonly instanceId: string;
}

/** How an attempt ended. */
export type SettleEnd = { readonly transitions: readonly Transition[] } | { readonly next: NextAttempt };

