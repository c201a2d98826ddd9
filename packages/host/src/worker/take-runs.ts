import type { JobError, JobQueue, Lease } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import type { Hint } from './hint.ts';
import type { LeaseBook } from './leases.ts';
import { namesOf, tell, type LiveRuns } from './live-runs.ts';
import type { Persistence } from './persistence.ts';
import { giveBack, type SettlingParts } from './settle-run.ts';
import { createTerm, momentOf, type Moment } from './term.ts';
import type { WorkerReport } from './worker-events.ts';

/** What a worker offers. */
export interface WorkerOffer {
  readonly name: string;
  readonly routes: readonly string[];
  readonly slots: number;
}

export interface TakingParts extends SettlingParts {
  readonly leases: LeaseBook;
  readonly persistence: Persistence;
  readonly report: WorkerReport;
  readonly live: LiveRuns;
  /** There may be something to take, or room for it. */
  readonly hint: Hint;
  /** Why nothing may be taken just now. */
  readonly hindrance: () => JobError | undefined;
}

/** Milliseconds between two looks at the queue, where no hint comes. */
const POLL = 1_000;
/** Hints come with every state and every line of anybody: where there was nothing they are followed only so often, in milliseconds. */
const LEAST_PAUSE = 50;
const PAUSE_OF_NOTHING = 250;

/** Takes runs until the signal fires; with `once` until there is nothing more for it and all have ended. */
export async function takeRuns(parts: TakingParts, offer: WorkerOffer, once: boolean, signal: AbortSignal): Promise<void> {
  const { clock, engine, hint, live, persistence } = parts;
  while (!signal.aborted) {
    const since = momentOf(clock);
    const taken = await persistence.once('acquire', () => acquire(engine.queue, parts, offer), signal);
    for (const lease of taken ?? []) await persistence.until(`take ${lease.instance.instanceId}`, () => take(parts, lease, since, signal), signal);
    if (once && taken?.length === 0 && live.size === 0) return;
    await hint.wait(POLL, signal);
    await clock.sleep(taken?.length === 0 && live.size < offer.slots ? PAUSE_OF_NOTHING : LEAST_PAUSE, signal).catch(() => {});
  }
}

async function acquire(queue: JobQueue, { live, hindrance }: TakingParts, { name, routes, slots }: WorkerOffer): Promise<readonly Lease[]> {
  const hindered = hindrance();
  if (hindered !== undefined) throw hindered;
  return live.size >= slots ? [] : queue.acquire({ host: name, routes, slots: slots - live.size });
}

/** The lease is written down before anything is begun; where that cannot be, or the worker is to end, another may have the run. */
async function take(parts: TakingParts, lease: Lease, taken: Moment, signal: AbortSignal): Promise<void> {
  const { leases, live, report } = parts;
  const why = signal.aborted ? 'the worker was stopped before it had begun' : whyNotKept(leases, lease);
  failpoint('worker.leased');
  if (why !== undefined) return tell(report, lease, await giveBack(parts, lease, why));
  report({ event: 'started', ...namesOf(lease) });
  live.follow({ lease, isNew: true, term: createTerm(parts.clock, parts.engine.queue.limits.lease, taken) });
}

function whyNotKept(leases: LeaseBook, lease: Lease): string | undefined {
  try {
    leases.keep(lease);
    return undefined;
  } catch (cause) {
    return `its worker could not write down that it has it: ${(cause as Error).message}`;
  }
}
