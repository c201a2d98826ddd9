/** The runs that are kept of a definition, for verbs that end or remove them. */
import { createTriggeredRuns, reconcile, type CoreParts } from '@nightshift/core';
import { isFinished, type Instance } from '@nightshift/sdk';
import { bookOf, type DurableBook } from '../durable-book.ts';
import type { HostStores } from '../stores.ts';

export interface RunsParts {
  readonly core: CoreParts;
  readonly stores: HostStores;
}

/** Where the runs of definitions are. */
export type Kept = DurableBook;

/** Undefined where nothing was ever kept: then nothing is made. */
export function keptRuns({ stores }: RunsParts): Kept | undefined {
  return bookOf(stores);
}

/** The jobs that are unfinished, whatever started them, after a look at their processes. */
export async function unfinishedRuns({ core }: RunsParts, { store }: Kept, key: string): Promise<readonly Instance[]> {
  const found = await store.unfinishedOf(key);
  await Promise.all(found.map((instance) => reconcile(core, store, instance)));
  const now = await store.find({ ids: found.map(({ id }) => id) });
  return now.filter(({ parentId, state }) => parentId === undefined && !isFinished(state));
}

/** Returns when their processes are gone. Throws `StopJobError`. */
export async function stopRuns({ core }: RunsParts, { store }: Kept, jobs: readonly Instance[]): Promise<void> {
  const runs = createTriggeredRuns(core, () => store);
  await Promise.all(jobs.map((job) => runs.stop(job, 'stopped')));
}

/** Ends what finished runs have left running: they are about to be forgotten. */
export async function endStraysOf({ core }: RunsParts, { store }: Kept, key: string): Promise<void> {
  // Those of an engine have left nothing here.
  if (store.remote !== undefined) return;
  await core.launcher.endStrays((await store.finishedBeyond(key, 0)).filter(({ run }) => run !== undefined));
}
