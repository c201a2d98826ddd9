import type { EngineStore } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import { attemptsOf, countInstances, findInstances } from './find.ts';
import { lastEnds, latestOf } from './latest.ts';
import { importRuns } from './import-runs.ts';
import { insertFamily } from './insert.ts';
import { readingsOf, saveReading } from './readings.ts';
import { removeInstances } from './remove.ts';
import { beyondLimits, finishedBeyond, unfinishedOf } from './retention.ts';
import { transitionInstances } from './transition.ts';
import { leaveWish } from './wish.ts';

/** Instances in PostgreSQL. */
export function storeOf(context: EngineContext): EngineStore {
  const { database, schema } = context;
  return {
    insert: (parent, children) => insertFamily(context, parent, children),
    find: (query) => findInstances(database, schema, query),
    count: (query) => countInstances(database, schema, query),
    transition: (changes) => transitionInstances(context, changes),
    remove: (instances) => removeInstances(context, instances),
    reading: (instanceIds) => readingsOf(database, schema, instanceIds),
    saveReading: (instanceId, reading) => saveReading(context, instanceId, reading),
    attempts: (instanceId) => attemptsOf(database, schema, instanceId),
    finishedBeyond: (definitionKey, keep) => finishedBeyond(database, schema, definitionKey, keep),
    beyondLimits: (limits) => beyondLimits(database, schema, limits),
    unfinishedOf: (definitionKey) => unfinishedOf(database, schema, definitionKey),
    importRuns: (batches, request) => importRuns(context, batches, request),
    latestOf: (definitionKeys, each) => latestOf(database, schema, definitionKeys, each),
    lastEnds: (definitionKeys) => lastEnds(database, schema, definitionKeys),
    wish: (instanceId, wish) => leaveWish(context, instanceId, wish),
    watch: (signal) => context.hints.watch(signal),
  };
}
