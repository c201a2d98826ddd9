import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import type { ImportedRun, JobStore } from '@nightshift/sdk';
import { at, insertPair, newInstanceId, type StoreProperty } from './bench.ts';

function imported(id: number, facts: Partial<ImportedRun> = {}): ImportedRun {
  return { line: id, id, instanceId: newInstanceId(), name: `Job${id}`, location: 'localhost', type: 'ExerciseJob', command: 'true', attempt: 1, origin: { kind: 'demand', runNow: false }, state: 'Completed', endTime: at(id), ...facts };
}

async function* inBatches(...batches: readonly (readonly ImportedRun[])[]): AsyncGenerator<readonly ImportedRun[]> {
  yield* batches;
}

const take = (store: JobStore, ...runs: readonly ImportedRun[]): ReturnType<JobStore['importRuns']> => store.importRuns(inBatches(runs), { file: 'jobs.jsonl' });

/** Finished jobs from elsewhere. */
export const imports: readonly StoreProperty[] = [
  {
    title: 'takes finished jobs in under new ids, in the order of the old ones, children with their parents',
    async check({ store }) {
      const before = await insertPair(store);
      const [parent, child, lone] = [imported(7), imported(8, { parentId: 7, origin: { kind: 'parent', parentId: 7 } }), imported(3)];
      deepStrictEqual(await store.importRuns(inBatches([child, parent], [lone]), { file: 'jobs.jsonl' }), { imported: 3, known: 0, unfinished: 0, definitions: [] });
      const found = (await store.find({ above: before[1].id })) as [ImportedRun, ImportedRun, ImportedRun];
      deepStrictEqual(found.map(({ instanceId }) => instanceId), [lone, parent, child].map(({ instanceId }) => instanceId));
      deepStrictEqual([found[2].parentId, found[2].origin], [found[1].id, { kind: 'parent', parentId: found[1].id }]);
    },
  },
  {
    title: 'leaves out what it knows and what has not ended, and counts it',
    async check({ store }) {
      const [known, running] = [imported(1), imported(2, { state: 'Running' })];
      await take(store, known);
      deepStrictEqual(await take(store, known, running, imported(3), imported(4, { isKnown: true })), { imported: 1, known: 2, unfinished: 1, definitions: [] });
      strictEqual((await store.find({})).length, 2);
    },
  },
  {
    title: 'takes in nothing where only a count is asked for',
    async check({ store }) {
      strictEqual((await store.importRuns(inBatches([imported(1)]), { file: 'jobs.jsonl', whatIf: true })).imported, 1);
      deepStrictEqual(await store.find({}), []);
    },
  },
  {
    title: 'takes in the closed attempts of a job',
    async check({ store }) {
      const attempts = [{ attempt: 1, beginTime: at(1), endTime: at(2), reason: 'exit', exitCode: 3 }] as const;
      const run = imported(1, { attempt: 2, attempts });
      await take(store, run);
      deepStrictEqual(await store.attempts(run.instanceId), attempts);
    },
  },
  {
    title: 'takes in all or none: a child without its parent, an id of two jobs and a file that breaks off are refused whole',
    async check({ store }) {
      async function* broken(): AsyncGenerator<readonly ImportedRun[]> {
        yield [imported(1)];
        throw new Error('line 2');
      }
      await rejects(take(store, imported(1), imported(8, { parentId: 7 })), { code: 'DefinitionValueInvalid', line: 8 });
      await rejects(take(store, imported(1), imported(1, { line: 2 })), { code: 'DefinitionValueInvalid', line: 2 });
      await rejects(store.importRuns(broken(), { file: 'jobs.jsonl' }), /line 2/);
      deepStrictEqual(await store.find({}), [], 'a refused import left jobs behind: take in all or none');
    },
  },
];
