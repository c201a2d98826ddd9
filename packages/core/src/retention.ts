import { isFinished, isJobError, type Instance, type JobStore } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';

/**
 * After the end of a run that says how many finished ones of its definition are kept: the oldest beyond that go, folder and
 * row, whoever recorded the end. Unfinished ones never do, and those that somebody is receiving go at a later end. `job`: the one that get-job lists. Source: scheduled-jobs.md 9.2.
 */
export async function pruneBeyond(store: JobStore, job: Instance, { state, run }: Instance): Promise<void> {
  const keep = run?.maxResultCount;
  if (keep === undefined || job.definition === undefined || !isFinished(state)) return;
  failpoint('retention.before');
  try {
    const old = await store.finishedBeyond(job.definition.key, keep);
    if (old.length > 0) await store.remove(old);
  } catch (cause) {
    // The end that was just recorded stands, and whoever recorded it cannot mend this: the next end tries again, completely.
    if (!isJobError(cause)) throw cause;
  }
  failpoint('retention.deleted');
}
