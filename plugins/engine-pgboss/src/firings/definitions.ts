import type { DefinitionStore, DefinitionTraces } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import { lockDefinitions } from '../places.ts';
import { removeInstances } from '../store/remove.ts';
import { finishedBeyond } from '../store/retention.ts';
import { clearFirings } from './clear-firings.ts';
import { renameDefinition } from './rename-definition.ts';
import { MEMORIES, tracesOf } from './traces.ts';
import { forgetTriggerIds, nextTriggerIds } from './trigger-ids.ts';

/** What is remembered of definitions in PostgreSQL. */
export function definitionsOf(context: EngineContext): DefinitionStore {
  const { database, schema } = context;
  return {
    traces: (definition) => tracesOf(database, schema, definition),
    renameDefinition: (renaming, moveFile) => renameDefinition(context, renaming, moveFile),
    forgetDefinition: (definition) => forgetDefinition(context, definition),
    clearExecutionHistory: (definition) => clearExecutionHistory(context, definition),
    clearFirings: (definition, { before, whatIf = false } = {}) => database.transaction((within) => clearFirings(within, schema, definition, before, whatIf)),
    nextTriggerIds: (definition, used, count) => database.transaction((within) => nextTriggerIds(within, schema, definition, used, count)),
    forgetTriggerIds: (definition) => database.transaction((within) => forgetTriggerIds(within, schema, definition)),
  };
}

/** Rows of one transaction. */
const AT_A_TIME = 500;

/** Removes finished runs, some at a time: a definition may have kept a hundred thousand of them. How many jobs went. */
async function clearExecutionHistory(context: EngineContext, definition: string): Promise<number> {
  const runs = await finishedBeyond(context.database, context.schema, definition, 0);
  for (let first = 0; first < runs.length; first += AT_A_TIME) await removeInstances(context, runs.slice(first, first + AT_A_TIME));
  return runs.filter(({ parentId }) => parentId === undefined).length;
}

/** Runs first: as long as something is left of them, the rest tells that there is something to be forgotten. */
async function forgetDefinition(context: EngineContext, definition: string): Promise<DefinitionTraces> {
  const { database, schema } = context;
  const finishedRuns = await clearExecutionHistory(context, definition);
  return database.transaction(async (within) => {
    await lockDefinitions(within, schema, [definition]);
    const traces = await tracesOf(within, schema, definition);
    for (const table of ['firing', ...MEMORIES]) await within.query(`DELETE FROM ${schema}.${table} WHERE definition = $1`, [definition]);
    await within.query(`DELETE FROM ${schema}.renaming WHERE definition = $1 OR to_definition = $1`, [definition]);
    return { ...traces, finishedRuns, unfinishedRuns: 0 };
  });
}
