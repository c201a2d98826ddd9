/**
 * A job type with a witness: everything that its run does and is asked to do is written down, nothing of it is changed. The
 * supervision that hosts use stands between the witness and the plugin's promises, so the witness sees what a host forgives.
 */
import { STREAM_NAMES, type JobContext, type JobStreams, type StreamName } from '@nightshift/sdk';
import type { AnyCodeJobType } from '@nightshift/core';

/** Where a run is in its life. */
export type Phase = 'unprepared' | 'preparing' | 'prepared' | 'started' | 'settled' | 'disposed';

/** One write to a stream. */
export interface Write {
  readonly stream: StreamName;
  readonly value: unknown;
  readonly phase: Phase;
  /** How many writes were waiting for room when this one came. */
  readonly waiting: number;
  /** What the host answered, once it has: accepted, or why not. */
  answer?: 'accepted' | Error;
}

/** What became of `start()`. */
export type Settlement = { readonly outcome: unknown } | { readonly thrown: unknown };

/** Methods of a run that a host may call besides `start`. */
export type RunCall = 'suspend' | 'resume' | 'kill' | 'unblock' | 'dispose';

/** Records that nobody waits for, after which a loop without end is broken. */
const FLOOD = 5_000;

/** What the witness of one run knows. */
export class Witness {
  phase: Phase = 'unprepared';
  context: JobContext<unknown> | undefined;
  /** What `prepare` gave back. */
  run: unknown;
  settlement: Settlement | undefined;
  readonly writes: Write[] = [];
  /** Calls of context functions other than writes. */
  readonly uses: { readonly what: string; readonly phase: Phase; /** What it was refused with. */ refusal?: unknown; /** Answered, one way or the other. */ isOver?: true }[] = [];
  readonly checkpoints: unknown[] = [];
  /** Calls of the run's methods, and how each ended. */
  readonly calls: { readonly call: RunCall; readonly phase: Phase; failure?: unknown; isOver?: true }[] = [];
  /** How often `start()` settled, where it is not a promise that can do so once. */
  settlements = 0;
  /** Writes that had no room yet when `start()` settled. */
  unacceptedAtEnd = 0;
  /** Checkpoints that were not stored yet when `start()` settled. */
  unstoredAtEnd = 0;
  /** The token as it was when `prepare()` resolved: a host may be gone a moment later. */
  tokenAtFirst: unknown;
  readonly settled: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  readonly prepared: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  /** Done in `start()`, before the plugin's own. */
  atStart: (() => void) | undefined;

  get waiting(): number {
    return this.writes.filter(({ answer }) => answer === undefined).length;
  }

  settle(settlement: Settlement): void {
    this.unacceptedAtEnd = this.waiting;
    this.unstoredAtEnd = this.uses.filter(({ what, isOver }) => what === 'checkpoint' && isOver !== true).length;
    this.settlement = settlement;
    this.phase = 'settled';
    this.settled.resolve();
  }
}

/** The same type, watched by a witness for its next run. */
export function watched(type: AnyCodeJobType, witness: Witness): AnyCodeJobType {
  const make = async (call: 'prepare' | 'reattach', ...args: readonly unknown[]): Promise<unknown> => {
    witness.phase = 'preparing';
    const context = watchedContext(args[0] as JobContext<unknown>, witness);
    witness.context = context;
    const run: unknown = await (type[call] as (...all: unknown[]) => Promise<unknown>).call(type, context, ...args.slice(1));
    witness.run = run;
    witness.tokenAtFirst = (run as { readonly token?: unknown } | null | undefined)?.token;
    witness.phase = 'prepared';
    witness.prepared.resolve();
    return watchedRun(run, witness);
  };
  const members: PropertyDescriptorMap = { prepare: { value: (context: unknown) => make('prepare', context) } };
  if (typeof type.reattach === 'function') members['reattach'] = { value: (context: unknown, token: unknown) => make('reattach', context, token) };
  return Object.create(type, members) as AnyCodeJobType;
}

function watchedRun(run: unknown, witness: Witness): unknown {
  if (typeof run !== 'object' || run === null) return run;
  const real = run as Record<string | symbol, unknown>;
  const double: Record<string | symbol, unknown> = {};
  if (typeof real['start'] === 'function') double['start'] = () => watchedStart(real as { start(): unknown }, witness);
  for (const call of ['suspend', 'resume', 'kill', 'unblock'] as const) {
    if (typeof real[call] === 'function') double[call] = (argument: unknown) => watchedCall(witness, call, () => (real[call] as (one: unknown) => unknown).call(run, argument));
  }
  const dispose = real[Symbol.asyncDispose];
  if (typeof dispose === 'function') {
    double[Symbol.asyncDispose] = async () => {
      try {
        await watchedCall(witness, 'dispose', () => dispose.call(run) as unknown);
      } finally {
        witness.phase = 'disposed';
      }
    };
  }
  Object.defineProperty(double, 'token', { get: () => real['token'] });
  return double;
}

async function watchedStart(run: { start(): unknown }, witness: Witness): Promise<unknown> {
  witness.phase = 'started';
  witness.atStart?.();
  try {
    const outcome = await countedPromise(run.start(), witness);
    witness.settle({ outcome });
    return outcome;
  } catch (thrown) {
    witness.settle({ thrown });
    throw thrown;
  }
}

/** A thenable of somebody's own may call back as often as it likes. */
function countedPromise(started: unknown, witness: Witness): unknown {
  const { then } = (started ?? {}) as { readonly then?: unknown };
  if (started instanceof Promise || typeof then !== 'function') return started;
  return new Promise((resolve, reject) => {
    const once = (settle: (value: unknown) => void) => (value: unknown): void => {
      witness.settlements += 1;
      settle(value);
    };
    Reflect.apply(then, started, [once(resolve), once(reject)]);
  });
}

async function watchedCall(witness: Witness, call: RunCall, make: () => unknown): Promise<void> {
  const entry: Witness['calls'][number] = { call, phase: witness.phase };
  witness.calls.push(entry);
  try {
    await make();
  } catch (failure) {
    entry.failure = failure;
    throw failure;
  } finally {
    entry.isOver = true;
  }
}

function watchedContext(context: JobContext<unknown>, witness: Witness): JobContext<unknown> {
  const use = <Args extends unknown[], Result>(what: string, call: (...args: Args) => Result) => (...args: Args): Result => {
    const entry: Witness['uses'][number] = { what, phase: witness.phase };
    witness.uses.push(entry);
    if (what === 'checkpoint') witness.checkpoints.push(args[0]);
    const answer = call(...args);
    if (answer instanceof Promise) {
      answer.then(
        () => (entry.isOver = true),
        (refusal: unknown) => Object.assign(entry, { refusal, isOver: true }),
      );
    }
    return answer;
  };
  return {
    ...context,
    streams: watchedStreams(context.streams, witness),
    blocked: use('blocked', context.blocked),
    requestSuspend: use('requestSuspend', context.requestSuspend),
    disconnected: use('disconnected', context.disconnected),
    reconnected: use('reconnected', context.reconnected),
    checkpoint: use('checkpoint', context.checkpoint),
    startChild: use('startChild', context.startChild),
    children: use('children', context.children),
  };
}

function watchedStreams(streams: JobStreams, witness: Witness): JobStreams {
  const writers = STREAM_NAMES.map((stream) => {
    const write = (value: unknown): Promise<void> => {
      const entry: Write = { stream, value, phase: witness.phase, waiting: witness.waiting };
      if (entry.waiting > FLOOD) throw new Error(`it has written ${FLOOD} records without waiting for one of them`);
      witness.writes.push(entry);
      const answered = (streams[stream].write as (record: unknown) => Promise<void>)(value);
      answered.then(() => (entry.answer = 'accepted'), (refusal: Error) => (entry.answer = refusal));
      return answered;
    };
    return [stream, { write }] as const;
  });
  return Object.fromEntries(writers) as unknown as JobStreams;
}
