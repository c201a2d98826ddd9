import type { Lease } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { followRun, type Fate, type FollowingParts, type Leased } from './follow-run.ts';
import type { LeaseBook } from './leases.ts';
import type { JobOfWorker, WorkerReport } from './worker-events.ts';
import type { Moment, Term } from './term.ts';
import type { Settled } from './settle-run.ts';

/** The runs that a worker follows, each from its lease to its end. */
export interface LiveRuns {
  /** How many, with those that are being stopped because they were lost. */
  readonly size: number;
  follow(leased: Leased): void;
  /** Those to be renewed. */
  held(): readonly Lease[];
  /** Whether an instance is one of them, or the job above one. */
  has(instanceId: string): boolean;
  /** The job of one of them, by the instance id of the run. */
  jobOf(instanceId: string): JobOfWorker | undefined;
  /** By a call that began then. */
  renewed(leases: readonly Lease[], since: Moment): void;
  /** Somebody else decides about it by now: it is stopped. */
  lose(lease: Lease): void;
  /** Stops a run that is not followed, beside everything else. */
  stopLost(instanceId: string, fence: number): void;
  /** Resolves when all have come to their end. */
  ended(): Promise<void>;
  /** Leaves them to whoever comes next. */
  detach(): Promise<void>;
}

export interface LiveRunsParts extends FollowingParts {
  readonly leases: LeaseBook;
  readonly report: WorkerReport;
  /** There is room for another. */
  readonly freed: () => void;
}

interface Live {
  readonly lease: Lease;
  readonly term: Term;
  readonly lost: AbortController;
  readonly life: Promise<void>;
}

export function createLiveRuns(parts: LiveRunsParts): LiveRuns {
  const { local, leases, persistence, report, freed } = parts;
  const live = new Map<string, Live>();
  /** By the run. */
  const stopping = new Map<string, Promise<void>>();
  const detached = new AbortController();
  /** At once, for its time is another's; its folder is kept, marked. */
  const stopLost = async (instanceId: string, fence: number): Promise<void> => {
    await persistence.until(`stop ${instanceId}`, async () => {
      await local.markFenced(instanceId, { fence });
      await local.stop(instanceId, {});
      leases.forget(instanceId, fence);
    }, detached.signal);
  };
  const endOf = async ({ instance: { instanceId }, ...lease }: Lease, fate: Fate): Promise<void> => {
    if (fate.is === 'detached') return;
    if (fate.is === 'lost') return stopLost(instanceId, lease.fence);
    failpoint('worker.settled');
    leases.forget(instanceId, lease.fence);
    await persistence.until('remove', () => local.remove(instanceId), detached.signal);
  };
  const liveOut = async (leased: Leased, lost: AbortSignal): Promise<void> => {
    const fate = await followRun(parts, leased, { lost, detached: detached.signal });
    tell(report, leased.lease, fate);
    await endOf(leased.lease, fate);
  };
  const ended = async (): Promise<void> => void (await Promise.all([...[...live.values()].map(({ life }) => life), ...stopping.values()]));
  return {
    get size() {
      return live.size;
    },
    follow(leased) {
      const { lease, term } = leased;
      const { instanceId } = lease.instance;
      const lost = new AbortController();
      // What an earlier lease of the same run has left here is stopped, and over before this one begins; renewed meanwhile.
      live.get(instanceId)?.lost.abort();
      const before = live.get(instanceId)?.life ?? stopping.get(instanceId);
      const life = before === undefined ? liveOut(leased, lost.signal) : before.then(() => liveOut(leased, lost.signal));
      const one: Live = { lease, term, lost, life };
      live.set(instanceId, one);
      void life.finally(() => {
        if (live.get(instanceId) === one) live.delete(instanceId);
        freed();
      });
    },
    held: () => [...live.values()].filter(({ lost }) => !lost.signal.aborted).map(({ lease }) => lease),
    has: (instanceId) => [...live.values()].some(({ lease: { instance, job } }) => instance.instanceId === instanceId || job.instanceId === instanceId),
    jobOf(instanceId) {
      const lease = live.get(instanceId)?.lease;
      return lease === undefined ? undefined : namesOf(lease);
    },
    renewed(leases, since) {
      for (const { instance, fence } of leases) {
        const one = live.get(instance.instanceId);
        if (one?.lease.fence === fence) one.term.renewed(since);
      }
    },
    lose({ instance, fence }) {
      const one = live.get(instance.instanceId);
      if (one?.lease.fence === fence) one.lost.abort();
    },
    stopLost(instanceId, fence) {
      stopping.set(instanceId, stopLost(instanceId, fence).finally(() => stopping.delete(instanceId)));
    },
    ended,
    async detach() {
      detached.abort();
      await ended();
    },
  };
}

/** What is said of a leased run. */
export function namesOf({ instance, job }: Pick<Lease, 'instance' | 'job'>): JobOfWorker {
  return { job: job.id, name: job.name, instanceId: job.instanceId, attempt: instance.attempt };
}

/** What became of a run. */
export function tell(report: WorkerReport, lease: Lease, fate: Settled | Extract<Fate, { is: 'detached' }>): void {
  const job = namesOf(lease);
  if (fate.is === 'ended') report({ event: 'ended', ...job, run: fate.run });
  else if (fate.is === 'retry') report({ event: 'retry', ...job, notBefore: fate.next.notBefore, statusMessage: fate.next.statusMessage });
  else if (fate.is === 'lost') report({ event: 'lost', ...job });
}
