/**
 * How an attempt ends that a worker has run under a lease: the run and the job above it, or the next attempt, in the one step
 * that `JobQueue.settle` is. Retries are the engine's: what a worker keeps on its own machine knows of none. Pure.
 *
 *     it ended             as the worker's books say; to be stopped meanwhile: Stopped
 *     it failed            the next attempt, where `retry` says so (retry.ts)
 *     it never began       the next attempt, which is not counted: nothing was tried
 *     its worker is lost   Failed (interrupted), or the next attempt where `retry.onInterrupted` says so
 */
import { isFinished, JOB_STATES, type Instance, type Lease, type SettleEnd, type Transition } from '@nightshift/sdk';
import { begunAnew, nextAttempt } from './retry.ts';
import { applied, moveOfParent, type Move } from './transition.ts';

/** How a worker has seen an attempt end. */
export interface LeasedEnd {
  /** To Completed, Failed or Stopped. */
  readonly move: Move;
  /** When the attempt began; absent: it did not, or nobody knows. */
  readonly began?: Date | undefined;
  /** It was cut off before anything of it ran. Default false. */
  readonly neverRan?: boolean;
}

const UNFINISHED = JOB_STATES.filter((state) => !isFinished(state));

/** `lease`: with its rows as the engine has them now; a wish to stop in them counts. */
export function settlementOf({ instance, job }: Pick<Lease, 'instance' | 'job'>, { move, began, neverRan = false }: LeasedEnd, now: Date): SettleEnd {
  const ended = stoppedIfAsked(instance, move);
  if (neverRan && ended.to === 'Failed') return { next: begunAnew(instance, ended, now) };
  const next = nextAttempt(instance, ended, began, now);
  return next === undefined ? { transitions: lastTransitions(instance, job, ended) } : { next };
}

/** A run whose worker is lost, or has lost what it knew of it: nobody can say how it went. */
export function interruptedEnd({ attempt, beginTime }: Instance, outputBytes: number, now: Date): LeasedEnd {
  const move: Move = { to: 'Failed', reason: 'interrupted', statusMessage: 'the run was interrupted: its worker was lost', endTime: now, outputBytes };
  return { move, ...(attempt === 1 && beginTime !== undefined ? { began: beginTime } : {}) };
}

/** What ends by itself while it is being stopped was stopped (jobs.md 2.6). */
function stoppedIfAsked({ stopReason }: Instance, move: Move): Move {
  if (stopReason === undefined || move.to === 'Stopped' || move.reason === 'timeout') return move;
  const { statusMessage: _why, ...facts } = move;
  return { ...facts, to: 'Stopped', reason: stopReason === 'parent' || stopReason === 'shutdown' ? 'stopped' : stopReason, statusMessage: '' };
}

function lastTransitions(run: Instance, job: Instance, move: Move): readonly Transition[] {
  const ofRun: Transition = { ...move, instanceId: run.instanceId, from: UNFINISHED, attempt: run.attempt };
  if (job.instanceId === run.instanceId) return [ofRun];
  return [ofRun, { ...moveOfParent([applied(run, move)]), instanceId: job.instanceId, from: UNFINISHED }];
}
