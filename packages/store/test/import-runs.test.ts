import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { START, type ImportedRun, type ImportResult } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { rebuildStore, type EmbeddedStore } from '../src/index.ts';
import { countingIn, cut, durableKind, insertPair, openStore, temporaryFolder } from './folder.ts';
import { family, instanceIdOf, run } from './imported-runs.ts';

async function* inBatches(...batches: (readonly ImportedRun[])[]): AsyncGenerator<readonly ImportedRun[]> {
  yield* batches;
}
const take = (store: EmbeddedStore, runs: readonly ImportedRun[], whatIf = false): Promise<ImportResult> => store.importRuns(inBatches(runs), { file: 'f', whatIf });
const open = (root = temporaryFolder()): EmbeddedStore => openStore(durableKind(root));

describe('imported runs', () => {
  test('get new ids in the order of the old ones, keep their instance ids, and children stay with their parents', async () => {
    const store = open();
    await insertPair(store);
    const definition = { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' };
    expect(await store.importRuns(inBatches([run(30)], [...family(7, { definition }), run(3)]), { file: 'f' })).toEqual({ imported: 4, known: 0, unfinished: 0, definitions: ['p/nightly'] });
    const found = await store.find({});
    expect(found.slice(2).map(({ id, instanceId, parentId }) => [id, instanceId, parentId])).toEqual([[3, instanceIdOf(3), undefined], [4, instanceIdOf(7), undefined], [5, instanceIdOf(8), 4], [6, instanceIdOf(30), undefined]]);
    expect(found[4]?.origin).toEqual({ kind: 'parent', parentId: 4 });
    const { line: _, ...seven } = run(7, { definition });
    expect(found[3]).toEqual({ ...seven, id: 4 });
    expect(await store.count({ topLevel: true, states: ['Completed', 'Failed', 'Stopped'] })).toBe(3);
    expect((await store.finishedBeyond('p/nightly', 0)).map(({ id }) => id)).toEqual([4, 5]);
    expect((await insertPair(store))[0].id).toBe(7);
  });

  test('whose instance ids are known are left out and counted, in the file and in the store', async () => {
    const store = open();
    await take(store, [run(1)]);
    expect(await store.importRuns(inBatches([run(1), run(2)], [run(2), run(5, { isKnown: true })]), { file: 'f' })).toEqual({ imported: 1, known: 3, unfinished: 0, definitions: [] });
    expect((await store.find({})).map(({ instanceId }) => instanceId)).toEqual([instanceIdOf(1), instanceIdOf(2)]);
  });

  test('bring the children of a job that is known', async () => {
    const store = open();
    const [parent, child] = family(7);
    await take(store, [parent]);
    expect(await take(store, [parent, child])).toMatchObject({ imported: 1, known: 1 });
    expect(await store.find({})).toMatchObject([{ id: 1 }, { id: 2, parentId: 1 }]);
  });

  test('bring no child of a job that another store has', async () => {
    const store = open();
    const [parent, child] = family(7);
    expect(await take(store, [{ ...parent, isKnown: true }, child])).toMatchObject({ imported: 0, known: 2 });
  });

  test('that have not ended are left out, and their children', async () => {
    const store = open();
    const [parent, child] = family(7);
    const { endTime: _, ...begun } = parent;
    expect(await take(store, [{ ...begun, state: 'Running' }, child, run(1)])).toMatchObject({ imported: 1, unfinished: 2 });
    expect(await store.find({})).toMatchObject([{ instanceId: instanceIdOf(1) }]);
  });

  test('have their closed attempts', async () => {
    const store = open();
    const attempts = [{ attempt: 1, beginTime: new Date(1), endTime: new Date(2), reason: 'exit', statusMessage: 'm', exitCode: 3 }] as const;
    await take(store, [run(1, { attempt: 2, attempts })]);
    expect(await store.attempts(instanceIdOf(1))).toEqual(attempts);
  });

  test('are only counted when that is asked for', async () => {
    const store = open();
    expect(await take(store, [run(1), run(2)], true)).toMatchObject({ imported: 2 });
    expect(await store.find({})).toEqual([]);
    expect((await insertPair(store))[0].id).toBe(1);
  });

  test('have nothing to be read, and are no business of an index that is built anew', async () => {
    const store = open();
    await take(store, [run(1)]);
    const [job] = await store.find({});
    expect(await store.read(job as never, { after: START, streams: ['output'], limit: 9 })).toMatchObject({ records: [], more: false, drained: true });
    expect((await store.readBytes(job as never, { after: START, channel: 'stdout', limit: 9 })).bytes).toHaveLength(0);
    store.close();
    expect(await rebuildStore(durableKind(store.root), { ids: countingIn(store.root), cutRecord: cut }, new Date(0))).toMatchObject({ jobs: 1, missing: [], stillborn: [] });
  });

  test.each([
    ['a child without its parent', [run(1), run(8, { parentId: 7, line: 2 })], 'job 7', 2],
    ['a child that is older than its parent', [run(9), run(8, { parentId: 9, line: 2 })], 'job 9', 2],
    ['a child of a child', [...family(1), run(3, { parentId: 2 })], 'which is a child itself', 3],
    ['an id that two jobs have', [run(1), run(1, { instanceId: instanceIdOf(2), line: 2 })], 'the id 1', 2],
  ] as const)('are refused for %s, all of them', async (_what, runs, part, line) => {
    const store = open();
    await expect(take(store, runs)).rejects.toMatchObject({ code: 'DefinitionValueInvalid', message: expect.stringContaining(part) as string, file: 'f', line });
    expect(await store.find({})).toEqual([]);
    expect(await take(store, [run(1)])).toMatchObject({ imported: 1 });
  });

  test('are all refused when reading them fails half-way', async () => {
    const store = open();
    async function* broken(): AsyncGenerator<readonly ImportedRun[]> {
      yield [run(1)];
      throw new Error('line 2');
    }
    await expect(store.importRuns(broken(), { file: 'f' })).rejects.toThrow('line 2');
    expect(await store.find({})).toEqual([]);
  });
});

describe('an import that is killed', () => {
  const program = fileURLToPath(new URL('programs/import.ts', import.meta.url));
  const importIn = (state: string, failpoint?: string): { readonly signal: string | null; readonly said: string } => {
    const { signal, stdout } = spawnSync(process.execPath, ['--conditions=failpoints', '--conditions=source', '--no-warnings', program, state], {
      encoding: 'utf8',
      env: { ...process.env, NIGHTSHIFT_FAILPOINTS: failpoint === undefined ? '' : `${failpoint}:1=kill` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return { signal, said: stdout };
  };
  test.each([
    ['import.staged', 0, '2'],
    ['import.inTransaction', 0, '2'],
    ['import.committed', 2, '0'],
  ])('at %s has brought all or nothing, and can be done again', async (failpoint, there, then) => {
    const root = temporaryFolder();
    expect(importIn(root, failpoint)).toMatchObject({ signal: 'SIGKILL' });
    expect(await open(root).find({})).toHaveLength(there);
    expect(importIn(root)).toEqual({ signal: null, said: then });
    expect(await open(root).find({})).toHaveLength(2);
  });
});
