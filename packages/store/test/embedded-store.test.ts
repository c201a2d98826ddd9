import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Instance } from '@nightshift/sdk';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readJobFile } from '../src/run-folder/job-file.ts';
import { revokeClaim } from '../src/index.ts';
import { countingIn, durableKind, filesBelow, insertOne, insertPair, jobError, modeOf, newInstanceId, openBoth, openStore, plan, planChild, sessionKind, temporaryFolder } from './folder.ts';

/** Folders of runs, as they lie in a session store. */
const runsIn = (root: string): string[] => filesBelow(root).filter((path) => /^[0-9a-f-]{36}$/.test(path));

describe('a new job', () => {
  test('and its child get ids one after the other, names by their ids, and the child its parent', async () => {
    const store = openStore(sessionKind(temporaryFolder()));
    const [parent, child] = await insertPair(store);
    expect(parent).toMatchObject({ id: 1, name: 'Job1', state: 'NotStarted', attempt: 1, location: 'localhost', origin: { kind: 'demand', runNow: false } });
    expect(child).toMatchObject({ id: 2, name: 'Job2', parentId: 1, origin: { kind: 'parent', parentId: 1 } });
    expect(parent).not.toHaveProperty('parentId');
  });

  test.each([
    ['Build', 'Build'],
    ['', 'Job1'],
    [undefined, 'Job1'],
  ])('named %j bears the name %j', async (name, expected) => {
    const store = openStore(sessionKind(temporaryFolder()));
    expect((await insertOne(store, name === undefined ? {} : { name })).name).toBe(expected);
  });

  test('runs in the folder that bears the id of the job, whose only child runs', async () => {
    const root = temporaryFolder();
    const store = openStore(sessionKind(root));
    const [parent, child] = await insertPair(store);
    expect(child.runFolder).toBe(join(root, parent.instanceId));
    expect(parent).not.toHaveProperty('runFolder');
    expect(filesBelow(child.runFolder as string)).toEqual(['1', 'job.json']);
  });

  test('without children runs in a folder of its own', async () => {
    const root = temporaryFolder();
    const lone = await insertOne(openStore(sessionKind(root)));
    expect(lone.runFolder).toBe(join(root, lone.instanceId));
    expect(statSync(join(lone.runFolder as string, '1')).isDirectory()).toBe(true);
  });

  test('with several children has a folder for each', async () => {
    const root = temporaryFolder();
    const [, one, other] = (await openStore(sessionKind(root)).insert(plan(), [planChild(), planChild()])) as unknown as [Instance, Instance, Instance];
    expect([one.runFolder, other.runFolder]).toEqual([join(root, one.instanceId), join(root, other.instanceId)]);
    for (const { runFolder } of [one, other]) expect(filesBelow(runFolder as string)).toEqual(['1', 'job.json']);
  });

  test('says in its folder who it is', async () => {
    const store = openStore(durableKind(temporaryFolder()));
    const pair = await insertPair(store, { name: 'Nightly', definition: { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' }, origin: { kind: 'trigger', triggerId: '1', dueAt: new Date(7), catchUp: false } });
    const folder = pair[1].runFolder as string;
    expect(JSON.parse(readFileSync(join(folder, 'job.json'), 'utf8'))).toMatchObject({
      version: 1,
      instances: [{ id: 1, instanceId: pair[0].instanceId, name: 'Nightly', type: 'ShellJob', command: 'true', definition: { key: 'p/nightly' }, origin: { kind: 'trigger', triggerId: '1', catchUp: false } }, { id: 2, parentId: 1 }],
    });
    expect(readJobFile(folder)?.instances).toEqual(pair);
  });

  test('has its folder before it has its row', async () => {
    const root = temporaryFolder();
    const store = openStore(sessionKind(root));
    const seen: boolean[] = [];
    store.database.function('look', (folder) => {
      if (typeof folder === 'string') seen.push(existsSync(join(root, folder, 'job.json')) && existsSync(join(root, folder, '1')));
      return null;
    });
    store.database.exec('CREATE TEMP TRIGGER before_row BEFORE INSERT ON instance BEGIN SELECT look(NEW.runFolder); END');
    await insertPair(store);
    expect(seen).toEqual([true]);
  });

  test('of both stores lies where its store keeps it', async () => {
    const { state, session, durable } = openBoth();
    const [, brief] = await insertPair(session);
    const [, kept] = await insertPair(durable);
    expect(brief.runFolder).toMatch(new RegExp(`^${state}/session/`));
    expect(kept.runFolder).toMatch(new RegExp(`^${state}/output/_/20260102-030405-006-`));
  });

  test('is found in another place when its store was moved', async () => {
    const root = temporaryFolder();
    const store = openStore(sessionKind(root));
    const [, child] = await insertPair(store);
    const row = store.database.prepare('SELECT runFolder FROM instance WHERE id = 2').get();
    expect(row?.['runFolder']).not.toContain(root);
    expect((await store.find({ ids: [2] }))[0]?.runFolder).toBe(child.runFolder);
  });
});

describe('an insert that fails', () => {
  test.each([
    ['when the store is full', (database: DatabaseSync): void => database.exec('PRAGMA max_page_count = 1'), 'StoreFull'],
    ['when the rows are refused', (database: DatabaseSync): void => database.exec("CREATE TEMP TRIGGER no BEFORE INSERT ON instance BEGIN SELECT raise(ABORT, 'no'); END"), 'StoreUnavailable'],
  ])('leaves no folder and no row %s', async (_when, spoil, code) => {
    const root = temporaryFolder();
    const store = openStore(sessionKind(root));
    spoil(store.database);
    await expect(store.insert(plan({ command: 'x'.repeat(100_000) }), [planChild()])).rejects.toThrow(jobError(code));
    expect(runsIn(root)).toEqual([]);
    expect(await store.find({})).toEqual([]);
  });

  test('at the second of several children leaves no folder of the first', async () => {
    const root = temporaryFolder();
    const store = openStore(sessionKind(root));
    const [one, other] = [planChild(), planChild()];
    writeFileSync(join(root, other.instanceId), 'somebody else’s');
    await expect(store.insert(plan(), [one, other])).rejects.toThrow();
    expect(existsSync(join(root, one.instanceId))).toBe(false);
    expect(await store.find({})).toEqual([]);
  });

  test('at a place that is taken leaves what lies there', async () => {
    const root = temporaryFolder();
    const store = openStore(sessionKind(root));
    const planned = plan();
    mkdirSync(join(root, planned.instanceId));
    writeFileSync(join(root, planned.instanceId, 'job.json'), 'mine');
    await expect(store.insert(planned, [])).rejects.toThrow();
    expect(readFileSync(join(root, planned.instanceId, 'job.json'), 'utf8')).toBe('mine');
  });

  test('because the instance id is taken leaves the first job whole', async () => {
    const store = openStore(sessionKind(temporaryFolder()));
    const [first, run] = await insertPair(store);
    writeFileSync(join(run.runFolder as string, '1', 'stdout'), 'precious\n');
    await expect(insertPair(store, { instanceId: first.instanceId })).rejects.toThrow();
    expect(readFileSync(join(run.runFolder as string, '1', 'stdout'), 'utf8')).toBe('precious\n');
    expect(await store.find({})).toHaveLength(2);
  });

  test('does not give its ids to the next job', async () => {
    const root = temporaryFolder();
    const store = openStore(sessionKind(root));
    store.database.exec("CREATE TEMP TRIGGER no BEFORE INSERT ON instance BEGIN SELECT raise(ABORT, 'no'); END");
    await expect(insertPair(store)).rejects.toThrow();
    store.database.exec('DROP TRIGGER no');
    expect((await insertPair(store))[0].id).toBe(3);
  });
});

describe('a job that is removed', () => {
  test('leaves nothing behind', async () => {
    const root = temporaryFolder();
    const store = openStore(sessionKind(root));
    const pair = await insertPair(store);
    await insertPair(store);
    await store.remove(pair);
    expect(await store.find({})).toMatchObject([{ id: 3 }, { id: 4 }]);
    expect(runsIn(root)).toHaveLength(1);
  });

  test('loses its folder first: a row without records can be removed again', async () => {
    const store = openStore(sessionKind(temporaryFolder()));
    const pair = await insertPair(store);
    store.database.exec("CREATE TEMP TRIGGER no BEFORE DELETE ON instance BEGIN SELECT raise(ABORT, 'no'); END");
    await expect(store.remove(pair)).rejects.toThrow(jobError('StoreUnavailable'));
    expect(existsSync(pair[1].runFolder as string)).toBe(false);
    store.database.exec('DROP TRIGGER no');
    await store.remove(pair);
    expect(await store.find({})).toEqual([]);
  });

  test('may be removed twice', async () => {
    const store = openStore(sessionKind(temporaryFolder()));
    const pair = await insertPair(store);
    await store.remove(pair);
    await store.remove(pair);
    expect(await store.find({})).toEqual([]);
  });

  test('of a definition leaves the other runs of it', async () => {
    const store = openStore(durableKind(temporaryFolder()));
    const definition = { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' };
    const [one, other] = [await insertPair(store, { definition }), await insertPair(store, { definition })];
    await store.remove(one);
    expect(existsSync(other[1].runFolder as string)).toBe(true);
  });
});

describe('under a umask of 000', () => {
  function openUmask(): void {
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
  }

  test.each(['session', 'durable'] as const)('every file and folder of a %s store is its owner’s alone', async (kind) => {
    openUmask();
    const root = temporaryFolder();
    const store = openStore(kind === 'session' ? sessionKind(root) : durableKind(root), countingIn(root));
    const [, run] = await insertPair(store, { definition: { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' } });
    await store.insert(plan(), [planChild(), planChild()]);
    revokeClaim(join(run.runFolder as string, '1'));
    await store.saveReading(run.instanceId, { cursor: '' as never, reasonDelivered: false, drained: false });
    const found = filesBelow(root);
    expect(found).toEqual(expect.arrayContaining(['ids.db', 'jobs.db', 'jobs.db-wal', 'jobs.db-shm']));
    const wrong = found.filter((path) => modeOf(join(root, path)) !== (statSync(join(root, path)).isDirectory() ? '0700' : '0600'));
    expect(wrong).toEqual([]);
  });
});

describe('a store', () => {
  test('is the same for two that open it', async () => {
    const root = temporaryFolder();
    const [one, other] = [openStore(sessionKind(root)), openStore(sessionKind(root))];
    const pair = await insertPair(one);
    expect(await other.find({})).toEqual(pair);
    expect((await insertPair(other)).map(({ id }) => id)).toEqual([3, 4]);
  });

  test('whose folder is gone is an error, not an empty store', () => {
    const root = join(temporaryFolder(), 'gone');
    expect(() => openStore(sessionKind(root), countingIn(temporaryFolder()))).toThrow();
  });

  test('reads nothing of a job without a run', async () => {
    const store = openStore(sessionKind(temporaryFolder()));
    const [parent] = await insertPair(store);
    expect(await store.read(parent, { after: '' as never, streams: ['output'], limit: 10 })).toMatchObject({ records: [], more: false, drained: true });
  });

  test('takes a job whose instance id it has never seen as unknown', async () => {
    expect(await openStore(sessionKind(temporaryFolder())).find({ instanceIds: [newInstanceId()] })).toEqual([]);
  });
});
