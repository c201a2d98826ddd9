/**
 * A run that outlives its host, or its watcher, is Disconnected when that is gone (conclude-code.ts, conclude-watcher.ts).
 * Somebody who looks after it, a person or the scheduler, lets a new one take it up, as the next attempt:
 *
 *     JavaScript, host gone     ─▶ next attempt (not counted as a retry) ─▶ type.reattach(context, token) ─▶ Running
 *     a watcher, gone           ─▶ next attempt ─▶ its words for that ─▶ Running; Disconnected again where it ends without an outcome
 *     JavaScript, host alive    ─▶ what is away below it is taken up; its host hears of that
 *     the same, two who ask     ─▶ one of them does it
 *     reattach() rejects        ─▶ Failed (spawn): the type says that the work is gone
 *     no process can be started ─▶ Disconnected as before, and the reason is told
 */
import { isJobError, type Instance, type JobError, type JobState, type JobStore } from '@nightshift/sdk';
import { isAway, outlivesUs } from './away.ts';
import { stillAway } from './errors.ts';
import { parentState } from './parent-state.ts';
import type { CoreParts } from './parts.ts';
import { belowOf, lookAgain, ownRunsOf, type Selected } from './query.ts';
import { reconcileAgain } from './reconcile.ts';
import { begins, handToNewHost, isHostGone, resumeWithNewHost } from './resume-code.ts';

/** Undefined: it is looked after again, or has ended. Else the state in which it stays: who looks after it lives, or came, and cannot see the work. Throws `SpawnFailed`. */
export async function reattach(parts: CoreParts, store: JobStore, run: Instance): Promise<JobState | undefined> {
  for (let now = await reconcileAgain(parts, store, run); now !== undefined && isAway(now); now = await reconcileAgain(parts, store, now)) {
    const seen = await parts.launcher.observe(now);
    if (!isHostGone(seen)) {
      if (seen.is === 'elsewhere' || seen.code?.started !== undefined) return now.state;
      // Somebody else has just taken it up.
      await begins(parts, store, now);
      return stateIfAway(parts, store, now);
    }
    if (await resumeWithNewHost(parts, store, now, seen)) return stateIfAway(parts, store, now);
  }
  return undefined;
}

/** Of a watcher, which tells by its end that it has not come to the work. A host of JavaScript sees to that itself. */
async function stateIfAway(parts: CoreParts, store: JobStore, run: Instance): Promise<JobState | undefined> {
  const now = run.run?.watches === true ? await reconcileAgain(parts, store, run) : undefined;
  if (now !== undefined && isAway(now)) return now.state;
  if (now !== undefined) await isHeard(parts, store, now);
  return undefined;
}

/** Milliseconds. */
const HEARING = 5_000;
const LOOK = 50;

/** Resolves when the host of a job that is Disconnected because of what is below it has seen that something of that is not so any more, or nobody seems to look. */
async function isHeard(parts: CoreParts, store: JobStore, { parentId }: Instance): Promise<void> {
  if (parentId === undefined) return;
  for (const until = parts.clock.monotonic() + HEARING; parts.clock.monotonic() < until; await parts.clock.sleep(LOOK)) {
    const [parent, ...below] = await store.find({ family: parentId });
    if (parent?.run?.form !== 'code' || parent.state !== 'Disconnected' || isHostGone(await parts.launcher.observe(parent))) return;
    if (parentState(below.map(({ state }) => state)) === 'Disconnected') return;
  }
}

/** Tries once to take up again what is Disconnected among jobs and below them; what stays so is told. Source: jobs.md 17.3. */
export async function reconnect(parts: CoreParts, jobs: readonly Selected[], tell: (warning: JobError) => void): Promise<readonly Selected[]> {
  const tried = new Map<string, Promise<void>>();
  const once = (store: JobStore, run: Instance): Promise<void> => {
    const trial = tried.get(run.instanceId) ?? attempt(parts, store, run, tell);
    tried.set(run.instanceId, trial);
    return trial;
  };
  return Promise.all(jobs.map(async (job) => {
    // Of an engine's, a worker does that.
    if (job.store.remote !== undefined || ![...ownRunsOf(job), ...belowOf(job)].some(isAway)) return job;
    // Its host first: it takes on what is below it.
    for (const run of ownRunsOf(job).filter(isAway)) await once(job.store, run);
    await reattachBelow(job.store, job.instance, once);
    const problems: JobError[] = [];
    const again = (await lookAgain(parts, job, problems)) ?? job;
    problems.forEach(tell);
    return again;
  }));
}

async function attempt(parts: CoreParts, store: JobStore, run: Instance, tell: (warning: JobError) => void): Promise<void> {
  try {
    const stays = await reattach(parts, store, run);
    if (stays === undefined || run.run?.watches !== true) return;
    const [now = run] = await store.find({ ids: [run.id] });
    tell(stillAway(now));
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    tell(cause as JobError);
  }
}

/** How many at a time: each may be a connection. */
const AT_A_TIME = 32;

/** What is away below a job is taken up. `left`: those of them that are still away. */
export async function reattachBelow(store: JobStore, job: Instance, take: (store: JobStore, run: Instance) => Promise<void>): Promise<{ readonly tried: number; readonly left: number }> {
  const away = (await store.find({ below: [job.id] })).filter(isAway);
  if (away.length === 0) return { tried: 0, left: 0 };
  for (let begin = 0; begin < away.length; begin += AT_A_TIME) await Promise.all(away.slice(begin, begin + AT_A_TIME).map((run) => take(store, run)));
  const left = (await store.find({ ids: away.map(({ id }) => id) })).filter(isAway);
  return { tried: away.length, left: left.length };
}

/** Milliseconds before a run is taken up once more whose hosts do not stay: doubled with each attempt. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 300_000;

/** For somebody who looks often, and must not wait. Answers with the run as it is then. */
export function reattaching(parts: CoreParts): (store: JobStore, run: Instance) => Promise<Instance | undefined> {
  const seenAway = new Map<string, { readonly attempt: number; readonly since: number }>();
  const takeUp = async (store: JobStore, run: Instance): Promise<Instance | undefined> => {
    const seen = isAway(run) ? await parts.launcher.observe(run) : undefined;
    if (seen === undefined) seenAway.delete(run.instanceId);
    if (seen === undefined || !isHostGone(seen)) {
      // Its host lives, and waits for what is below it.
      if (run.run?.form === 'code' && outlivesUs(run)) for (const child of await store.find({ parentIds: [run.id] })) await takeUp(store, child);
      return run;
    }
    const known = seenAway.get(run.instanceId);
    const away = known?.attempt === run.attempt ? known : { attempt: run.attempt, since: parts.clock.monotonic() };
    seenAway.set(run.instanceId, away);
    if (parts.clock.monotonic() < away.since + pauseBefore(run.attempt)) return run;
    await handToNewHost(parts, store, run, seen);
    return reconcileAgain(parts, store, run);
  };
  return takeUp;
}

/** The first time at once. */
function pauseBefore(attempt: number): number {
  return attempt === 1 ? 0 : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1));
}
