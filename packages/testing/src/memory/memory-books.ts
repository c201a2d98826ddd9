import { MOVES, transition, type CodeRunEnd, type OutgoingRecord, type RecordSink, type RunBooks } from '@nightshift/core';
import { isFinished, type Clock, type Instance, type JobError, type StoredRecord } from '@nightshift/sdk';
import type { MemoryRun } from './memory-run.ts';
import type { MemoryStore } from './memory-store.ts';

/** What the books of one run are kept in. */
export interface BooksPlace {
  readonly store: MemoryStore;
  readonly instance: Instance;
  readonly clock: Clock;
  /** The run itself, once it has been begun. */
  readonly run: () => MemoryRun;
  readonly keepCheckpoint: (json: string) => void;
  readonly warn: (warning: JobError) => void;
  /** Something may have changed. */
  readonly hint: () => void;
}

/** As the host of a run of JavaScript keeps them: what it says counts, and the row follows where it can. */
export function createBooks({ store, instance, clock, run, keepCheckpoint, warn, hint }: BooksPlace): RunBooks {
  const move = async (to: Instance['state'], facts: { readonly statusMessage?: string; readonly beginTime?: Date }): Promise<void> => {
    for (;;) {
      const [now] = await store.find({ ids: [instance.id] });
      if (run().isCutOff === true || now === undefined || now.attempt !== instance.attempt || isFinished(now.state) || !MOVES[now.state].includes(to)) return;
      if ((await transition(store, now, [{ to, ...facts }])) !== undefined) return;
    }
  };
  return {
    async started() {
      run().started = clock.now();
      await move('Running', { beginTime: clock.now() });
      hint();
    },
    moved: (to, statusMessage = '') => move(to, { statusMessage }),
    async checkpoint(json) {
      if (run().isCutOff !== true) keepCheckpoint(json);
    },
    async ended({ givenUp: _givenUp, ...end }: CodeRunEnd) {
      if (run().isCutOff !== true) run().outcome = { ...end, at: clock.now() };
      hint();
    },
    warn,
  };
}

/** Records after which everybody else has a turn, so that one who writes without end can be stopped. */
const TURN = 50;

export function createSink({ store, instance, clock, run, hint }: Pick<BooksPlace, 'store' | 'instance' | 'clock' | 'run' | 'hint'>): RecordSink {
  let written = 0;
  return {
    async write({ stream, json }: OutgoingRecord) {
      if (run().isCutOff === true) return;
      store.append(instance, 'streams', { at: clock.now(), stream, value: JSON.parse(json) as StoredRecord['value'] });
      run().outputBytes += Buffer.byteLength(json);
      hint();
      if (++written % TURN === 0) await new Promise<void>((resolve) => void setImmediate(resolve));
    },
    drained: async () => {},
  };
}
