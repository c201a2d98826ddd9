import { isFinished, isJobError, type Instance, type JobStore, type StoreLimits } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import type { CoreParts } from './parts.ts';

/**
 * After the end of a run that says how many finished ones of its definition are kept: the oldest beyond that go, folder and
 * row, whoever recorded the end. Unfinished ones never do, and those that somebody is receiving go at a later end. `job`: the one that get-job lists. Source: scheduled-jobs.md 9.2.
 */
export async function pruneBeyond(store: Pick<JobStore, 'finishedBeyond' | 'remove'>, job: Instance, { state, run }: Instance): Promise<void> {
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

/** Of the session store. Source: reliability specification, section 10. */
const SESSION: StoreLimits = { jobs: 1_000, bytes: 2_000_000_000 };
/** Whoever waited for a job has so long to receive it, in milliseconds, however many others were started meanwhile. */
const GRACE = 600_000;
/** Between two looks at the session store, in ids; a job and its child take two. A look costs a start some milliseconds. */
const LOOK_EVERY = 64;

/**
 * Now and then, after a start: the oldest finished jobs go that are too many for the session store, or too large. Nobody else
 * looks after it, and nobody waits for it: the job runs already.
 */
export async function pruneSession({ stores, clock }: Pick<CoreParts, 'stores' | 'clock'>, store: JobStore, { id }: Instance): Promise<void> {
  if (id % LOOK_EVERY > 1 || store !== stores.session()) return;
  await pruneSessionStore({ clock }, store);
}

/** The oldest finished jobs go that are too many for the session store, or too large. */
export async function pruneSessionStore({ clock }: Pick<CoreParts, 'clock'>, store: JobStore): Promise<void> {
  try {
    const old = await store.beyondLimits({ ...SESSION, endedBefore: new Date(clock.now().getTime() - GRACE) });
    if (old.length > 0) await store.remove(old);
  } catch (cause) {
    // The job has been started, and whoever started it cannot mend this: a later start tries again.
    if (!isJobError(cause)) throw cause;
  }
}

/** Keeps the durable store below a number of bytes, but leaves each definition its newest finished run. How many jobs went. */
export async function pruneToCap(store: JobStore, bytes: number): Promise<number> {
  for (let pruned = 0; ; ) {
    const old = await store.beyondLimits({ bytes, oneEach: true });
    if (old.length === 0) return pruned;
    await store.remove(old);
    pruned += old.filter(({ parentId }) => parentId === undefined).length;
  }
}
