import {
  isFinished, JobError, type Attempt, type BytesRequest, type BytesResult, type ImportedRun, type ImportRequest, type ImportResult, type Instance, type InstanceQuery, type JobState, type JobStore, type LastEnd,
  type NewInstance, type NextAttempt, type Piece, type PieceRequest, type ProcessIdentity, type Reading, type ReadRequest, type ReadResult, type StoredRecord, type StoreLimits, type Transition,
} from '@nightshift/sdk';
import { RecordLog, type Source } from './log.ts';
import { byEnd, changed, closedAttempt, keyOf, matches, mayGoOn, startOf, takenUp, waitingFor, waits, withoutMessage } from './rows.ts';
import { rowOf, wantedRuns, type TakenIn } from './take-in.ts';

/** Hands out ids; stores of one host share it. */
export interface MemoryIds {
  last: number;
}

/** What the smallest run takes on a disk. */
const FOLDER_BYTES = 32_768;
/** Jobs that go at a time. */
const AT_A_TIME = 500;

/** The store of a test host: the contract of `JobStore` in memory, gone with the process. */
export class MemoryStore implements JobStore {
  readonly #ids: MemoryIds;
  #rows = new Map<string, Instance>();
  readonly #logs = new Map<string, RecordLog>();
  readonly #closed = new Map<string, Attempt[]>();
  readonly #readings = new Map<string, Reading>();
  readonly #spared = new Map<string, number>();
  readonly #listeners = new Set<() => void>();

  constructor(ids: MemoryIds = { last: 0 }) {
    this.#ids = ids;
  }

  async insert(parent: NewInstance, children: readonly NewInstance[]): Promise<readonly Instance[]> {
    const planned = [parent, ...children];
    const taken = planned.find(({ instanceId }, index) => this.#rows.has(instanceId) || planned.slice(0, index).some((other) => other.instanceId === instanceId));
    if (taken !== undefined) throw new JobError({ code: 'StoreUnavailable', message: `an instance with the id ${taken.instanceId} exists` });
    const top = startOf(parent, ++this.#ids.last, this.#parentToJoin(parent));
    const family = [top, ...children.map((child) => startOf(child, ++this.#ids.last, top))];
    for (const row of family) this.#rows.set(row.instanceId, row);
    this.#changed();
    return structuredClone(family);
  }

  async find(query: InstanceQuery): Promise<readonly Instance[]> {
    return structuredClone(this.#found(query));
  }

  async count({ newest: _newest, first: _first, last: _last, ...query }: InstanceQuery): Promise<number> {
    return this.#found(query).length;
  }

  async transition(changes: readonly Transition[]): Promise<boolean> {
    const rows = new Map(this.#rows);
    for (const change of changes) {
      const row = rows.get(change.instanceId);
      const next = row === undefined ? undefined : changed(row, structuredClone(change));
      if (next === undefined) return false;
      rows.set(change.instanceId, next);
    }
    this.#rows = rows;
    this.#changed();
    return true;
  }

  async remove(instances: readonly Instance[]): Promise<void> {
    for (const { instanceId } of instances) for (const table of [this.#rows, this.#logs, this.#closed, this.#readings]) table.delete(instanceId);
  }

  async read(instance: Instance, request: ReadRequest): Promise<ReadResult> {
    return structuredClone(this.#logOf(instance).read(request));
  }

  async readBytes(instance: Instance, request: BytesRequest): Promise<BytesResult> {
    return this.#logOf(instance).readBytes(request);
  }

  async readAt(instance: Instance, piece: PieceRequest): Promise<Piece> {
    return this.#logOf(instance).readAt(piece);
  }

  async latestOf(definitionKeys: readonly string[], each: number): Promise<ReadonlyMap<string, readonly Instance[]>> {
    const finished = [...this.#rows.values()].filter(({ endTime }) => endTime !== undefined).toSorted(byEnd);
    return new Map(definitionKeys.map((key) => [key, structuredClone(finished.filter((row) => keyOf(row) === key).slice(0, each))]));
  }

  async lastEnds(definitionKeys: readonly string[]): Promise<ReadonlyMap<string, LastEnd>> {
    const latest = await this.latestOf(definitionKeys, 1);
    return new Map([...latest].flatMap(([key, [last]]) => (last?.endTime === undefined ? [] : [[key, { state: last.state, endTime: last.endTime }] as const])));
  }

  async reading(instanceIds: readonly string[]): Promise<ReadonlyMap<string, Reading>> {
    return new Map(instanceIds.flatMap((instanceId) => {
      const reading = this.#readings.get(instanceId);
      return reading === undefined ? [] : [[instanceId, reading] as const];
    }));
  }

  async saveReading(instanceId: string, reading: Reading): Promise<void> {
    const before = this.#readings.get(instanceId);
    const warned = before?.warningsDelivered === true || reading.warningsDelivered === true;
    this.#readings.set(instanceId, {
      cursor: reading.cursor,
      reasonDelivered: before?.reasonDelivered === true || reading.reasonDelivered,
      ...(warned ? { warningsDelivered: true } : {}),
      drained: before?.drained === true || reading.drained,
    });
  }

  async takeUp({ instanceId, attempt }: Instance, holder: ProcessIdentity, resumes = false): Promise<Instance | undefined> {
    const row = this.#rows.get(instanceId);
    if (row === undefined || row.attempt !== attempt || !waits(row, resumes)) return undefined;
    const taken = takenUp(row, holder);
    this.#rows.set(instanceId, taken);
    const parent = this.#parentOf(row);
    if (parent !== undefined && parent.run === undefined) this.#rows.set(parent.instanceId, withoutMessage(parent));
    this.#changed();
    return structuredClone(taken);
  }

  async nextAttempt(next: NextAttempt): Promise<boolean> {
    const row = this.#rows.get(next.instanceId);
    if (row === undefined || !mayGoOn(row, next)) return false;
    const parent = this.#parentOf(row);
    // One that runs something itself has attempts of its own.
    for (const one of parent === undefined || parent.run !== undefined ? [row] : [row, parent]) {
      this.#rows.set(one.instanceId, waitingFor(one, structuredClone(next)));
      this.#closed.set(one.instanceId, [...(this.#closed.get(one.instanceId) ?? []), closedAttempt(next.closed)]);
    }
    return true;
  }

  async attempts(instanceId: string): Promise<readonly Attempt[]> {
    return structuredClone(this.#closed.get(instanceId) ?? []);
  }

  spare(runs: readonly Instance[]): Disposable {
    const count = (by: number): void => {
      for (const { instanceId } of runs) this.#spared.set(instanceId, (this.#spared.get(instanceId) ?? 0) + by);
    };
    count(1);
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (!isOver) count(-1);
        isOver = true;
      },
    };
  }

  async finishedBeyond(definitionKey: string, keep: number): Promise<readonly Instance[]> {
    const finished = [...this.#rows.values()].filter((row) => keyOf(row) === definitionKey && row.endTime !== undefined && isFinished(row.state));
    const families = finished.toSorted(byEnd).slice(keep).toReversed().map(({ id }) => this.#wholeFamily(id));
    return structuredClone(families.filter((family) => this.#mayGo(family)).flat());
  }

  async beyondLimits({ jobs = Infinity, bytes = Infinity, endedBefore, oneEach = false }: StoreLimits): Promise<readonly Instance[]> {
    const finished = [...this.#rows.values()].filter((row) => row.parentId === undefined && row.endTime !== undefined).toSorted(byEnd);
    let jobsLeft = finished.length;
    let bytesLeft = finished.reduce((sum, row) => sum + this.#sizeOf(row), 0);
    const isNewest = (row: Instance): boolean => row.definition !== undefined && finished.find(({ definition }) => definition?.key === row.definition?.key) === row;
    const going: Instance[] = [];
    for (const row of finished.toReversed()) {
      if (going.length === AT_A_TIME || (jobsLeft <= jobs && bytesLeft <= bytes)) break;
      const mayGo = (endedBefore === undefined || Number(row.endTime) < endedBefore.getTime()) && !(oneEach && isNewest(row));
      // What takes no room frees none.
      if (!mayGo || (jobsLeft <= jobs && this.#sizeOf(row) === 0) || !this.#mayGo(this.#wholeFamily(row.id))) continue;
      going.push(row);
      jobsLeft -= 1;
      bytesLeft -= this.#sizeOf(row);
    }
    return structuredClone(going.flatMap(({ id }) => this.#wholeFamily(id)));
  }

  async unfinishedOf(definitionKey: string): Promise<readonly Instance[]> {
    const unfinished = this.#found({}).filter((row) => keyOf(row) === definitionKey && !isFinished(row.state));
    return structuredClone(unfinished.flatMap(({ id }) => this.#found({ family: id })));
  }

  async importRuns(batches: AsyncIterable<readonly ImportedRun[]>, request: ImportRequest): Promise<ImportResult> {
    const { wanted, ...result } = await wantedRuns(batches, request, (instanceId) => this.#rows.has(instanceId));
    if (request.whatIf !== true) this.#takeIn(wanted);
    return result;
  }

  /** A record of a code run, or a line of a command's channel, as it is written. */
  append({ instanceId, attempt }: Pick<Instance, 'instanceId' | 'attempt'>, source: Source, record: Omit<StoredRecord, 'seq'>, line?: Uint8Array): void {
    const log = this.#logOf({ instanceId });
    log.add(source, attempt, { ...structuredClone(record), seq: log.count(source, attempt) + 1 } as StoredRecord, line);
  }

  /** The state of an instance at this moment, without waiting; undefined when it is not here. */
  stateOf(instanceId: string): JobState | undefined {
    return this.#rows.get(instanceId)?.state;
  }

  /** Told of every change of a row. */
  watchRows(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** The job that a new one is to be a child of, which must still take children. */
  #parentToJoin({ parentInstanceId }: NewInstance): Instance | undefined {
    if (parentInstanceId === undefined) return undefined;
    const parent = this.#rows.get(parentInstanceId);
    if (parent !== undefined && !isFinished(parent.state) && parent.stopReason === undefined) return parent;
    throw new JobError({ code: 'InvalidJobState', message: `${parent?.name ?? parentInstanceId} takes no children any more` });
  }

  #found(query: InstanceQuery): Instance[] {
    const below = query.below === undefined ? undefined : new Set(this.#below(query.below).map(({ id }) => id));
    const found = [...this.#rows.values()].filter((row) => matches(row, query) && below?.has(row.id) !== false);
    const newest = query.newest === undefined ? found : found.toSorted(byEnd).slice(0, query.newest);
    const inOrder = newest.toSorted((a, b) => a.id - b.id).slice(0, query.first);
    return query.last === undefined ? inOrder : inOrder.slice(Math.max(0, inOrder.length - query.last));
  }

  /** Everything below instances of these ids. */
  #below(ids: readonly number[]): Instance[] {
    const children = [...this.#rows.values()].filter(({ parentId }) => parentId !== undefined && ids.includes(parentId));
    return children.length === 0 ? [] : [...children, ...this.#below(children.map(({ id }) => id))];
  }

  #wholeFamily(id: number): Instance[] {
    return [...this.#found({ ids: [id] }), ...this.#found({ below: [id] })];
  }

  #mayGo(family: readonly Instance[]): boolean {
    return family.every(({ instanceId, state }) => isFinished(state) && (this.#spared.get(instanceId) ?? 0) === 0);
  }

  #parentOf({ parentId }: Instance): Instance | undefined {
    return parentId === undefined ? undefined : this.#found({ ids: [parentId] })[0];
  }

  #sizeOf(row: Instance): number {
    return this.#wholeFamily(row.id).reduce((sum, one) => sum + (one.run === undefined ? 0 : (one.outputBytes ?? 0) + FOLDER_BYTES), 0);
  }

  #takeIn(wanted: TakenIn['wanted']): void {
    for (const { run, parent } of wanted) {
      const parentId = parent === undefined ? undefined : this.#rows.get(parent)?.id;
      this.#rows.set(run.instanceId, rowOf(run, ++this.#ids.last, parentId));
      if (run.attempts !== undefined) this.#closed.set(run.instanceId, [...structuredClone(run.attempts)]);
    }
  }

  #logOf({ instanceId }: Pick<Instance, 'instanceId'>): RecordLog {
    const log = this.#logs.get(instanceId) ?? new RecordLog();
    this.#logs.set(instanceId, log);
    return log;
  }
}
