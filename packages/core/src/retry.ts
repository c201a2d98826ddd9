import type { Attempt, Instance, JobReason, NextAttempt, RetryPolicy } from '@nightshift/sdk';
import type { Move } from './transition.ts';

/** Why an attempt may have failed so that another one can go better. Source: reliability specification 7.3. */
const RETRIED: readonly (JobReason | undefined)[] = ['exit', 'signal', 'timeout', 'spawn', 'error'];

/**
 * The attempt that follows a failed one; undefined where the failure is the end. `began`: when the failed one began, if it
 * did. Counted from its end: whoever looks late does not make the wait longer. Pure.
 */
export function nextAttempt(instance: Instance, failed: Move, began: Date | undefined, now: Date): NextAttempt | undefined {
  const { retry, retried = 0 } = instance.run ?? {};
  if (retry === undefined || retried >= retry.limit || !isRetried(instance, failed, retry)) return undefined;
  const end = Math.min(now.getTime(), failed.endTime?.getTime() ?? Infinity);
  const notBefore = new Date(Math.min(LATEST, end + delayOf(retry, retried + 1)));
  const count = instance.attempt + retry.limit - retried;
  return following(instance, failed, began, { notBefore, retried: retried + 1, begins: `of ${count} starts at ${notBefore.toISOString()}` });
}

/** The attempt that takes the place of one that was cut off before its command ran: nothing was tried, so nothing is counted. Pure. */
export function begunAnew(instance: Instance, cutOff: Move, now: Date): NextAttempt {
  return following(instance, cutOff, undefined, { notBefore: now, retried: instance.run?.retried ?? 0, begins: 'starts at once' });
}

/** Whoever stops a job wants no other attempt, whatever its end looks like. */
function isRetried({ stopReason }: Instance, { to, reason }: Move, { onInterrupted }: RetryPolicy): boolean {
  return to === 'Failed' && stopReason === undefined && (RETRIED.includes(reason) || (onInterrupted && reason === 'interrupted'));
}

/** The last instant that a Date can hold. */
const LATEST = 8_640_000_000_000_000;

/** Milliseconds before the n-th further attempt. */
function delayOf({ delay, factor, maxDelay }: RetryPolicy, n: number): number {
  return delay === 0 ? 0 : Math.min(maxDelay, delay * factor ** (n - 1));
}

function following(instance: Instance, failed: Move, began: Date | undefined, next: Pick<NextAttempt, 'notBefore' | 'retried'> & { readonly begins: string }): NextAttempt {
  const { attempt, instanceId } = instance;
  const { notBefore, retried, begins } = next;
  const why = failed.statusMessage ?? failed.reason ?? 'it failed';
  return { instanceId, closed: closedBy(attempt, failed, began), notBefore, retried, statusMessage: `attempt ${attempt + 1} ${begins}; attempt ${attempt}: ${why}` };
}

function closedBy(attempt: number, { reason, statusMessage, endTime, exitCode, signal }: Move, beginTime: Date | undefined): Attempt {
  const facts = { reason, statusMessage, beginTime, endTime, exitCode, signal };
  return { attempt, ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) };
}
