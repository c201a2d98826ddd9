/**
 * A worker: takes runs from an engine's queue and runs them on this machine, as many at a time as it has slots.
 *
 *     acquire        leases, each written down before anything of its run is begun        every second, and on hints
 *     follow         one loop a run (follow-run.ts): start · ship · show · settle
 *     renew          all leases in one call; brings wishes, and what is lost              three times in the time of a lease
 *     expired        decides about runs whose worker is lost                              as often, but see below
 *
 * A worker is a local Nightshift with a mirror: what runs goes on under its shim whatever becomes of the worker. Killed and
 * started again within the time of a lease, the worker goes on with it; later, the engine says that the lease is lost, and the
 * run is stopped and nothing of it counts. While the server is away runs go on as well; when it is back, whoever renews first has
 * kept his runs. So that a worker is not declared lost only because it comes a moment later than another, nobody decides about
 * expired leases before he himself has had the server for the time of a lease.
 */
import type { Engine, JobError } from '@nightshift/sdk';
import { waitBeyond, waitFor } from '../engine/patience.ts';
import type { FollowingParts } from './follow-run.ts';
import { createHint } from './hint.ts';
import type { LeaseBook } from './leases.ts';
import { createLiveRuns, type LiveRuns } from './live-runs.ts';
import { asFacts } from './persistence.ts';
import { renewAll, renewLeases, type RenewingParts } from './renew-leases.ts';
import { resumeRuns } from './resume-runs.ts';
import { takeRuns, type WorkerOffer } from './take-runs.ts';
import { createWishes } from './wishes.ts';
import type { WorkerReport } from './worker-events.ts';

export interface WorkerParts extends FollowingParts {
  readonly engine: Engine;
  readonly leases: LeaseBook;
  /** Of this boot of the machine. */
  readonly boot: string;
  readonly report: WorkerReport;
  /** Why nothing may be taken just now. */
  readonly hindrance: () => JobError | undefined;
}

/** How long a worker works. */
export interface WorkingTime {
  /** Ends when the queue has nothing more for it and all its runs have ended. Default: it waits for more. */
  readonly once?: boolean;
  /** Milliseconds that running jobs are waited for at the end. Default 0: they go on by themselves. */
  readonly drain?: number;
}

/** Works until the signal fires. What runs then goes on, and is this worker's for the time of a lease. */
export async function work(parts: WorkerParts, offer: WorkerOffer, { once = false, drain = 0 }: WorkingTime, signal: AbortSignal): Promise<void> {
  const { clock, local, persistence, report } = parts;
  const [toTake, toRenew] = [createHint(clock), createHint(clock)];
  const live = createLiveRuns({ ...parts, freed: toTake.give });
  const wishes = createWishes({
    local,
    begun: ({ instanceId, wish }) => say(live.jobOf(instanceId), (job) => report({ event: 'wish', wish, ...job })),
    news: toRenew.give,
    failed: (cause) => report({ event: 'trouble', error: asFacts(cause) }),
  });
  const resumed = await persistence.until('resume', () => resumeRuns({ ...parts, live }), signal);
  if (resumed === undefined) return;
  report({ event: 'ready', worker: offer.name, routes: offer.routes, slots: offer.slots, resumed });
  const ending = new AbortController();
  const renewing: RenewingParts = { ...parts, live, wishes, hint: toRenew };
  const beside = [renewLeases(renewing, offer, ending.signal), hearHints(parts, (instanceId) => (instanceId !== undefined && live.has(instanceId) ? toRenew : toTake).give(), ending.signal)];
  try {
    // What is still asked of the server when the end comes may be given to us for the time of a lease, and is another's then.
    await waitBeyond(clock, Promise.race([takeRuns({ ...parts, live, hint: toTake }, offer, once, signal), ...beside]), signal, parts.engine.queue.limits.lease);
    report({ event: 'stopping', running: live.size });
    await waitFor(clock, live.ended(), drain);
  } finally {
    await renewLast(renewing, live);
    ending.abort();
    await waitFor(clock, Promise.all([live.detach(), ...beside]), LAST);
  }
}

/** What each of the last steps may take, in milliseconds: a server that is away, or only silent, must not keep anybody from ending. */
const LAST = 2_000;

/** The next worker of this name has the whole time of a lease to come. Where it cannot be said, there is that much less time. */
async function renewLast(renewing: RenewingParts, live: LiveRuns): Promise<void> {
  if (live.size > 0) await waitFor(renewing.clock, renewAll(renewing).catch(() => {}), LAST);
}

function say<T>(about: T | undefined, how: (about: T) => void): void {
  if (about !== undefined) how(about);
}

/** Milliseconds before it is listened again. */
const DEAF = 1_000;

async function hearHints({ clock, engine: { store }, persistence }: WorkerParts, heard: (instanceId: string | undefined) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await persistence.once('watch', async () => {
      for await (const { instanceId } of store.watch?.(signal) ?? []) heard(instanceId);
    }, signal);
    await clock.sleep(DEAF, signal).catch(() => {});
  }
}
