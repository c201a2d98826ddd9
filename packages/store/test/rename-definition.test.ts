import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { START, type Instance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { rebuildStore, type EmbeddedStore } from '../src/index.ts';
import { clock, decision, KEY, skipped } from './firing-plans.ts';
import { countingIn, cut, durableKind, insertPair, openBook, openStore, temporaryFolder } from './folder.ts';

const definition = { key: KEY, name: 'Nightly', path: '/d/Nightly.yaml' };
const renaming = { from: { key: KEY, name: 'Nightly' }, to: { key: 'p/evening', name: 'Evening' } };
const NEW = renaming.to.key;
const nothing = async (): Promise<void> => {};

async function ended(store: EmbeddedStore, text: string, facts: Partial<Instance['definition']> = {}): Promise<readonly [Instance, Instance]> {
  const pair = await insertPair(store, { name: 'Nightly', definition: { ...definition, ...facts } });
  writeFileSync(join(pair[1].runFolder as string, '1', 'stdout'), text);
  await store.transition(pair.map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'Completed', endTime: new Date(9), outputBytes: text.length }) as const));
  return pair;
}

async function outputOf(store: EmbeddedStore, run: Instance): Promise<unknown[]> {
  return (await store.read(run, { after: START, streams: ['output'], limit: 9 })).records.map(({ value }) => value);
}

/** Two finished runs, one that is not, two rows of history, two clocks, three ids given. */
async function filled(root = temporaryFolder()): Promise<ReturnType<typeof openBook> & { readonly root: string; readonly runs: readonly (readonly [Instance, Instance])[]; readonly open: readonly Instance[] }> {
  const { store, firings } = openBook(root);
  const runs = [await ended(store, 'one\n'), await ended(store, 'two\n')];
  const open = await insertPair(store, { definition });
  await firings.fire([decision([skipped(1, 4), skipped(7)], [{ to: clock() }, { to: clock({ triggerId: 2 }) }])]);
  await firings.nextTriggerIds(KEY, [2], 1);
  return { root, store, firings, runs, open };
}

const ALL = { finishedRuns: 2, unfinishedRuns: 1, firings: 5, clocks: 2, highestTriggerId: 3 };
const NONE = { finishedRuns: 0, unfinishedRuns: 0, firings: 0, clocks: 0, highestTriggerId: 0 };

describe('a definition that gets another name', () => {
  test('takes runs, history, clocks and ids along; its jobs keep their names', async () => {
    const { store, firings, runs } = await filled();
    const before = await store.find({});
    expect(await firings.renameDefinition(renaming, nothing)).toEqual({ is: 'renamed', runs: 3 });
    expect(await firings.traces(NEW)).toEqual(ALL);
    expect(await firings.traces(KEY)).toEqual(NONE);
    const after = await store.find({});
    expect(after.map(({ id, instanceId, name, state }) => [id, instanceId, name, state])).toEqual(before.map(({ id, instanceId, name, state }) => [id, instanceId, name, state]));
    expect(after[0]?.definition).toEqual({ ...definition, key: NEW });
    expect(await outputOf(store, after[1] as Instance)).toEqual(['one']);
    expect(runs.map(([, run]) => existsSync(run.runFolder as string))).toEqual([false, false]);
  });

  test('takes along what people are told of it: how it ended last, what is not told yet, and alarms that hold', async () => {
    const { store, firings } = await filled();
    const tables = ['outcome', 'news', 'alarm'];
    store.database.exec(`INSERT INTO outcome VALUES ('${KEY}', 1, 'Failed', NULL); INSERT INTO news VALUES (1, '${KEY}', 1, '{}'); INSERT INTO alarm VALUES ('h', '${KEY}', 1)`);
    const keys = () => tables.map((table) => store.database.prepare(`SELECT definition FROM ${table}`).all().map((row) => row['definition']));
    await firings.renameDefinition(renaming, nothing);
    expect(keys()).toEqual([[NEW], [NEW], [NEW]]);
    await firings.forgetDefinition(NEW);
    expect(keys()).toEqual([[], [], []]);
  });

  test('moves the folders of finished runs only, and nothing that is not ours', async () => {
    const { root, store, firings, open } = await filled();
    mkdirSync(join(root, 'output/p/Nightly/notes'));
    await firings.renameDefinition(renaming, nothing);
    expect((await store.find({ states: ['Completed'] })).flatMap(({ runFolder }) => runFolder ?? []).every((folder) => folder.startsWith(join(root, 'output/p/Evening/')) && existsSync(folder))).toBe(true);
    expect(existsSync(open[1]?.runFolder as string)).toBe(true);
    expect(existsSync(join(root, 'output/p/Nightly/notes'))).toBe(true);
  });

  test('leaves no empty folder behind', async () => {
    const { store, firings } = openBook();
    await ended(store, 'one\n');
    await firings.renameDefinition(renaming, nothing);
    expect(existsSync(join(store.root, 'output/p/Nightly'))).toBe(false);
  });

  test('in other capitals only moves its folders', async () => {
    const { root, store, firings, runs } = await filled();
    expect(await firings.renameDefinition({ from: renaming.from, to: { key: KEY, name: 'NIGHTLY' } }, nothing)).toEqual({ is: 'renamed', runs: 3 });
    expect(await firings.traces(KEY)).toEqual(ALL);
    expect((await store.find({ ids: [runs[0]?.[1].id as number] }))[0]?.runFolder).toContain(join(root, 'output/p/NIGHTLY/'));
  });

  test('is refused, unchanged, where something is known of the new name', async () => {
    const { store, firings } = await filled();
    await ended(store, 'x\n', { key: NEW, name: 'Evening' });
    let moved = false;
    expect(await firings.renameDefinition(renaming, async () => void (moved = true))).toEqual({ is: 'taken', by: { ...NONE, finishedRuns: 1 } });
    expect(moved).toBe(false);
    expect(await firings.traces(KEY)).toEqual(ALL);
  });

  test('is as it was when its file cannot be moved', async () => {
    const { store, firings, runs } = await filled();
    const before = await store.find({});
    await expect(firings.renameDefinition(renaming, async () => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
    expect(await firings.traces(KEY)).toEqual(ALL);
    expect(await firings.traces(NEW)).toEqual(NONE);
    expect(await store.find({})).toEqual(before);
    expect(await outputOf(store, (runs[1] as readonly [Instance, Instance])[1])).toEqual(['two']);
    expect(await firings.renameDefinition(renaming, nothing)).toEqual({ is: 'renamed', runs: 3 });
  });

  test('is found in the run folders by an index that is built anew', async () => {
    const { root, store, firings } = await filled();
    await firings.renameDefinition(renaming, nothing);
    const before = (await store.find({})).map(({ id, definition: its, runFolder }) => ({ id, definition: its, runFolder }));
    store.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(root, `jobs.db${suffix}`), { force: true });
    await rebuildStore(durableKind(root), { ids: countingIn(root), cutRecord: cut }, new Date(0));
    expect((await openStore(durableKind(root)).find({})).map(({ id, definition: its, runFolder }) => ({ id, definition: its, runFolder }))).toEqual(before);
  });

  test('may have been met by the scheduler under the old name meanwhile: the carried clock goes on', async () => {
    const { firings } = await filled();
    await firings.renameDefinition(renaming, async () => {
      await firings.fire([decision([], [{ to: clock({ revision: 'again' }) }])]);
      throw new Error('cut off');
    }).catch(() => {});
    const clocks = await firings.clocks([KEY]);
    expect(clocks.map(({ triggerId, revision }) => [triggerId, revision])).toEqual([[1, 'r1'], [2, 'r1']]);
  });
});

describe('a rename that is killed', () => {
  const program = fileURLToPath(new URL('programs/rename.ts', import.meta.url));
  function renameIn(state: string, failpoint?: string): { readonly signal: string | null; readonly said: string } {
    const { signal, stdout } = spawnSync(process.execPath, ['--conditions=failpoints', '--conditions=source', '--no-warnings', program, state], {
      encoding: 'utf8',
      env: { ...process.env, NIGHTSHIFT_FAILPOINTS: failpoint === undefined ? '' : `${failpoint}:1=kill` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return { signal, said: stdout };
  }

  test.each(['rename.begun', 'rename.carried', 'folder.written', 'rename.moved', 'rename.folders', 'rename.file'])('at %s loses no run, no byte and no word, and goes on when it is asked again', async (failpoint) => {
    const { root, store, runs } = await filled();
    writeFileSync(join(root, 'Nightly.yaml'), '');
    expect(renameIn(root, failpoint)).toMatchObject({ signal: 'SIGKILL' });
    // A reader that had its rows before, and one that asks for them now.
    expect(await outputOf(store, runs[0]?.[1] as Instance)).toEqual(['one']);
    const [, now] = (await store.find({ states: ['Completed'] })).filter(({ runFolder }) => runFolder !== undefined);
    expect(await outputOf(store, now as Instance)).toEqual(['two']);
    expect(renameIn(root)).toEqual({ signal: null, said: 'renamed' });
    const { firings } = openBook(root);
    expect([await firings.traces(KEY), await firings.traces(NEW)]).toEqual([NONE, ALL]);
    expect(existsSync(join(root, 'Evening.yaml'))).toBe(true);
    for (const [index, [, run]] of runs.entries()) {
      const [found] = await store.find({ ids: [run.id] });
      expect(found?.runFolder).toContain('output/p/Evening/');
      expect(await outputOf(store, found as Instance)).toEqual([['one'], ['two']][index]);
    }
  });

  test('with folders on their way removes what is to be removed, wherever it lies', async () => {
    const { root, store } = await filled();
    expect(renameIn(root, 'rename.moved')).toMatchObject({ signal: 'SIGKILL' });
    const done = await store.find({ states: ['Completed'] });
    expect(done.filter(({ runFolder }) => runFolder !== undefined && !existsSync(runFolder))).toHaveLength(2);
    await store.remove(done);
    expect(existsSync(join(root, 'output/p/Evening'))).toBe(true);
    store.close();
    expect((await rebuildStore(durableKind(root), { ids: countingIn(root), cutRecord: cut }, new Date(0))).missing).toEqual([]);
  });
});
