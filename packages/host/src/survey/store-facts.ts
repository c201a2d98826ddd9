import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedStore } from '@nightshift/store';
import { breathe } from './breathe.ts';

/** What a store takes up. */
export interface StoreFacts {
  readonly kind: 'session' | 'durable';
  readonly place: string;
  /** Undefined: nobody can tell. */
  readonly indexBytes: number | undefined;
  readonly finishedJobs: number;
  readonly unfinishedJobs: number;
  /** What runs have left, as far as the index knows. It is summed up row by row, which takes as long as there are rows. */
  outputBytes(): Promise<number>;
}

/** Rows that are summed up at a time: others of this process get their turn between two times. */
const PORTION = 5_000;

export async function factsOfStore(store: EmbeddedStore): Promise<StoreFacts> {
  const { root, kind } = store;
  return {
    kind: kind.durable ? 'durable' : 'session',
    place: root,
    indexBytes: indexBytes(root),
    finishedJobs: await store.count({ topLevel: true, states: ['Completed', 'Failed', 'Stopped'] }),
    unfinishedJobs: await store.count({ topLevel: true, states: ['NotStarted', 'Running', 'Blocked', 'Suspended', 'Disconnected', 'Suspending', 'Stopping', 'AtBreakpoint'] }),
    outputBytes: () => outputBytes(store),
  };
}

function indexBytes(root: string): number | undefined {
  const sizes = ['jobs.db', 'jobs.db-wal'].flatMap((name) => statSync(join(root, name), { throwIfNoEntry: false })?.size ?? []);
  return sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0);
}

async function outputBytes(store: EmbeddedStore): Promise<number> {
  const part = store.database.prepare('SELECT coalesce(sum(outputBytes), 0) AS bytes FROM instance WHERE id > ? AND id <= ? AND runFolder IS NOT NULL');
  const { highest } = store.look(() => store.database.prepare('SELECT coalesce(max(id), 0) AS highest FROM instance').get()) as { highest: number };
  let sum = 0;
  for (let above = 0; above < highest; above += PORTION) {
    sum += (store.look(() => part.get(above, above + PORTION)) as { bytes: number }).bytes;
    await breathe();
  }
  return sum;
}
