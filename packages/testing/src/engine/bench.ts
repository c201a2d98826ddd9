import { strictEqual } from 'node:assert/strict';
import type { Engine, EngineFeatures, EngineStore, FiringStore, Instance, JobQueue, Lease, NewInstance, OutputStore, SettleEnd } from '@nightshift/sdk';
import { eventually } from '../real-time.ts';
import { must, type Property } from '../runner.ts';
import { at, plan, planWaiting } from '../store/bench.ts';

/** An engine as the kit meets it: the firings and their instances; the rest only where the subject says that it is there. */
export interface ExercisedEngine {
  readonly store: Pick<EngineStore, 'insert' | 'find' | 'transition'>;
  readonly firings: FiringStore;
  readonly output?: OutputStore;
  readonly queue?: JobQueue;
  readonly features?: EngineFeatures;
}

/** What not every engine can be asked for. */
export type EngineNeed = 'queue' | 'output' | 'another' | 'reopen' | 'jam';

/** What an engine is put to the test with; a new one for each property. */
export interface EngineBench {
  /** Whole where the property needs `queue` and `output`; else only its firings and their instances. */
  readonly engine: Engine;
  /** The same engine as another host meets it. Where the subject has none, the very same. */
  another(): Promise<Engine>;
  /** The engine as it is found after a crash. */
  reopen(): Promise<Engine>;
  /** Lets every change of a place in the queue fail, until the answer is called. */
  jam(): Promise<() => Promise<void>>;
}

/** A property of an engine, and what it needs of it. Default: firings alone. */
export interface EngineProperty extends Property<EngineBench> {
  readonly needs?: readonly EngineNeed[];
}

/** Milliseconds that a place in a queue, or the end of a lease, may take to be seen: machines that run tests are slow. */
export const PATIENCE = 15_000;

export const HOST = 'host-1';
export const OTHER = 'host-2';
export const ROUTE = 'default';

/** A job with a run that waits to be given out. */
export async function submit(store: Pick<EngineStore, 'insert'>, facts: Partial<NewInstance> = {}, job: Partial<NewInstance> = {}): Promise<readonly [job: Instance, run: Instance]> {
  const [parent, child] = await store.insert(plan(job), [planWaiting(facts)]);
  must(parent !== undefined && child !== undefined, 'insert() of a parent and a child did not answer with both', 'Answer with the parent, then its children, as they are stored');
  return [parent, child];
}

/** Whatever may start now. */
export function acquire(queue: JobQueue, request: Partial<Parameters<JobQueue['acquire']>[0]> = {}): Promise<readonly Lease[]> {
  return queue.acquire({ host: HOST, routes: [ROUTE], slots: 100, ...request });
}

/** The one lease that there must be. */
export async function acquireOne(queue: JobQueue, request: Partial<Parameters<JobQueue['acquire']>[0]> = {}): Promise<Lease> {
  return theOne(await acquire(queue, request), 'acquire()');
}

export function theOne(leases: readonly Lease[], call: string): Lease {
  const [lease] = leases;
  must(lease !== undefined && leases.length === 1, `${call} gave ${leases.length} leases instead of one`, 'Give each run that may start to one host');
  return lease;
}

/** Waits for the lease of something that comes later: a time that has not come, a host that was killed. */
export async function awaitLease(ask: () => Promise<readonly Lease[]>, call: string): Promise<Lease> {
  let leases: readonly Lease[] = [];
  await eventually(PATIENCE, async () => (leases = await ask()).length > 0);
  return theOne(leases, call);
}

/** The lease of a host that was killed, as another one takes it away. */
export function awaitExpired(queue: JobQueue, host: string = OTHER): Promise<Lease> {
  return awaitLease(() => queue.expired(host), 'expired()');
}

/** The end of a run and of its job. */
export function ended({ instance, job }: Pick<Lease, 'instance' | 'job'>, to: 'Completed' | 'Failed' | 'Stopped' = 'Completed'): SettleEnd {
  const all = instance.instanceId === job.instanceId ? [instance] : [instance, job];
  return { transitions: all.map(({ instanceId }) => ({ instanceId, from: ['NotStarted', 'Running', 'Stopping'], to, endTime: at(9), ...(to === 'Failed' ? { reason: 'exit' as const, exitCode: 3 } : {}) })) };
}

/** The next attempt of a run, so many milliseconds from now. */
export function again({ instance }: Pick<Lease, 'instance'>, milliseconds = 0): SettleEnd {
  const { attempt, instanceId } = instance;
  const closed = { attempt, reason: 'exit', statusMessage: 'the command exited with code 3', beginTime: at(1), endTime: at(2), exitCode: 3 } as const;
  return { next: { instanceId, closed, notBefore: new Date(Date.now() + milliseconds), retried: attempt, statusMessage: `attempt ${attempt + 1} starts soon` } };
}

/** A run and its job begin. */
export async function begin({ store }: Pick<Engine, 'store'>, { instance, job, fence }: Lease): Promise<void> {
  const began = await store.transition([instance, job].map(({ instanceId }) => ({ instanceId, from: ['NotStarted', 'Running'], to: 'Running', beginTime: at(1), fence })));
  strictEqual(began, true, 'transition() refused the host that has the lease');
}

export function idsOf(leases: readonly Pick<Lease, 'instance'>[]): readonly string[] {
  return leases.map(({ instance }) => instance.instanceId).toSorted();
}

/** Each of several calls at the same time, from two hosts in turns. */
export async function fromBoth<T>({ engine, another }: EngineBench, times: number, call: (engine: Engine, index: number) => Promise<T>): Promise<readonly T[]> {
  const engines = [engine, await another()] as const;
  return await Promise.all(Array.from({ length: times }, (_, index) => call(engines[index % 2] as Engine, index)));
}
