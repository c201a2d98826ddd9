import type { DefinitionStore, FiringStore } from '@nightshift/sdk';
import { clearFirings } from './clear-firings.ts';
import { clearExecutionHistory, forgetDefinition, tracesOf } from './definition-traces.ts';
import type { EmbeddedStore } from './embedded-store.ts';
import { fireIn } from './fire.ts';
import { countFirings, definitionsIn, findFirings } from './firing-rows.ts';
import type { IdCounter } from './id-counter.ts';
import { pruneFirings, type HistoryLimits } from './prune-firings.ts';
import { renameDefinition } from './rename-definition.ts';
import { clocksOf } from './trigger-clocks.ts';
import { forgetTriggerIds, nextTriggerIds } from './trigger-ids.ts';
import { voidAfter } from './void-firings.ts';

/** Trigger clocks and firings in the embedded store, and what it remembers of definitions. */
export interface EmbeddedFirings extends Required<FiringStore>, DefinitionStore {
  /** Lets rows go and collapse that have become too old or too many; how many went. Not often: it counts all rows. */
  pruneFirings(now: Date, limits?: HistoryLimits): Promise<number>;
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
    countFirings: async (query) => store.look(() => countFirings(database, query)),
    voidAfter: async (definitions, after, now) => write(() => voidAfter(database, definitions, after.getTime(), now.getTime())),
    traces: async (definition) => store.look(() => tracesOf(database, definition)),
    renameDefinition: (renaming, moveFile) => renameDefinition({ database, write, root: store.root, look: (ask) => store.look(ask), synced: store.kind.durable }, renaming, moveFile),
    forgetDefinition: (definition) => forgetDefinition(store, definition),
    clearExecutionHistory: (definition) => clearExecutionHistory(store, definition),
    clearFirings: async (definition, { before, whatIf = false } = {}) => write(() => clearFirings(database, definition, before?.getTime() ?? Number.MAX_SAFE_INTEGER, whatIf)),
    nextTriggerIds: async (definition, used, count) => write(() => nextTriggerIds(database, definition, used, count)),
    forgetTriggerIds: async (definition) => write(() => forgetTriggerIds(database, definition)),
    pruneFirings: async (now, limits) => pruneFirings(database, write, now.getTime(), limits),
  };
}

/** The key of the definition of each due time that waits for an idle machine. */
export function findWaiting({ database, look }: Pick<EmbeddedStore, 'database' | 'look'>): string[] {
  return look(() => database.prepare("SELECT definition FROM firing WHERE word = 'Waiting'").all().map((row) => String(row['definition'])));
}
