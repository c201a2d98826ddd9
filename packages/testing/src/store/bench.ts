import type { Instance, JobState, JobStore, NewInstance, ReadResult, RunFacts, StoredRecord, StreamName, Transition } from '@nightshift/sdk';
import { START, STREAM_NAMES, type Cursor } from '@nightshift/sdk';
import { must, type Property } from '../runner.ts';

/** What a store is put to the test with; a new one for each property. */
export interface StoreBench {
  readonly store: JobStore;
  /** Writes what a command of this run would write. */
  print(instance: Instance, channel: 'stdout' | 'stderr', text: string): Promise<void>;
  /** Writes records as the host of a run of JavaScript would. */
  record(instance: Instance, records: readonly Written[]): Promise<void>;
  /** The store as it is found after a crash. */
  reopen(): Promise<JobStore>;
}

/** A record that is about to get its place. */
export type Written = Pick<StoredRecord, 'stream' | 'value'> & { readonly at: Date };

/** A property of a store; `needs` what not every store can be asked for. */
export interface StoreProperty extends Property<StoreBench> {
  readonly needs?: 'print' | 'record' | 'reopen';
  /** It is about `takeUp`, which a store with a queue does not have. Default false. */
  readonly takesUp?: true;
}

/** A process that is long gone. */
export const HOLDER = { host: 'exercise', boot: 'boot-1', pid: 4_194_000, startTime: '7' } as const;

const MOMENT = Date.UTC(2026, 0, 2, 3, 4, 5);
let made = 0;

/** UUIDv7s of one moment, all different, in both their beginning and their end where that is asked for. */
export function newInstanceId(moment: number = MOMENT): string {
  made += 1;
  const time = moment.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${made.toString(16).padStart(12, '0')}`;
}

export function at(seconds: number): Date {
  return new Date(MOMENT + seconds * 1_000);
}

export function plan(facts: Partial<NewInstance> = {}): NewInstance {
  return { instanceId: newInstanceId(), type: 'ExerciseJob', command: 'true', origin: { kind: 'demand', runNow: false }, ...facts };
}

/** A child that somebody has taken up already. */
export function planRun(facts: Partial<NewInstance> = {}, run: Partial<RunFacts> = {}): NewInstance {
  return plan({ origin: { kind: 'parent' }, run: { holder: HOLDER, carries: 'exercise', ...run }, ...facts });
}

/** A child that waits to be taken up. */
export function planWaiting(facts: Partial<NewInstance> = {}): NewInstance {
  return plan({ origin: { kind: 'parent' }, run: { carries: 'exercise' }, launch: '{"argv":["true"]}', ...facts });
}

export type Pair = readonly [parent: Instance, child: Instance];

/** A parent and its one child. */
export async function insertPair(store: JobStore, facts: Partial<NewInstance> = {}, child: NewInstance = planRun()): Promise<Pair> {
  return pairOf(await store.insert(plan(facts), [child]));
}

function pairOf([parent, child]: readonly Instance[]): Pair {
  must(parent !== undefined && child !== undefined, 'insert() of a parent and a child did not answer with both', 'Answer with the parent, then its children, as they are stored');
  return [parent, child];
}

/** Both of a pair, at the same end. */
export async function endPair(store: JobStore, [parent, child]: Pair, end: Date, facts: Partial<Transition> = {}): Promise<void> {
  const both = [child, parent].map(({ instanceId }): Transition => ({ instanceId, from: ['NotStarted', 'Running'], to: 'Completed', endTime: end, ...facts }));
  must(await store.transition(both), 'transition() refused to end a job that had not been moved', 'Compare each instance with its own `from`');
}

export function move(instance: Instance, from: readonly JobState[], to: JobState, facts: Partial<Transition> = {}): Transition {
  return { instanceId: instance.instanceId, from, to, ...facts };
}

export async function rowOf(store: Pick<JobStore, 'find'>, { instanceId }: Pick<Instance, 'instanceId'>): Promise<Instance> {
  const [row] = await store.find({ instanceIds: [instanceId] });
  must(row !== undefined, `find() does not know the instance ${instanceId} any more`, 'Nothing but remove() may take an instance away');
  return row;
}

/** Records of all streams, unless it is said which. */
export function read(store: JobStore, instance: Instance, { after = START, streams = STREAM_NAMES, limit = 1_000 }: { readonly after?: Cursor; readonly streams?: readonly StreamName[]; readonly limit?: number } = {}): Promise<ReadResult> {
  return store.read(instance, { after, streams, limit });
}

export function texts({ records }: ReadResult): string[] {
  return records.map(({ value }) => (typeof value === 'string' ? value : (value as { readonly message: string }).message));
}

/** Refuses a reading that never comes to its end. */
export function mustGoOn(seen: readonly unknown[], expected: number): void {
  must(seen.length <= expected, `reading piece by piece gave more than the ${expected} that there are`, 'Let the cursor, and `above`, stand behind what was given');
}
