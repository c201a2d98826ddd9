/**
 * Shows the states of a leased run to everybody else: each that it takes on here is written into its row of the engine and into
 * that of the job above it, under the fence of the lease. The last one is not: that is settling (settle-run.ts).
 */
import { applied, moveOfParent, statesBefore, type Move } from '@nightshift/core';
import { isFinished, JOB_STATES, type EngineStore, type Instance, type Lease, type Transition } from '@nightshift/sdk';

/** `lost`: somebody else decides about the run by now. */
export type Mirrored = 'shown' | 'lost';

export interface StateMirror {
  show(run: Instance): Promise<Mirrored>;
}

const UNFINISHED = JOB_STATES.filter((state) => !isFinished(state));

export function createStateMirror(store: EngineStore, { instance, job, fence }: Lease): StateMirror {
  let shown = factsOf(instance);
  return {
    async show(run) {
      const facts = factsOf(run);
      if (run.state === 'NotStarted' || isFinished(run.state) || facts === shown) return 'shown';
      const move = moveTo(run);
      const ofRun: Transition = { ...move, instanceId: instance.instanceId, from: [...statesBefore(run.state), run.state], attempt: instance.attempt };
      const ofJob: Transition = { ...moveOfParent([applied(run, move)]), instanceId: job.instanceId, from: UNFINISHED };
      const isShown = await store.transition(job.instanceId === instance.instanceId ? [{ ...ofRun, fence }] : [{ ...ofRun, fence }, ofJob]);
      // A state that does not lead there, such as Stopping, has been written by whoever wishes it of us: we shall hear of that.
      if (!isShown && !(await isStillOurs(store, { instance, fence }))) return 'lost';
      shown = facts;
      return 'shown';
    },
  };
}

/** Whether the engine still has a run as the one that was leased. */
export async function isStillOurs(store: EngineStore, { instance, fence }: Pick<Lease, 'instance' | 'fence'>): Promise<boolean> {
  const [row] = await store.find({ instanceIds: [instance.instanceId] });
  return row !== undefined && !isFinished(row.state) && row.attempt === instance.attempt && (row.fence ?? 0) === fence;
}

/** What the store keeps of a state; an empty text takes the place of what was said of the wait for a further attempt. */
export function moveTo({ state, attempt, reason, statusMessage = attempt > 1 ? '' : undefined, beginTime, endTime, exitCode, signal, stopReason, outputBytes }: Instance): Move {
  const facts = { reason, statusMessage, beginTime, endTime, exitCode, signal, stopReason, outputBytes };
  return { to: state, ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) };
}

function factsOf({ state, reason, statusMessage, stopReason }: Instance): string {
  return JSON.stringify([state, reason, statusMessage, stopReason]);
}
