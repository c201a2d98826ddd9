import { superviseRun, type AnyCodeJobType, type CodeRunEnd, type CodeRunOrder, type CodeRunPorts, type OutgoingRecord, type PassingState, type RunChildren, type SupervisedRun } from '@nightshift/core';
import type { JobError, JobIdentity } from '@nightshift/sdk';
import { PassingClock } from '../passing-clock.ts';
import { LATE, pause, within } from '../real-time.ts';
import { must, shown, wrongly } from '../runner.ts';
import { watched, Witness, type Settlement } from './watched.ts';

/** Everybody's, so that a type has nothing to tell two instances apart by but what it is given. */
const NOBODY: JobIdentity = { id: 7, instanceId: '019b7600-0000-7000-8000-000000000007', name: 'Job7', attempt: 1 };

/** How a run is to be begun; the rest is what any job has. */
export interface RunFacts extends Partial<Omit<CodeRunOrder, 'spec' | 'plugin' | 'gracePeriod'>> {
  /** Called with each record; the writer has to wait for the answer. Default: there is room at once. */
  readonly room?: (record: OutgoingRecord) => Promise<void>;
  /** Called with each checkpoint; it is stored when this resolves. Default: at once. */
  readonly storing?: () => Promise<void>;
  readonly atStart?: (run: ExercisedRun) => void;
  /** The host begins the work when this resolves. Default: at once. */
  readonly holdStart?: Promise<void>;
}

/** One run of a code type, from outside. */
export class ExercisedRun {
  readonly witness: Witness = new Witness();
  readonly clock: PassingClock = new PassingClock();
  readonly records: OutgoingRecord[] = [];
  readonly states: PassingState[] = [];
  readonly checkpoints: string[] = [];
  /** How many records there were at the last checkpoint. */
  recordsAtCheckpoint = 0;
  readonly warnings: JobError[] = [];
  readonly supervised: SupervisedRun;
  end: CodeRunEnd | undefined;
  readonly #patience: number;
  readonly #begun = Promise.withResolvers<void>();
  #onMove: (() => void) | undefined;

  constructor(type: AnyCodeJobType, spec: unknown, patience: number, children: RunChildren, { room, storing, atStart, holdStart, ...facts }: RunFacts = {}) {
    this.#patience = patience;
    if (atStart !== undefined) this.witness.atStart = () => atStart(this);
    const order: CodeRunOrder = {
      plugin: 'the plugin of this test', instance: NOBODY, origin: { kind: 'demand', runNow: false }, spec, workingDirectory: process.cwd(), argumentList: [], environment: {}, secrets: {},
      gracePeriod: LONGER_THAN_ANY_TEST, ...facts,
    };
    this.supervised = superviseRun(watched(type, this.witness), order, this.#ports(children, { room, storing, holdStart }));
    void this.supervised.ended.then((end) => (this.end = end));
  }

  /** Resolves when the work goes on. Fails when it was not prepared in time, or has failed by then. */
  async begun(): Promise<void> {
    const came = await within(this.#patience, Promise.race([this.#begun.promise, this.supervised.ended]));
    this.#refuseUnprepared(came);
  }

  #refuseUnprepared(came: unknown): void {
    must(came !== LATE, `prepare() did not come to its end within ${this.#patience} ms`, 'Acquire only what the run needs, and let start() do what takes time');
    must(this.witness.phase !== 'unprepared' && this.witness.phase !== 'preparing', `prepare() failed: ${shown(this.end?.statusMessage)}`, 'Let prepare() resolve with a run; what goes wrong in the work itself is start()’s to tell');
  }

  /** Resolves when there is a run; fails when there was none in time. */
  async isPrepared(): Promise<void> {
    const came = await within(this.#patience, Promise.race([this.witness.prepared.promise, this.supervised.ended]));
    this.#refuseUnprepared(came);
  }

  /** How `start()` settled; fails when it did not in time. */
  async settlement(todo: string): Promise<Settlement> {
    const came = await within(this.#patience, Promise.race([this.witness.settled.promise, this.supervised.ended]));
    must(came !== LATE, `start() did not settle within ${this.#patience} ms`, todo);
    const { settlement } = this.witness;
    if (settlement === undefined) throw wrongly(`start() was never called: the run ended ${shown(this.end)}`, 'Let prepare() resolve with a run that has start() and [Symbol.asyncDispose]()');
    return settlement;
  }

  /** The end in the books, after which the run has been disposed of. */
  async ended(todo: string): Promise<CodeRunEnd> {
    const end = await within(this.#patience, this.supervised.ended);
    const phase = this.witness.phase === 'settled' ? '[Symbol.asyncDispose]() did not come to its end' : 'the run did not end';
    if (end === LATE) throw wrongly(`${phase} within ${this.#patience} ms`, todo);
    return end;
  }

  /** Resolves when the state is reached; false when it was not in time. */
  async reaches(state: PassingState): Promise<boolean> {
    const reached = async (): Promise<true> => {
      while (!this.states.includes(state)) await new Promise<void>((resolve) => (this.#onMove = resolve));
      return true;
    };
    const came = await within(this.#patience, Promise.race([reached(), this.supervised.ended]));
    return came === true;
  }

  /** Ends it whatever it does, so that the next test has the process for itself. */
  async abandon(): Promise<void> {
    if (this.end !== undefined) return;
    void this.supervised.wish({ is: 'kill', reason: 'stopped' }).catch(() => {});
    for (let round = 0; round < 20 && this.end === undefined; round++) {
      await pause(1);
      this.clock.jump(60_000);
    }
  }

  #ports(children: RunChildren, { room, storing, holdStart }: { readonly [Key in 'room' | 'storing' | 'holdStart']: RunFacts[Key] | undefined }): CodeRunPorts {
    const waiting = new Set<Promise<void>>();
    const lost: unknown[] = [];
    return {
      clock: this.clock,
      ownProcess: true,
      children,
      books: {
        started: async () => {
          await holdStart;
          this.#begun.resolve();
        },
        moved: async (to) => {
          this.states.push(to);
          this.#onMove?.();
        },
        checkpoint: async (json) => {
          await storing?.();
          this.checkpoints.push(json);
          this.recordsAtCheckpoint = this.records.length;
        },
        ended: async () => {},
        warn: (warning) => void this.warnings.push(warning),
      },
      records: {
        write: (record) => {
          this.records.push(record);
          const kept = room?.(record) ?? (this.records.length % TURN === 0 ? new Promise<void>((resolve) => void setImmediate(resolve)) : Promise.resolve());
          waiting.add(kept);
          void kept.catch((cause: unknown) => lost.push(cause)).finally(() => waiting.delete(kept));
          return kept;
        },
        drained: async () => {
          await Promise.allSettled(waiting);
          if (lost.length > 0) throw lost[0];
        },
      },
    };
  }
}

/** A run that is asked to stop is judged by the kit, which does not wait as long as a host would. */
const LONGER_THAN_ANY_TEST = 3_600_000;
/** Records after which everybody else has a turn, so that one who writes without end can be stopped. */
const TURN = 50;
