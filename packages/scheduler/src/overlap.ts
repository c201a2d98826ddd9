import type { SchedulePolicy } from './policy.ts';

/** A job of a definition that is unfinished, as far as overlap is concerned: it may be one that is decided at this moment. */
export interface Unfinished {
  readonly instanceId: string;
  /** It waits until the others have ended. */
  readonly queued: boolean;
}

/** What becomes of one more due time. */
export type OverlapWord =
  | { readonly is: 'start' }
  /** Started when the others have ended; `stopping` also has the others stopped. */
  | { readonly is: 'queue'; readonly stopping: boolean }
  | { readonly is: 'skip'; readonly blocker: string };

/**
 * The overlap policy, of jobs whose life has been looked at, never of a stored flag. What is caught up with the policy `all`
 * comes one after another, whatever the overlap policy says. Source: scheduled-jobs.md 7.4, 7.5.
 */
export function overlap({ overlap: policy, maxParallel, queueLimit }: SchedulePolicy, unfinished: readonly Unfinished[], oneAfterAnother: boolean): OverlapWord {
  const [first] = unfinished;
  if (first === undefined) return { is: 'start' };
  if (oneAfterAnother) return { is: 'queue', stopping: false };
  const skip: OverlapWord = { is: 'skip', blocker: first.instanceId };
  switch (policy) {
    case 'IgnoreNew':
      return skip;
    case 'Parallel':
      return unfinished.length < maxParallel ? { is: 'start' } : skip;
    case 'Queue':
      return unfinished.filter(({ queued }) => queued).length < queueLimit ? { is: 'queue', stopping: false } : skip;
    case 'StopExisting':
      return { is: 'queue', stopping: true };
  }
}
