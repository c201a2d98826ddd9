/** What the end of a child job means for its step. Pure. */
import type { JobOutcome, JobReason, RetryPolicy } from '@nightshift/sdk';
import type { Again, Over } from './plan.ts';

/** What else counts, beside how the child ended. */
export interface Circumstances {
  readonly retry?: RetryPolicy | undefined;
  /** Tries of the step that failed before this one. */
  readonly failures: number;
  /** An earlier host had started it: nobody of ours saw it end. */
  readonly isFromBefore: boolean;
  /** Milliseconds of the monotonic clock. */
  readonly now: number;
}

/** How a child of an earlier host ended that was cut off together with that host: by the system's end, or before its program ran. */
const CUT_OFF: readonly (JobReason | undefined)[] = ['interrupted', 'spawn'];

/** A completed step has values, which are read elsewhere. */
export function judge(outcome: JobOutcome, circumstances: Circumstances): Exclude<Over, { is: 'completed' }> | Again | 'completed' {
  const { failures, isFromBefore, retry, now } = circumstances;
  if (outcome.state === 'Completed') return 'completed';
  // We have cut it off ourselves, to be suspended: it runs again.
  if (outcome.state === 'Stopped') return outcome.reason === 'parent' ? { is: 'again', failures } : { is: 'stopped' };
  if (outcome.reason === 'dependency') return { is: 'dependency', message: outcome.error.message };
  if (isFromBefore && CUT_OFF.includes(outcome.reason)) return { is: 'again', failures };
  if (!isRetried(outcome.reason, retry) || failures >= retry.limit) return { is: 'failed', message: outcome.error.message };
  return { is: 'again', failures: failures + 1, dueAt: now + delayOf(retry, failures + 1) };
}

function isRetried(reason: JobReason | undefined, retry: RetryPolicy | undefined): retry is RetryPolicy {
  return retry !== undefined && (reason !== 'interrupted' || retry.onInterrupted);
}

/** Milliseconds before the n-th further try. */
function delayOf({ delay, factor, maxDelay }: RetryPolicy, n: number): number {
  return delay === 0 ? 0 : Math.min(maxDelay, delay * factor ** (n - 1));
}
