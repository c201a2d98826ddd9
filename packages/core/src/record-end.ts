import type { Instance, JobState, JobStore } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import type { CoreParts } from './parts.ts';
import { begunAnew, nextAttempt } from './retry.ts';
import { transition, type Move } from './transition.ts';

/** An attempt that failed. */
export interface BadEnd {
  /** The way to Failed, which is the last of them. */
  readonly moves: readonly Move[];
  /** When the attempt began; absent: it did not, or nobody knows. */
  readonly began?: Date | undefined;
  /** It was cut off before its command ran, and who asks may begin it anew. */
  readonly neverRan: boolean;
}

/**
 * Writes down that an attempt failed: it is closed and the next one scheduled, in one step, or the instance ends. Undefined
 * when somebody else was first: look again.
 */
export async function recordEnd(parts: Pick<CoreParts, 'clock' | 'hasRetries'>, store: JobStore, instance: Instance, { moves, began, neverRan }: BadEnd): Promise<Instance | undefined> {
  const failed = moves.at(-1) as Move;
  const now = parts.clock.now();
  const next = neverRan ? begunAnew(instance, failed, now) : nextAttempt(instance, failed, began, now);
  if (next === undefined || !(await goesOn(parts, store, instance, neverRan))) return transition(store, instance, moves);
  const way = [...moves.slice(0, -1), ...wayToWait(instance)];
  if (way.length > 0 && (await transition(store, instance, way)) === undefined) return undefined;
  if (!(await store.nextAttempt(next))) return undefined;
  failpoint('retry.scheduled');
  const [waiting] = await store.find({ ids: [instance.id] });
  // Whoever holds it still wants the next attempt to wait as well.
  return waiting !== undefined && isHeldStill(instance.state) ? ((await transition(store, waiting, [{ to: 'Suspended' }])) ?? waiting) : waiting;
}

/** Of a job whose attempts somebody starts; who begins anew is that somebody. Source: jobs.md 2.9 and 2.12. */
async function goesOn({ hasRetries }: Pick<CoreParts, 'hasRetries'>, store: JobStore, instance: Instance, isStarter: boolean): Promise<boolean> {
  const [job = instance] = instance.parentId === undefined ? [] : await store.find({ ids: [instance.parentId] });
  const { origin } = job;
  if (isStarter) return origin.kind === 'trigger' || (origin.kind === 'demand' && origin.runNow);
  return (await hasRetries?.(job)) ?? origin.kind === 'trigger';
}

function isHeldStill(state: JobState): boolean {
  return state === 'Suspended' || state === 'Suspending';
}

/** Between attempts it is Running, or NotStarted when it never ran. */
function wayToWait({ state, beginTime }: Instance): readonly Move[] {
  const waiting: Move = { to: beginTime === undefined ? 'NotStarted' : 'Running' };
  if (state === 'Suspending') return [{ to: 'Suspended' }, waiting];
  if (state === 'Suspended') return [waiting];
  return state === 'Blocked' || state === 'AtBreakpoint' || state === 'Disconnected' ? [{ to: 'Running' }] : [];
}
