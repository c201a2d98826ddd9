import type { FiringStore } from '@nightshift/sdk';
import type { EmbeddedStore } from './embedded-store.ts';
import { fireIn } from './fire.ts';
import { definitionsIn, findFirings } from './firing-rows.ts';
import type { IdCounter } from './id-counter.ts';
import { pruneFirings } from './prune-firings.ts';
import { clocksOf } from './trigger-clocks.ts';
import { voidAfter } from './void-firings.ts';

/** Trigger clocks and firings in the embedded store. */
export interface EmbeddedFirings extends FiringStore {
  /** Lets rows go and collapse that have become too old or too many; how many went. Not often: it counts all rows. */
  pruneFirings(now: Date): Promise<number>;
}

/** In the database of `store`, and fenced like it; `ids` is the counter of its instances. */
export function openFirings(store: EmbeddedStore, ids: IdCounter): EmbeddedFirings {
  const { database, write } = store;
  let fire: ReturnType<typeof fireIn> | undefined;
  return {
    clocks: async (definitions) => store.look(() => clocksOf(database, definitions)),
    definitions: async () => store.look(() => definitionsIn(database)),
    fire: async (decisions) => (fire ??= fireIn(store, ids))(decisions),
    firings: async (query) => store.look(() => findFirings(database, query)),
    voidAfter: async (definitions, after, now) => write(() => voidAfter(database, definitions, after.getTime(), now.getTime())),
    pruneFirings: async (now) => pruneFirings(database, write, now.getTime()),
  };
}

/** The key of the definition of each due time that waits for an idle machine. */
export function findWaiting({ database, look }: Pick<EmbeddedStore, 'database' | 'look'>): string[] {
  return look(() => database.prepare("SELECT definition FROM firing WHERE word = 'Waiting'").all().map((row) => String(row['definition'])));
}
