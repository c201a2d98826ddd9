import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Instance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { inspectStore, rebuildStore, writeStop, type StoreKind } from '../src/index.ts';
import { countingIn, cut, durableKind, insertOne, insertPair, jobError, modeOf, newInstanceId, openStore, plan, planChild, sessionKind, temporaryFolder } from './folder.ts';

const now = new Date(Date.UTC(2026, 5, 7, 8, 9, 10));
const definition = { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' };
const KINDS: readonly (readonly [string, (root: string) => StoreKind])[] = [['session', sessionKind], ['durable', durableKind]];

const rebuild = (kind: StoreKind): ReturnType<typeof rebuildStore> => rebuildStore(kind, { ids: countingIn(kind.root), cutRecord: cut }, now);

async function loseIndex({ root }: StoreKind): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(root, `jobs.db${suffix}`), { force: true });
}

describe.each(KINDS)('a %s store', (_name, kindOf) => {
  test('that lost its index gets its jobs back, as they were planned', async () => {
    const kind = kindOf(temporaryFolder());
    const store = openStore(kind);
    const before = [...(await insertPair(store, { name: 'Build', definition })), await insertOne(store), ...(await insertPair(store))];
    store.close();
    await loseIndex(kind);
    expect(await rebuild(kind)).toMatchObject({ root: kind.root, missing: [expect.any(String), expect.any(String), expect.any(String)] });
    expect(await openStore(kind).find({})).toEqual(before);
  });

  test('is not changed when nothing is lost', async () => {
    const kind = kindOf(temporaryFolder());
    const store = openStore(kind);
    const [, run] = await insertPair(store);
    await store.transition([{ instanceId: run.instanceId, from: ['NotStarted'], to: 'Failed', reason: 'exit', exitCode: 3 }]);
    const before = await store.find({});
    store.close();
    const report = await rebuild(kind);
    expect(report.missing).toEqual([]);
    expect(report).not.toHaveProperty('setAside');
    expect(await openStore(kind).find({})).toEqual(before);
  });

  test('gets back only what its index does not have', async () => {
    const kind = kindOf(temporaryFolder());
    const store = openStore(kind);
    const [kept, lost] = [await insertPair(store), await insertPair(store)];
    await store.transition([{ instanceId: kept[1].instanceId, from: ['NotStarted'], to: 'Running', beginTime: now }]);
    store.database.exec('DELETE FROM instance WHERE id > 2');
    store.close();
    const { missing } = await rebuild(kind);
    expect(missing).toEqual([lost[1].runFolder]);
    expect(await openStore(kind).find({})).toMatchObject([{ id: 1 }, { id: 2, state: 'Running' }, { id: 3, state: 'NotStarted' }, { id: 4, state: 'NotStarted' }]);
  });

  test('whose index is damaged sets it aside and begins a new one', async () => {
    const kind = kindOf(temporaryFolder());
    const store = openStore(kind);
    const before = await insertPair(store);
    store.close();
    const damaged = Buffer.from('not a database at all '.repeat(500));
    writeFileSync(join(kind.root, 'jobs.db'), damaged);
    const { setAside } = await rebuild(kind);
    expect(setAside).toBe(join(kind.root, 'jobs.db.corrupt-2026-06-07T080910.000Z'));
    expect(readFileSync(setAside as string).equals(damaged)).toBe(true);
    expect(modeOf(join(kind.root, 'jobs.db'))).toBe('0600');
    expect(await openStore(kind).find({})).toEqual(before);
  });

  test('finds a job again whose command is running: its folder is as it was', async () => {
    const kind = kindOf(temporaryFolder());
    const store = openStore(kind);
    const [, run] = await insertPair(store);
    writeFileSync(join(run.runFolder as string, '1', 'claim'), '77 88 boot-1\n');
    writeFileSync(join(run.runFolder as string, '1', 'stdout'), 'one\n');
    store.close();
    await loseIndex(kind);
    await rebuild(kind);
    expect(await openStore(kind).find({ ids: [2] })).toMatchObject([{ state: 'NotStarted', runFolder: run.runFolder, run: run.run }]);
    expect(readdirSync(join(run.runFolder as string, '1')).toSorted()).toEqual(['claim', 'stdout']);
  });

  test('goes on counting above the jobs it got back', async () => {
    const kind = kindOf(temporaryFolder());
    const store = openStore(kind);
    await insertPair(store);
    store.close();
    await loseIndex(kind);
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(kind.root, `ids.db${suffix}`), { force: true });
    await rebuild(kind);
    expect((await insertPair(openStore(kind)))[0].id).toBe(3);
  });

  test('gets a parent of several back once, each child with its own folder', async () => {
    const kind = kindOf(temporaryFolder());
    const store = openStore(kind);
    const before = await store.insert(plan(), [planChild(), planChild()]);
    store.close();
    await loseIndex(kind);
    await rebuild(kind);
    expect(await openStore(kind).find({})).toEqual(before);
  });

  test('may be rebuilt twice', async () => {
    const kind = kindOf(temporaryFolder());
    const store = openStore(kind);
    const before = await insertPair(store);
    store.close();
    await loseIndex(kind);
    await rebuild(kind);
    expect((await rebuild(kind)).missing).toEqual([]);
    expect(await openStore(kind).find({})).toEqual(before);
  });

  test.each([
    ['nothing', ''],
    ['half a record', '{"version":1,"instan'],
    ['another version', '{"version":2,"instances":[{"id":1}]}'],
    ['no job', '{"version":1,"instances":[]}'],
    ['a list', '[]'],
    ['nothing but null', 'null'],
  ])('passes over a folder whose job.json says %s', async (_what, text) => {
    const kind = kindOf(temporaryFolder());
    const folder = runFolderOf(kind);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'job.json'), text);
    expect((await rebuild(kind)).missing).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });

  test('passes over folders that bear no name of ours', async () => {
    const kind = kindOf(temporaryFolder());
    const store = openStore(kind);
    const [, run] = await insertPair(store);
    store.close();
    await loseIndex(kind);
    renameSync(run.runFolder as string, join(dirname(run.runFolder as string), 'a copy of mine'));
    expect(await rebuild(kind)).toMatchObject({ missing: [], stillborn: [] });
    expect(existsSync(join(dirname(run.runFolder as string), 'a copy of mine', 'job.json'))).toBe(true);
  });

  test('loses the folder of a start that was cut off long ago, and keeps one that may still go on', async () => {
    const kind = kindOf(temporaryFolder());
    const [old, young] = [runFolderOf(kind, 1), runFolderOf(kind, 2)];
    for (const folder of [old, young]) mkdirSync(join(folder, '1'), { recursive: true });
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(old, longAgo, longAgo);
    expect((await rebuild(kind)).stillborn).toEqual([old]);
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  });

  test.each(['stopped', 'overlap', 'timeout'] as const)('remembers that a run was to be stopped (%s)', async (reason) => {
    const kind = kindOf(temporaryFolder());
    const store = openStore(kind);
    const [, run] = await insertPair(store);
    writeStop(join(run.runFolder as string, '1'), reason);
    store.close();
    await loseIndex(kind);
    await rebuild(kind);
    expect(await openStore(kind).find({ ids: [2] })).toMatchObject([{ stopReason: reason }]);
  });
});

/** A place where a store keeps runs. */
function runFolderOf(kind: StoreKind, last = 1): string {
  const instanceId = newInstanceId(new Date(last));
  return join(kind.root, kind.layout(plan({ instanceId })));
}

test('a damaged index takes its log and its shared memory with it', async () => {
  const kind = durableKind(temporaryFolder());
  for (const suffix of ['', '-wal']) writeFileSync(join(kind.root, `jobs.db${suffix}`), 'not a database at all '.repeat(500));
  const { setAside } = await rebuild(kind);
  expect(readdirSync(kind.root).filter((name) => name.startsWith(basename(setAside as string))).toSorted()).toEqual([basename(setAside as string), `${basename(setAside as string)}-wal`]);
});

test('an index whose pages are damaged behind a good header is set aside as well', async () => {
  const kind = durableKind(temporaryFolder());
  const store = openStore(kind);
  const before: Instance[] = [];
  for (let made = 0; made < 20; made++) before.push(...(await insertPair(store)));
  store.close();
  const bytes = readFileSync(join(kind.root, 'jobs.db'));
  bytes.fill(0xff, 4_096, 12_288);
  writeFileSync(join(kind.root, 'jobs.db'), bytes);
  expect(await rebuild(kind)).toHaveProperty('setAside');
  expect(await openStore(kind).find({})).toEqual(before);
});

test('an index of a newer version is refused and stays where it is', async () => {
  const kind = durableKind(temporaryFolder());
  const store = openStore(kind);
  store.database.exec('PRAGMA user_version = 99');
  store.close();
  await expect(rebuild(kind)).rejects.toThrow(jobError('StoreNewerSchema'));
  expect(readdirSync(kind.root).filter((name) => name.includes('corrupt'))).toEqual([]);
});

test('a store that was moved is rebuilt where it lies now', async () => {
  const place = temporaryFolder();
  mkdirSync(join(place, 'old'));
  const store = openStore(durableKind(join(place, 'old')));
  await insertPair(store, { definition });
  store.close();
  await loseIndex(durableKind(join(place, 'old')));
  renameSync(join(place, 'old'), join(place, 'new'));
  await rebuild(durableKind(join(place, 'new')));
  const [, run] = await openStore(durableKind(join(place, 'new'))).find({});
  expect(run?.runFolder).toContain(join(place, 'new', 'output', 'p', 'Nightly'));
});

describe('a look at a store', () => {
  test('counts its jobs and names the folders that it does not know, and changes nothing', async () => {
    const store = openStore(durableKind(temporaryFolder()));
    await insertPair(store);
    const [, lost] = await insertPair(store);
    store.database.exec('DELETE FROM instance WHERE id > 2');
    const before = await store.find({});
    expect(await inspectStore(store)).toEqual({ root: store.root, jobs: 2, missing: [lost.runFolder], stillborn: [], unreadable: [] });
    expect(await store.find({})).toEqual(before);
  });

  test('does not look into the session stores that lie in it', async () => {
    const state = temporaryFolder();
    const root = join(state, 'session', 'boot-1');
    mkdirSync(root, { recursive: true });
    await insertPair(openStore(sessionKind(root), countingIn(state)));
    expect(await inspectStore(openStore(durableKind(state)))).toMatchObject({ jobs: 0, missing: [] });
  });

  test('refuses one that is damaged', async () => {
    const root = temporaryFolder();
    const store = openStore(sessionKind(root));
    for (let made = 0; made < 20; made++) await insertPair(store);
    store.close();
    const bytes = readFileSync(join(root, 'jobs.db'));
    bytes.fill(0xff, 8_192, 12_288);
    writeFileSync(join(root, 'jobs.db'), bytes);
    const damaged = openStore(sessionKind(root));
    await expect(inspectStore(damaged)).rejects.toThrow(jobError('StoreUnavailable'));
  });

  test('never takes the folder of a row for that of a start that was cut off', async () => {
    const kind = durableKind(temporaryFolder());
    const store = openStore(kind);
    const [, run] = await insertPair(store);
    const folder = run.runFolder as string;
    rmSync(join(folder, 'job.json'));
    utimesSync(folder, new Date(0), new Date(0));
    expect(await inspectStore(store)).toMatchObject({ stillborn: [], unreadable: [] });
    store.close();
    await rebuild(kind);
    expect(existsSync(folder)).toBe(true);
  });
});

describe('a run folder without a row that does not say whose it is', () => {
  async function damaged(text: string): Promise<{ readonly kind: StoreKind; readonly folder: string }> {
    const kind = durableKind(temporaryFolder());
    const store = openStore(kind);
    const [, run] = await insertPair(store);
    const folder = run.runFolder as string;
    writeFileSync(join(folder, 'job.json'), text);
    store.database.exec('DELETE FROM instance WHERE parentId IS NOT NULL; DELETE FROM instance');
    store.close();
    return { kind, folder };
  }

  test.each(['', 'garbage', '{"version":1}', '{"version":1,"instances":[{'])('is kept aside when something has run in it (%j)', async (text) => {
    const { kind, folder } = await damaged(text);
    writeFileSync(join(folder, '1', 'claim'), '12 34 56');
    expect((await rebuildStore(kind, { ids: countingIn(kind.root), cutRecord: cut }, now, () => true)).kept).toEqual([]);
    const { kept } = await rebuild(kind);
    expect(kept).toMatchObject([{ folder, place: `${folder}.corrupt-2026-06-07T080910.000Z`, why: 'it does not say whose it is' }]);
    expect(existsSync(join(kept[0]?.place as string, '1', 'claim'))).toBe(true);
    expect(await rebuild(kind)).toMatchObject({ kept: [], unreadable: [], missing: [] });
  });

  test.each([['never was a job’s: nothing has run in it', '{"version":1,"inst', false], ['is left to the newer version that wrote it', '{"version":2}', true]])('%s', async (_what, text, ran) => {
    const { kind, folder } = await damaged(text);
    if (ran) writeFileSync(join(folder, '1', 'claim'), '12 34 56');
    expect(await rebuild(kind)).toMatchObject({ kept: [], unreadable: [], missing: [] });
    expect(existsSync(folder)).toBe(true);
  });
});
