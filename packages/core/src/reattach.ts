/**
 * A run that outlives its host is Disconnected when the host is gone (conclude-code.ts). Somebody who looks after it, a person
 * or the scheduler, lets a new host take it up by its token, as the next attempt:
 *
 *     Disconnected, host gone   ─▶ next attempt (not counted as a retry) ─▶ type.reattach(context, token) ─▶ Running
 *     the same, two who ask     ─▶ one of them does it
 *     reattach() rejects        ─▶ Failed (spawn): the type says that the work is gone
 *     no host can be started    ─▶ Disconnected as before, and the reason is told
 */
import { isJobError, type Instance, type JobError, type JobState, type JobStore } from '@nightshift/sdk';
import type { CoreParts } from './parts.ts';
import { lookAgain, ownRunsOf, type Selected } from './query.ts';
import { reconcileAgain } from './reconcile.ts';
import { begins, handToNewHost, isAway, isHostGone, resumeWithNewHost } from './resume-code.ts';

/** Undefined: it is looked after again, or has ended. Else the state in which it stays: its host lives and cannot see the work. Throws `SpawnFailed`. */
export async function reattach(parts: CoreParts, store: JobStore, run: Instance): Promise<JobState | undefined> {
  for (let now = await reconcileAgain(parts, store, run); now !== undefined && isAway(now); now = await reconcileAgain(parts, store, now)) {
    const seen = await parts.launcher.observe(now);
    if (!isHostGone(seen)) {
      if (seen.is === 'elsewhere' || seen.code?.started !== undefined) return now.state;
      // Somebody else has just taken it up.
      await begins(parts, store, now);
      return undefined;
    }
    if (await resumeWithNewHost(parts, store, now, seen)) return undefined;
  }
  return undefined;
}

/** Tries once to take up again what is Disconnected among jobs; what keeps it from that is a problem, and the job stays so. Source: jobs.md 17.3. */
export async function reconnect(parts: CoreParts, jobs: readonly Selected[], problems: JobError[]): Promise<readonly Selected[]> {
  return Promise.all(jobs.map(async (job) => {
    const away = ownRunsOf(job).filter(isAway);
    if (away.length === 0) return job;
    for (const run of away) {
      try {
        await reattach(parts, job.store, run);
      } catch (cause) {
        if (!isJobError(cause)) throw cause;
        problems.push(cause as JobError);
      }
    }
    return (await lookAgain(parts, job, problems)) ?? job;
  }));
}

/** Milliseconds before a run is taken up once more whose hosts do not stay: doubled with each attempt. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 300_000;

/** For somebody who looks often, and must not wait. Answers with the run as it is then. */
export function reattaching(parts: CoreParts): (store: JobStore, run: Instance) => Promise<Instance | undefined> {
  const seenAway = new Map<string, { readonly attempt: number; readonly since: number }>();
  return async (store, run) => {
    if (!isAway(run)) {
      seenAway.delete(run.instanceId);
      return run;
    }
    const seen = await parts.launcher.observe(run);
    if (!isHostGone(seen)) return run;
    const known = seenAway.get(run.instanceId);
    const away = known?.attempt === run.attempt ? known : { attempt: run.attempt, since: parts.clock.monotonic() };
    seenAway.set(run.instanceId, away);
    if (parts.clock.monotonic() < away.since + pauseBefore(run.attempt)) return run;
    await handToNewHost(parts, store, run, seen);
    return reconcileAgain(parts, store, run);
  };
}

/** The first time at once. */
function pauseBefore(attempt: number): number {
  return attempt === 1 ? 0 : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1));
}
