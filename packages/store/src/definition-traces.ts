import type { DatabaseSync } from 'node:sqlite';
import type { DefinitionTraces } from '@nightshift/sdk';
import type { EmbeddedStore } from './embedded-store.ts';
import { UNFINISHED } from './instances.ts';
import { highestGiven } from './trigger-ids.ts';

/** Tables that remember something of a definition by its key, beside its runs and firings. What is on its way to somebody is told all the same. */
export const MEMORIES = ['trigger_clock', 'trigger_id', 'outcome', 'alarm', 'news'] as const;

/** What the durable store knows of a definition. Counts. */
export function tracesOf(database: DatabaseSync, definition: string): DefinitionTraces {
  const count = (sql: string): number => Number(Object.values(database.prepare(sql).get(definition) as object)[0]);
  return {
    finishedRuns: count(`SELECT count(*) FROM instance WHERE definitionKey = ? AND endTime IS NOT NULL AND NOT (${UNFINISHED})`),
    unfinishedRuns: count(`SELECT count(*) FROM instance WHERE definitionKey = ? AND ${UNFINISHED}`),
    firings: count('SELECT coalesce(sum(count), 0) FROM firing WHERE definition = ?'),
    clocks: count('SELECT count(*) FROM trigger_clock WHERE definition = ?'),
    highestTriggerId: highestGiven(database, definition) ?? 0,
  };
}

export function hasTraces({ finishedRuns, unfinishedRuns, firings, clocks, highestTriggerId }: DefinitionTraces): boolean {
  return finishedRuns + unfinishedRuns + firings + clocks + highestTriggerId > 0;
}

/** Removes finished runs, a few at a time: a definition may have kept a hundred thousand of them. How many jobs went. */
export async function clearExecutionHistory(store: EmbeddedStore, definition: string): Promise<number> {
  const runs = await store.finishedBeyond(definition, 0);
  for (let first = 0; first < runs.length; first += AT_A_TIME) await store.remove(runs.slice(first, first + AT_A_TIME));
  return runs.filter(({ parentId }) => parentId === undefined).length;
}

/** Rows of one transaction. */
const AT_A_TIME = 200;

/** Runs first: as long as something is left of them, the rest tells that there is something to be forgotten. */
export async function forgetDefinition(store: EmbeddedStore, definition: string): Promise<DefinitionTraces> {
  const { database } = store;
  const finishedRuns = await clearExecutionHistory(store, definition);
  return store.write(() => {
    const traces = tracesOf(database, definition);
    for (const table of ['firing', ...MEMORIES]) database.prepare(`DELETE FROM ${table} WHERE definition = ?`).run(definition);
    database.prepare('DELETE FROM renaming WHERE definition = ?1 OR toDefinition = ?1').run(definition);
    return { ...traces, finishedRuns, unfinishedRuns: 0 };
  });
}
