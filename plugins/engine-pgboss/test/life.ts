import { setTimeout as pause } from 'node:timers/promises';
import type { Engine, Lease } from '@nightshift/sdk';
import { planJob } from './jobs.ts';

/**
 * The whole life of one job of two attempts, as a host and its client live it together: it is inserted, taken, begins, writes,
 * fails, and does the same once more to its end. Whoever comes after one that was killed goes on where that one was.
 */
export async function live(engine: Engine, jobId: string, runId: string): Promise<void> {
  const [job, run] = planJob({ instanceId: runId }, jobId);
  await engine.store.insert(job, [run]);
  while ((await engine.store.find({ instanceIds: [jobId], states: ['Completed'] })).length === 0) {
    const leases = [...(await engine.queue.acquire({ host: 'host-1', routes: ['default'], slots: 4 })), ...(await engine.queue.expired('host-1'))];
    for (const lease of leases) await attempt(engine, lease);
    if (leases.length === 0) await pause(20);
  }
}

async function attempt({ store, output, queue }: Engine, lease: Lease): Promise<void> {
  const { instance, job, fence } = lease;
  const both = [instance, job].map(({ instanceId }) => instanceId);
  const endTime = new Date();
  await store.transition(both.map((instanceId) => ({ instanceId, from: ['NotStarted', 'Running'], to: 'Running', beginTime: endTime, fence })));
  const place = { instanceId: instance.instanceId, attempt: instance.attempt, channel: 'stdout' } as const;
  await output.append({ ...place, fence, offset: 0 }, Buffer.from('one\n'));
  await output.append({ ...place, fence, offset: 4 }, Buffer.from(`of attempt ${instance.attempt}\n`));
  if (instance.attempt > 1) await queue.settle(lease, { transitions: both.map((instanceId) => ({ instanceId, from: ['Running'], to: 'Completed', exitCode: 0, endTime })) });
  else await queue.settle(lease, { next: { instanceId: instance.instanceId, closed: { attempt: 1, reason: 'exit', exitCode: 3, endTime }, notBefore: endTime, retried: 1, statusMessage: 'attempt 2 starts at once' } });
}
