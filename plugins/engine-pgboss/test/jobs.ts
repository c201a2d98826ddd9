import type { Engine, Instance, JobQueue, Lease, NewInstance, SettleEnd } from '@nightshift/sdk';
import { setTimeout as pause } from 'node:timers/promises';

let made = 0;

export function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const own = (process.pid * 1_000_000 + ++made).toString(16).padStart(12, '0').slice(-12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${own}`;
}

/** A job with a run that any host may take. */
export function planJob(facts: Partial<NewInstance> = {}, instanceId: string = newId()): readonly [NewInstance, NewInstance] {
  return [
    { instanceId, type: 'BackgroundJob', command: 'true', origin: { kind: 'demand', runNow: true } },
    { instanceId: newId(), type: 'BackgroundJob', command: 'true', origin: { kind: 'parent' }, run: { carries: instanceId }, launch: '{"argv":["true"]}', ...facts },
  ];
}

export async function submit({ store }: Pick<Engine, 'store'>, facts: Partial<NewInstance> = {}): Promise<Instance> {
  const [job, run] = planJob(facts);
  return (await store.insert(job, [run]))[0] as Instance;
}

export function acquire(queue: JobQueue, host = 'host-1', slots = 100): Promise<readonly Lease[]> {
  return queue.acquire({ host, routes: ['default'], slots });
}

export async function acquireOne(queue: JobQueue, host = 'host-1'): Promise<Lease> {
  const [lease, ...others] = await acquire(queue, host);
  if (lease === undefined || others.length > 0) throw new Error(`acquire() gave ${others.length + (lease === undefined ? 0 : 1)} leases instead of one`);
  return lease;
}

/** The lease of a host that is silent, as soon as it has run out. */
export async function takeAway(queue: JobQueue, host = 'host-2'): Promise<Lease> {
  for (const end = performance.now() + 30_000; performance.now() < end; await pause(20)) {
    const [lease] = await queue.expired(host);
    if (lease !== undefined) return lease;
  }
  throw new Error('no lease ran out');
}

export function ended({ instance, job }: Lease, exitCode = 0): SettleEnd {
  const to = exitCode === 0 ? 'Completed' : 'Failed';
  return { transitions: [instance, job].map(({ instanceId }) => ({ instanceId, from: ['NotStarted', 'Running'], to, reason: 'exit', exitCode, endTime: new Date() })) };
}

export function again({ instance: { attempt, instanceId } }: Lease): SettleEnd {
  const closed = { attempt, reason: 'interrupted', endTime: new Date() } as const;
  return { next: { instanceId, closed, notBefore: new Date(), retried: attempt, statusMessage: `attempt ${attempt + 1} starts at once` } };
}
