import { asciiLower, isFinished, isPersistent, START, STREAM_NAMES, type Cursor, type Instance, type JobError, type JobState, type JobStore, type Reading, type StoredRecord, type StreamName } from '@nightshift/sdk';
import { isAboutOneRun, recordsGone, troubleOfRun, unreadableRun } from './errors.ts';
import type { JobView } from './job-view.ts';
import type { CoreParts } from './parts.ts';
import { lookAgain, runsOf, viewsOf, type Selected } from './query.ts';
import { reconcileAgain } from './reconcile.ts';
import { createPatience } from './patience.ts';
import { watchRuns } from './watch-runs.ts';

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
  /** The named jobs themselves, not their children: nothing for a parent, which writes nothing itself. */
  readonly noRecurse?: boolean;
  /** Only runs at one of these locations, compared without case. */
  readonly locations?: readonly string[];
  /** The same for jobs that run on computers: every other type is a problem. */
  readonly computerNames?: readonly string[];
  /** Told at once what of them could not be reconnected; they are read as they are. Default: it is one of the problems. */
  readonly warn?: (warning: JobError) => void;
}

/** More than records, for who asks for it. */
export interface ReceiveExtras {
  /** Tell of each job that comes to rest, child before parent. */
  readonly events?: boolean;
  /** Bytes of this channel as they were written, in place of records. */
  readonly raw?: 'stdout' | 'stderr';
  /** The reader writes text into a pipe: plain lines may come as bytes, many at a time. Default false. */
  readonly plainText?: boolean;
  /** Begin with each job itself. */
  readonly jobInResults?: boolean;
}

/** The computer on which a run's program works. */
export interface OnComputer {
  readonly name: string;
  /** Others write as well, and a person is to see who has written a line. */
  readonly isOneOfSeveral: boolean;
}

/** Records of one run, in order. */
export interface Received {
  readonly jobId: number;
  readonly records: readonly StoredRecord[];
  /** Of a job that runs on computers. */
  readonly computer?: OnComputer;
}

/** A job has come to rest. */
export interface StateEvent {
  readonly jobId: number;
  readonly name: string;
  readonly at: Date;
  readonly state: JobState;
  readonly previousState: JobState;
}

/** Bytes as they were written: with `channel` whole lines of a job, else whatever is there. */
export interface ReceivedBytes {
  readonly jobId: number;
  readonly channel?: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
  /** As of `Received`. */
  readonly computer?: OnComputer;
}

/** What receiving yields, in order. */
export type Receivable = Received | ReceivedBytes | { readonly event: StateEvent } | { readonly job: JobView };

/** Reading has two halves, so that nothing is consumed that was not delivered. */
export interface Receiving<Yields = Received> {
  /** Depth first, children by id. */
  readonly batches: AsyncGenerator<Yields>;
  /** Moves the cursors past what was delivered. Not called when delivery failed. */
  commit(): Promise<void>;
}

type Wanted = ReceiveRequest & ReceiveExtras;

const BATCH = 1_000;
/** Bytes of raw output that are read at a time. */
const PIECE = 131_072;

/** `problems` grows while batches come, by what goes wrong with single jobs. */
export async function receive(parts: CoreParts, jobs: readonly Selected[], request: Wanted, problems: JobError[]): Promise<Receiving<Receivable>> {
  const session = parts.stores.session();
  const runs = runsOnce(jobs, request);
  const readings = await session.reading(runs.map(({ instance }) => instance.instanceId));
  const readers = await Promise.all(runs.map((run) => readerOf(parts, run, readings, request)));
  return {
    batches: batchesOf(parts, jobs, readers, request, problems),
    async commit() {
      if (request.keep || request.from !== 'cursor') return;
      for (const reader of readers) if (reader.isHeard) await session.saveReading(reader.instance.instanceId, reader.reading());
    },
  };
}

async function readerOf(parts: CoreParts, { instance, store, isHeard: heard }: Wanting, readings: ReadonlyMap<string, Reading>, request: Wanted): Promise<Reader> {
  const mask = heard && request.raw === undefined && instance.run?.secrets !== undefined ? await parts.masking?.(instance) : undefined;
  return createReader(instance, store, readings.get(instance.instanceId), heard ? request : { ...request, streams: [] }, mask);
}

/** What jobs have started since: their readers join the others, behind them. */
async function newcomers(parts: CoreParts, jobs: readonly Selected[], readers: Reader[], request: Wanted): Promise<readonly Reader[]> {
  const fresh: Wanting[] = [];
  for (const { instance, store } of jobs.filter((job) => runsOf(job).some(({ run }) => run?.form !== undefined))) {
    const below = await store.find({ below: [instance.id] });
    const job = { instance, children: below, store };
    const strange = below.filter(({ instanceId, run }) => run !== undefined && !readers.some((reader) => reader.instance.instanceId === instanceId));
    fresh.push(...strange.map((one) => ({ instance: one, store, isHeard: isHeard(job, one, request) })));
  }
  if (fresh.length === 0) return [];
  const readings = await parts.stores.session().reading(fresh.map(({ instance }) => instance.instanceId));
  const made = await Promise.all(fresh.map((one) => readerOf(parts, one, readings, request)));
  readers.push(...made);
  return made;
}

interface Wanting {
  readonly instance: Instance;
  readonly store: JobStore;
  readonly isHeard: boolean;
}

/** The runs of all jobs, in their order; one that is meant twice, as by a parent and by itself, stands where it was meant first. */
function runsOnce(jobs: readonly Selected[], request: Wanted): Wanting[] {
  const once = new Map<string, Wanting>();
  for (const job of jobs) {
    for (const instance of runsOf(job).filter(({ run }) => run !== undefined)) {
      const heardBefore = once.get(instance.instanceId)?.isHeard === true;
      once.set(instance.instanceId, { instance, store: job.store, isHeard: heardBefore || isHeard(job, instance, request) });
    }
  }
  return [...once.values()];
}

/** Whether a run's records are wanted; one that is not heard is still waited for. */
function isHeard(job: Selected, { id, location }: Instance, { noRecurse, locations, computerNames }: ReceiveRequest): boolean {
  if (noRecurse === true && id !== job.instance.id) return false;
  const isAmong = (names: readonly string[] | undefined): boolean => names === undefined || names.some((wanted) => asciiLower(wanted) === asciiLower(location));
  return isAmong(locations) && isAmong(computerNames);
}

async function* batchesOf(parts: CoreParts, jobs: readonly Selected[], readers: Reader[], request: Wanted, problems: JobError[]): AsyncGenerator<Receivable> {
  // Before the first look: what is pruned by then is seen to be gone.
  using _spared = spared(readers);
  const open = new Set(readers);
  const events = request.events === true ? createEvents(parts, jobs, problems) : undefined;
  if (request.jobInResults === true) for (const job of await viewsOf(parts, jobs)) yield { job };
  // Made before the first look, so that nothing that happens in between is slept over.
  using watch = request.until === undefined ? undefined : watchRuns(parts, readers, 'output');
  const isLost = async ({ instance, store }: Reader): Promise<boolean> => {
    if (store.remote !== undefined) return false;
    try {
      return (await parts.launcher.observe(instance)).is === 'lost';
    } catch (cause) {
      // What stands in the way will be told when its records are read.
      if (!isAboutOneRun(cause)) throw cause;
      return false;
    }
  };
  const patience = createPatience(parts.clock);
  // Not of a tail, whose first records are held back until its last is known.
  const bears = ({ store }: Pick<Reader, 'store'>, cause: unknown): boolean => watch !== undefined && request.tail === undefined && store.remote !== undefined && patience.bears(cause);
  const newcomersOrNone = (): Promise<readonly Reader[]> => newcomers(parts, jobs, readers, request).catch((cause: unknown) => {
    if (jobs.some((job) => bears(job, cause))) return [];
    throw cause;
  });
  const there = new Set<Reader>();
  for (const reader of readers) if (!(await isLost(reader))) there.add(reader);
  while (open.size > 0) {
    for (const reader of open) {
      if (request.signal?.aborted === true) return;
      // The state first: of a run that is finished now, everything can be read now.
      let now: Instance | undefined;
      try {
        now = await stateOf(parts, reader, problems);
      } catch (cause) {
        if (bears(reader, cause)) continue;
        throw cause;
      }
      reader.instance = now ?? reader.instance;
      try {
        yield* withComputer(reader.read(), computerOf(jobs, reader.instance));
        patience.answered();
      } catch (cause) {
        if (bears(reader, cause)) continue;
        const problem = await unreadable(parts, reader.instance, jobs.find(({ children }) => children.some(({ instanceId }) => instanceId === reader.instance.instanceId))?.instance ?? reader.instance, cause);
        problems.push(problem);
        open.delete(reader);
        continue;
      }
      if (watch !== undefined && now !== undefined && !isAtRest(now, request)) continue;
      open.delete(reader);
      // Its files go with it: what was read last may have come in part only.
      if (reader.isHeard && (there.has(reader) || now === undefined) && (await isLost(reader))) problems.push(recordsGone(reader.instance));
      if (events !== undefined) yield* events.rested(reader.instance, [...open].map(({ instance }) => instance));
    }
    // The last round may have seen the end of a job before that of what it has started.
    if (watch !== undefined) for (const reader of await newcomersOrNone()) open.add(reader);
    if (open.size > 0) await watch?.changed(request.signal);
  }
}

/** Undefined for a job that runs here. */
function computerOf(jobs: readonly Selected[], { run, origin, location }: Instance): OnComputer | undefined {
  if (run?.watches !== true) return undefined;
  const parent = origin.kind === 'parent' ? jobs.flatMap(({ instance, children }) => [instance, ...children]).find(({ id }) => id === origin.parentId) : undefined;
  return { name: location, isOneOfSeveral: (parent?.run?.locations?.length ?? 0) > 1 && parent?.run?.hidesLocations !== true };
}

async function* withComputer(batches: AsyncGenerator<Received | ReceivedBytes>, computer: OnComputer | undefined): AsyncGenerator<Received | ReceivedBytes> {
  if (computer === undefined) return yield* batches;
  for await (const received of batches) yield { ...received, computer };
}

/** As long as they are read, retention passes over them. */
function spared(readers: readonly Reader[]): Disposable {
  const marks = [...Map.groupBy(readers.filter(({ isHeard: heard }) => heard), ({ store }) => store)].map(([store, some]) => store.spare(some.map(({ instance }) => instance)));
  return {
    [Symbol.dispose]() {
      for (const mark of marks) mark[Symbol.dispose]();
    },
  };
}

/** As it is now; one that cannot be looked at is as its row has it. */
async function stateOf(parts: CoreParts, { store, instance }: Reader, problems: JobError[]): Promise<Instance | undefined> {
  try {
    return await reconcileAgain(parts, store, instance);
  } catch (cause) {
    if (!isAboutOneRun(cause)) throw cause;
    if (!problems.some(({ message }) => message === cause.message)) problems.push(cause);
    return (await store.find({ ids: [instance.id] }))[0];
  }
}

/** Why the records of one run of `job` do not come: the others' do. A finished one that can never be read is taken out of the way. */
async function unreadable({ launcher }: CoreParts, instance: Instance, job: Instance, cause: unknown): Promise<JobError> {
  const fault = isFinished(instance.state) ? await launcher.fault(instance, cause) : undefined;
  const keptAt = fault === undefined ? undefined : await launcher.setAside(instance);
  if (fault !== undefined) return keptAt === undefined ? recordsGone(job) : unreadableRun(job, fault, keptAt);
  return troubleOfRun(job, cause);
}

function isAtRest({ state }: Instance, { until }: ReceiveRequest): boolean {
  return until === 'finished' ? isFinished(state) : isPersistent(state);
}

interface Events {
  /** The events that follow when a run has come to rest: its own, when nothing below it is among the `open` ones, and its parent's when it was the last one. */
  rested(run: Instance, open: readonly Instance[]): AsyncGenerator<{ readonly event: StateEvent }>;
}

function createEvents(parts: CoreParts, jobs: readonly Selected[], problems: JobError[]): Events {
  const before = new Map(jobs.flatMap(({ instance, children }) => [instance, ...children]).map(({ instanceId, state }) => [instanceId, state]));
  const eventOf = ({ id, instanceId, name, state, endTime }: Instance): { readonly event: StateEvent } => {
    const known = before.get(instanceId);
    // One that was at rest when we came was running before, as everything is.
    const previousState = known === undefined || known === state || known === 'NotStarted' ? 'Running' : known;
    return { event: { jobId: id, name, at: endTime ?? parts.clock.now(), state, previousState } };
  };
  const told = new Set<string>();
  // Jobs that run themselves and have started others, outermost first.
  let held: readonly Instance[] = [];
  async function* tell(run: Instance): AsyncGenerator<{ readonly event: StateEvent }> {
    if (told.has(run.instanceId)) return;
    told.add(run.instanceId);
    yield eventOf(run);
    const job = jobs.find(({ instance, children }) => instance.run === undefined && children.some(({ instanceId }) => instanceId === run.instanceId));
    const isLast = job?.children.every(({ instanceId, run: own }) => own === undefined || told.has(instanceId)) === true;
    const now = isLast ? await lookAgain(parts, job as Selected, problems) : undefined;
    if (now !== undefined && isPersistent(now.instance.state)) yield eventOf(now.instance);
  }
  return {
    async *rested(run, open) {
      const asked = [...held, run];
      held = [];
      for (const one of asked.toReversed()) {
        if ([...open, ...held].some(({ origin }) => origin.kind === 'parent' && origin.parentId === one.id)) held = [one, ...held];
        else yield* tell(one);
      }
    },
  };
}

interface Reader {
  instance: Instance;
  readonly isHeard: boolean;
  readonly store: JobStore;
  read(): AsyncGenerator<Received | ReceivedBytes>;
  reading(): Reading;
}

/** `mask`: what of its records is not to be read by anybody; the bytes stay as they are. Source: security S28. */
function createReader(start: Instance, store: JobStore, saved: Reading | undefined, request: Wanted, mask?: (text: string) => string): Reader {
  const fromCursor = request.from === 'cursor' && request.tail === undefined;
  let cursor: Cursor = fromCursor ? (saved?.cursor ?? START) : START;
  let reasonDelivered = fromCursor && saved?.reasonDelivered === true;
  let warningsDelivered = fromCursor && saved?.warningsDelivered === true;
  let isDrained = false;
  let printed: Cursor = START;
  let tail = request.tail;
  // A tail is shown from the beginning; what it consumes is counted from where this reader was.
  let consumed = tail === undefined ? undefined : (saved?.cursor ?? START);
  async function* readPlain(channel: 'stdout' | 'stderr'): AsyncGenerator<Received | ReceivedBytes> {
    for (;;) {
      const { instance } = reader;
      const piece = await store.readBytes(instance, { after: cursor, channel, limit: PIECE, wholeLines: true });
      const isPlain = piece.uneven !== true && (channel === 'stderr' || !mayHoldCommands(piece.bytes, instance));
      if (isPlain) {
        ({ cursor, drained: isDrained } = piece);
        if (piece.bytes.length === 0) return;
        yield { jobId: instance.id, channel, bytes: piece.bytes };
        continue;
      }
      const result = await store.read(instance, { after: cursor, streams: request.streams, limit: BATCH });
      ({ cursor, drained: isDrained } = result);
      if (result.records.length > 0) yield { jobId: instance.id, records: result.records };
      if (!result.more) return;
    }
  }
  async function* readRaw(channel: 'stdout' | 'stderr'): AsyncGenerator<ReceivedBytes> {
    // What JavaScript prints is no record of it: nothing is consumed.
    const isAside = reader.instance.run?.form !== undefined;
    for (let after = isAside ? printed : cursor; ; ) {
      const result = await store.readBytes(reader.instance, { after, channel, limit: PIECE });
      ({ cursor: after } = result);
      if (isAside) printed = after;
      else ({ cursor, drained: isDrained } = result);
      if (result.bytes.length === 0) return;
      yield { jobId: reader.instance.id, bytes: result.bytes };
    }
  }
  const shown = (records: readonly StoredRecord[]): readonly StoredRecord[] => (mask === undefined ? records : records.map((record) => maskedRecord(record, mask)));
  const reader: Reader = {
    instance: start,
    isHeard: request.streams.length > 0,
    store,
    async *read() {
      if (!reader.isHeard) return;
      const { instance } = reader;
      if (request.raw !== undefined) return endedBefore(instance, request.from) ? undefined : yield* readRaw(request.raw);
      const kept = new Tail(tail);
      const warnings = warningsDelivered ? [] : warningRecords(instance, request.streams);
      warningsDelivered ||= warnings.length > 0;
      if (!endedBefore(instance, request.from)) yield* kept.pass(instance.id, warnings);
      // Channel by channel, the attempts of a run would come out of order.
      const isPlain = request.plainText === true && mask === undefined && instance.run?.form === undefined && instance.attempt === 1 && tail === undefined && request.streams.length === STREAM_NAMES.length && !endedBefore(instance, request.from);
      if (isPlain) for (const channel of ['stdout', 'stderr'] as const) yield* readPlain(channel);
      for (let more = !isPlain; more; ) {
        const result = await store.read(instance, { after: cursor, streams: request.streams, limit: BATCH });
        ({ cursor, more } = result);
        isDrained = result.drained;
        if (!endedBefore(instance, request.from)) yield* kept.pass(instance.id, shown(result.records));
      }
      const reason = reasonDelivered ? undefined : reasonRecord(instance, request.streams);
      const isNew = reason !== undefined && !endedBefore(instance, request.from) && !(request.noRecurse !== true && (await isToldBelow(store, instance)));
      reasonDelivered ||= reason !== undefined;
      if (isNew) yield* kept.pass(instance.id, shown([reason]));
      yield* kept.rest(instance.id);
      // What follows the tail is delivered as it comes.
      tail = undefined;
      if (consumed !== undefined) ({ cursor: consumed, drained: isDrained } = await readOver(store, instance, consumed, request.streams));
    },
    reading: () => ({
      cursor: consumed ?? cursor,
      reasonDelivered,
      ...(warningsDelivered ? { warningsDelivered } : {}),
      drained: isDrained && isFinished(reader.instance.state) && (reasonDelivered || reader.instance.state !== 'Failed') && (warningsDelivered || reader.instance.run?.warnings === undefined),
    }),
  };
  return reader;
}

/** The same record with nothing of a secret in it. The bytes of a line go with what stood in it. */
export function maskedRecord({ bytes, ...record }: StoredRecord, mask: (text: string) => string): StoredRecord {
  const value = maskedValue(record.value, mask);
  return { ...record, value, ...(bytes !== undefined && JSON.stringify(value) === JSON.stringify(record.value) ? { bytes } : {}) } as StoredRecord;
}

/** The same value with every text in it changed, keys too, and every number that is written like one. */
function maskedValue(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value);
  if (typeof value === 'number') return mask(String(value)) === String(value) ? value : mask(String(value));
  if (Array.isArray(value)) return value.map((member) => maskedValue(member, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [mask(key), maskedValue(member, mask)]));
}

/** Whether there may be more than plain lines in these. */
function mayHoldCommands(bytes: Uint8Array, { run }: Instance): boolean {
  if (run?.outputFormat === 'ndjson') return bytes.length > 0;
  if (run?.streamCommands === false) return false;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return text.indexOf('\n::') !== -1 || text.subarray(0, 2).toString('latin1') === '::';
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

/** What is to be said of a run before its own records, delivered once; of the moment at which nobody wrote it down. */
function warningRecords({ run }: Instance, streams: readonly StreamName[]): readonly StoredRecord<'warning'>[] {
  if (run?.warnings === undefined || !streams.includes('warning')) return [];
  return run.warnings.map((value, index) => ({ seq: index + 1, at: null, stream: 'warning', value }));
}

/** Whether a child has failed for the same reason in the same words: then they are the child's to tell. */
async function isToldBelow(store: JobStore, { id, run, state, statusMessage }: Instance): Promise<boolean> {
  if (run?.form === undefined || statusMessage === undefined) return false;
  return (await store.find({ below: [id] })).some((child) => child.state === state && child.statusMessage === statusMessage);
}

/** Why a job failed is one more Error record after its last one, delivered once. Source: jobs.md 4.9. */
function reasonRecord({ state, statusMessage, reason, endTime }: Instance, streams: readonly StreamName[]): StoredRecord<'error'> | undefined {
  if (state !== 'Failed' || !streams.includes('error')) return undefined;
  return { seq: 1, at: endTime ?? null, stream: 'error', value: { message: statusMessage ?? reason ?? 'the job failed', terminating: true } };
}
