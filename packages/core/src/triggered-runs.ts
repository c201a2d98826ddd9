/**
 * Runs that nobody waits for: made in one transaction with the due time that they answer, taken up by the scheduler, tried
 * again where their definition says so.
 *
 *     fire            parent and child, NotStarted, no holder; `launch` says what to run, whatever the file says later
 *     start           strays of the attempt before ended · taken up (folder, holder) · handed to the shim · Running
 *     …               the shim keeps its books; nobody of ours need live
 *     settle          finished, or: attempt closed, holder gone, it waits again (Running, or NotStarted where it never ran)
 *     start           the next attempt, in a folder of its own
 *
 * Killed between two of these lines, the scheduler finds at its next start what is needed to go on: a run without a holder
 * waits; one whose holder is dead and that has no claim is revoked, never ran, and gets its next attempt; every other one
 * is judged as by any reader (reconcile.ts).
 */
import type { Definition, Instance, JobStore, NewInstance, StopReason } from '@nightshift/sdk';
import { abandon } from './abandon.ts';
import type { CoreParts } from './parts.ts';
import { reattaching } from './reattach.ts';
import { settle } from './reconcile.ts';
import { isStillWanted, startAgain } from './start-again.ts';
import { instancesOf, planRun, type PersistedOrigin, type RunPlan, type Wait } from './run-plan.ts';
import { startWaiting, type Unrecorded } from './start-waiting.ts';
import { stopJob } from './stop.ts';

/** What the scheduler, `--run-now` and a worker do with runs. */
export interface TriggeredRuns {
  /** Throws an AggregateError of `JobError`s when the definition cannot be started as it is. */
  plan(definition: Definition): Promise<RunPlan>;
  /** Parent and child, not yet in a store. */
  instances(plan: RunPlan, origin: PersistedOrigin, wait?: Wait): readonly [NewInstance, NewInstance];
  /**
   * Starts the attempt that a child waits for. Answers with the child: Running, Failed, or waiting once more for a retry.
   * Undefined when it does not wait any more. `onEnd` is called when its shim has gone, as long as this process lives.
   */
  start(child: Instance, onEnd?: () => void): Promise<Instance | undefined>;
  /** Writes down what became of a child, with the right to begin anew what was cut off before it ran, and to give a new host to what has outlived its own. Undefined when it was removed. */
  settle(child: Instance): Promise<Instance | undefined>;
  /** Stops all runs of a job; the first reason stays. Returns when their processes are gone. Throws `StopJobError`. */
  stop(job: Instance, reason: Extract<StopReason, 'stopped' | 'overlap' | 'condition'>): Promise<void>;
  /**
   * Another run of the work of one that is stopped because the machine came into use: a job of the same origin, which waits until
   * the old one has ended and nobody uses the machine. It is there before the old one is stopped, so that no crash loses it.
   */
  startAgain(job: Instance, run: Instance): Promise<readonly [Instance, Instance]>;
  /** Whether such a run is still wanted: the one whose work it takes up ended because of the machine. One that is not is removed. */
  isStillWanted(job: Instance, run: Instance): Promise<boolean>;
  /** Ends as Failed (interrupted) a child that runs on another machine, which is gone for good; one that does not is left alone. */
  abandon(child: Instance): Promise<void>;
}

export function createTriggeredRuns(parts: CoreParts, store: () => JobStore): TriggeredRuns {
  const unrecorded: Unrecorded = new Map();
  const takeUpAgain = reattaching(parts);
  return {
    plan: (definition) => planRun(parts, definition),
    instances: (plan, origin, wait = {}) => instancesOf(plan, origin, wait, parts.newInstanceId),
    start: (child, onEnd) => startWaiting(parts, store(), child, unrecorded, onEnd),
    async settle(child) {
      const now = await settle(parts, store(), child);
      return now === undefined ? undefined : takeUpAgain(store(), now);
    },
    async stop(job, reason) {
      const children = await store().find({ parentIds: [job.id] });
      await stopJob(parts, { instance: job, children, store: store() }, { reason });
    },
    startAgain: (job, run) => startAgain(parts, store(), job, run),
    isStillWanted: (job, run) => isStillWanted(store(), job, run),
    abandon: (child) => abandon(parts, store(), child),
  };
}
