import type { Clock, Engine, Lease } from '@nightshift/sdk';
import type { Leased } from './follow-run.ts';
import type { KeptLease, LeaseBook } from './leases.ts';
import { namesOf, type LiveRuns } from './live-runs.ts';
import type { LocalRuns } from './local-runs.ts';
import { isStillOurs } from './mirror-state.ts';
import { createTerm, momentOf } from './term.ts';
import type { WorkerReport } from './worker-events.ts';

export interface ResumingParts {
  readonly engine: Engine;
  readonly leases: LeaseBook;
  readonly local: LocalRuns;
  readonly live: LiveRuns;
  /** Of this boot of the machine. */
  readonly boot: string;
  readonly clock: Clock;
  readonly report: WorkerReport;
}

/** Goes on with the runs that the last worker of this name has left; those that are not its own any more are stopped. How many go on. May be called again when it failed. */
export async function resumeRuns(parts: ResumingParts): Promise<number> {
  const { leases, local, live, report } = parts;
  const kept = leases.all();
  const leased = await leasesOf(parts.engine.store, kept);
  const ours = await stillOurs(parts, kept, leased);
  const isOurs = (instanceId: string): boolean => ours.some(({ lease }) => lease.instance.instanceId === instanceId);
  const lost = (await local.unfinished()).filter(({ instanceId }) => !isOurs(instanceId));
  const named = await Promise.all(lost.map(async (run) => namesOf({ instance: run, job: await local.jobOf(run) })));
  for (const { instanceId, fence } of kept.filter((one) => !isOurs(one.instanceId))) {
    // What was settled in the last moment has this fence still, and is of no use any more.
    if (leased.find(({ instance }) => instance.instanceId === instanceId)?.instance.fence !== fence) await local.markFenced(instanceId, { fence });
    leases.forget(instanceId, fence);
  }
  await local.prune(ours.map(({ lease }) => lease.instance.instanceId));
  ours.forEach(live.follow);
  for (const job of named) report({ event: 'lost', ...job });
  for (const { instanceId } of lost) live.stopLost(instanceId, kept.find((one) => one.instanceId === instanceId)?.fence ?? 0);
  return ours.length;
}

/** Renewed, so that they are for a while. One of which nothing is here was taken and not begun; but after another boot it may have run. */
async function stillOurs({ engine: { queue, store }, clock, local, boot }: ResumingParts, kept: readonly KeptLease[], leases: readonly Lease[]): Promise<readonly Leased[]> {
  if (leases.length === 0) return [];
  const since = momentOf(clock);
  const { lost } = await queue.renew(leases);
  const ours: Leased[] = [];
  for (const lease of leases) {
    const { instanceId } = lease.instance;
    if (lost.some(({ instance }) => instance.instanceId === instanceId) || !(await isStillOurs(store, lease))) continue;
    const isOfThisBoot = kept.some((one) => one.instanceId === instanceId && one.boot === boot);
    ours.push({ lease, isNew: isOfThisBoot && !(await local.has(instanceId)), term: createTerm(clock, queue.limits.lease, since) });
  }
  return ours;
}

/** With the rows that the engine has now. */
async function leasesOf(store: Engine['store'], kept: readonly KeptLease[]): Promise<readonly Lease[]> {
  const rows = kept.length === 0 ? [] : await store.find({ instanceIds: kept.map(({ instanceId }) => instanceId) });
  const parents = rows.flatMap(({ parentId }) => parentId ?? []);
  const jobs = parents.length === 0 ? [] : await store.find({ ids: parents });
  return kept.flatMap(({ instanceId, host, fence, token }) => {
    const instance = rows.find((row) => row.instanceId === instanceId);
    return instance === undefined ? [] : [{ instance, job: jobs.find(({ id }) => id === instance.parentId) ?? instance, host, fence, token }];
  });
}
