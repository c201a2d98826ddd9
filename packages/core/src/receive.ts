import { isFinished, isPersistent, START, type Cursor, type Instance, type JobStore, type Reading, type StoredRecord, type StreamName } from '@nightshift/sdk';
import type { CoreParts } from './parts.ts';
import { runsOf, type Selected } from './query.ts';
import { reconcileAgain } from './reconcile.ts';

/** How to receive. */
export interface ReceiveRequest {
  /** Only these are shown and only these are consumed. */
  readonly streams: readonly StreamName[];
  /** Where reading begins; with anything but the cursor the cursor stays. A record whose time nobody saw counts as written as late as it can have been. */
  readonly from: 'cursor' | 'start' | Date;
  /** The cursor stays. */
  readonly keep: boolean;
  /** Only the last so many records of each job, counted from the end of all. */
  readonly tail?: number;
  /** Stay until every job is finished or, with `persistent`, at rest. Default: take what there is. */
  readonly until?: 'persistent' | 'finished';
  readonly signal?: AbortSignal;
}

/** Records of one run, in order. */
export interface Received {
  readonly jobId: number;
  readonly records: readonly StoredRecord[];
}

/** Reading has two halves, so that nothing is consumed that was not delivered. */
export interface Receiving {
  /** Depth first, children by id. */
  readonly batches: AsyncGenerator<Received>;
  /** Moves the cursors past what was delivered. Not called when delivery failed. */
  commit(): Promise<void>;
}

const BATCH = 1_000;

export async function receive(parts: CoreParts, jobs: readonly Selected[], request: ReceiveRequest): Promise<Receiving> {
  const session = parts.stores.session();
  const runs = jobs.flatMap((job) => runsOf(job).filter(({ run }) => run !== undefined).map((instance) => ({ instance, store: job.store })));
  const readings = await session.reading(runs.map(({ instance }) => instance.instanceId));
  const readers = runs.map(({ instance, store }) => createReader(instance, store, readings.get(instance.instanceId), request));
  return {
    batches: batchesOf(parts, readers, request),
    async commit() {
      if (request.keep || request.from !== 'cursor') return;
      for (const reader of readers) await session.saveReading(reader.instance.instanceId, reader.reading());
    },
  };
}

async function* batchesOf(parts: CoreParts, readers: readonly Reader[], request: ReceiveRequest): AsyncGenerator<Received> {
  const open = new Set(readers);
  // Made before the first look, so that nothing that happens in between is slept over.
  using watch = request.until === undefined ? undefined : parts.launcher.watch(readers.map(({ instance }) => instance), 'output');
  while (open.size > 0) {
    for (const reader of open) {
      if (request.signal?.aborted === true) return;
      // The state first: of a run that is finished now, everything can be read now.
      const now = await reconcileAgain(parts, reader.store, reader.instance);
      reader.instance = now ?? reader.instance;
      yield* reader.read();
      if (watch === undefined || now === undefined || isAtRest(now, request)) open.delete(reader);
    }
    if (open.size > 0) await watch?.changed(request.signal);
  }
}

function isAtRest({ state }: Instance, { until }: ReceiveRequest): boolean {
  return until === 'finished' ? isFinished(state) : isPersistent(state);
}

interface Reader {
  instance: Instance;
  readonly store: JobStore;
  read(): AsyncGenerator<Received>;
  reading(): Reading;
}

function createReader(start: Instance, store: JobStore, saved: Reading | undefined, request: ReceiveRequest): Reader {
  const fromCursor = request.from === 'cursor' && request.tail === undefined;
  let cursor: Cursor = fromCursor ? (saved?.cursor ?? START) : START;
  let reasonDelivered = fromCursor && saved?.reasonDelivered === true;
  let isDrained = false;
  let tail = request.tail;
  // A tail is shown from the beginning; what it consumes is counted from where this reader was.
  let consumed = tail === undefined ? undefined : (saved?.cursor ?? START);
  const reader: Reader = {
    instance: start,
    store,
    async *read() {
      const { instance } = reader;
      const kept = new Tail(tail);
      for (let more = true; more; ) {
        const result = await store.read(instance, { after: cursor, streams: request.streams, limit: BATCH });
        ({ cursor, more } = result);
        isDrained = result.drained;
        if (!endedBefore(instance, request.from)) yield* kept.pass(instance.id, result.records);
      }
      const reason = reasonDelivered ? undefined : reasonRecord(instance, request.streams);
      reasonDelivered ||= reason !== undefined;
      if (reason !== undefined && !endedBefore(instance, request.from)) yield* kept.pass(instance.id, [reason]);
      yield* kept.rest(instance.id);
      // What follows the tail is delivered as it comes.
      tail = undefined;
      if (consumed !== undefined) ({ cursor: consumed, drained: isDrained } = await readOver(store, instance, consumed, request.streams));
    },
    reading: () => ({
      cursor: consumed ?? cursor,
      reasonDelivered,
      drained: isDrained && isFinished(reader.instance.state) && (reasonDelivered || reader.instance.state !== 'Failed'),
    }),
  };
  return reader;
}

/** Consumes without a look. */
async function readOver(store: JobStore, instance: Instance, after: Cursor, streams: readonly StreamName[]): Promise<{ readonly cursor: Cursor; readonly drained: boolean }> {
  for (let cursor = after; ; ) {
    const result = await store.read(instance, { after: cursor, streams, limit: BATCH });
    if (!result.more) return result;
    ({ cursor } = result);
  }
}

/** Lets everything through, or holds the last `count` records back until the end. */
class Tail {
  readonly #count: number | undefined;
  #held: StoredRecord[] = [];

  constructor(count: number | undefined) {
    this.#count = count;
  }

  *pass(jobId: number, records: readonly StoredRecord[]): Generator<Received> {
    if (this.#count === undefined) {
      if (records.length > 0) yield { jobId, records };
    } else if (this.#count > 0) this.#held = [...this.#held, ...records].slice(-this.#count);
  }

  *rest(jobId: number): Generator<Received> {
    if (this.#held.length > 0) yield { jobId, records: this.#held };
    this.#held = [];
  }
}

function endedBefore({ endTime }: Instance, from: ReceiveRequest['from']): boolean {
  return from instanceof Date && endTime !== undefined && endTime < from;
}

/** Why a job failed is one more Error record after its last one, delivered once. Source: jobs.md 4.9. */
function reasonRecord({ state, statusMessage, reason, endTime }: Instance, streams: readonly StreamName[]): StoredRecord<'error'> | undefined {
  if (state !== 'Failed' || !streams.includes('error')) return undefined;
  return { seq: 1, at: endTime ?? null, stream: 'error', value: { message: statusMessage ?? reason ?? 'the job failed', terminating: true } };
}
