import { FINISHED_STATES, JOB_STATES, type Instance, type InstanceQuery, type JobState, type Transition } from '@nightshift/sdk';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { JOBS_001 } from '../src/database/migrations/jobs-001.ts';
import { openDatabase } from '../src/database/open.ts';
import type { EmbeddedStore } from '../src/index.ts';
import { insertOne, insertPair, newInstanceId, openStore, plan, planChild, RUN, sessionKind, temporaryFolder } from './folder.ts';

const open = (): EmbeddedStore => openStore(sessionKind(temporaryFolder()));
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);

async function put(store: EmbeddedStore, state: JobState, facts: Partial<Transition> = {}, name?: string): Promise<Instance> {
  const instance = await insertOne(store, name === undefined ? {} : { name });
  if (state !== 'NotStarted') await store.transition([{ instanceId: instance.instanceId, from: ['NotStarted'], to: state, ...facts }]);
  return (await store.find({ ids: [instance.id] }))[0] as Instance;
}

describe('a row', () => {
  test('comes back as it went in', async () => {
    const store = open();
    const parent = plan({ name: 'Nightly', location: 'server1', command: ' a\n"b" ', definition: { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' } });
    const inserted = await store.insert({ ...parent, origin: { kind: 'trigger', triggerId: '2', dueAt: at(7), catchUp: true } }, [planChild({ run: { ...RUN, successExitCodes: [0, 3], streamCommands: false } })]);
    expect(await store.find({})).toEqual(inserted);
    expect(inserted[0]).toEqual({ ...parent, id: 1, name: 'Nightly', state: 'NotStarted', attempt: 1, origin: { kind: 'trigger', triggerId: '2', dueAt: at(7), catchUp: true } });
    expect(inserted[1]).toMatchObject({ id: 2, parentId: 1, name: 'Job2', location: 'localhost', origin: { kind: 'parent', parentId: 1 }, run: { successExitCodes: [0, 3] } });
  });

  test.each(JOB_STATES.filter((state) => state !== 'NotStarted'))('can be %s with every fact, and each comes back', async (state) => {
    const store = open();
    const { instanceId } = await insertOne(store);
    const facts = { reason: 'exit', statusMessage: 'm', beginTime: at(1), endTime: at(2), exitCode: 0, signal: 'SIGTERM', stopReason: 'stopped', outputBytes: 0 } as const;
    expect(await store.transition([{ instanceId, from: ['NotStarted'], to: state, ...facts }])).toBe(true);
    expect(await store.find({})).toMatchObject([{ state, ...facts }]);
  });

  test('has no member for what is not known', async () => {
    const store = open();
    await insertOne(store);
    const [found] = await store.find({});
    expect(Object.keys(found as Instance).toSorted()).toEqual(['attempt', 'command', 'id', 'instanceId', 'location', 'name', 'origin', 'runFolder', 'state', 'type']);
  });
});

describe('a question', () => {
  async function mixed(): Promise<EmbeddedStore> {
    const store = open();
    await put(store, 'NotStarted', {}, 'Build');
    await put(store, 'Completed', { endTime: at(300) }, 'build');
    await put(store, 'Failed', { endTime: at(100) }, 'Test');
    await put(store, 'Suspended', {}, 'Über');
    await put(store, 'Stopped', { endTime: at(200) }, '100%');
    await insertPair(store, { name: 'Pair' });
    return store;
  }

  test.each<[string, InstanceQuery, readonly number[]]>([
    ['everything', {}, [1, 2, 3, 4, 5, 6, 7]],
    ['ids', { ids: [7, 1, 99, 1] }, [1, 7]],
    ['no id', { ids: [] }, []],
    ['an id beyond all numbers', { ids: [1e20] }, []],
    ['names without case', { names: ['BUILD', 'pair'] }, [1, 2, 6]],
    ['names whole', { names: ['Buil', 'uild', '%', 'B_ild'] }, []],
    ['names with marks of SQL', { names: ['100%', "' OR 1=1 --"] }, [5]],
    ['names of ASCII letters without case only', { names: ['über'] }, []],
    ['states', { states: ['Failed', 'Suspended'] }, [3, 4]],
    ['finished states', { states: FINISHED_STATES }, [2, 3, 5]],
    ['unfinished states', { states: JOB_STATES.filter((state) => !FINISHED_STATES.includes(state)) }, [1, 4, 6, 7]],
    ['no state', { states: [] }, []],
    ['parents', { parentIds: [6, 1] }, [7]],
    ['jobs without a parent', { topLevel: true }, [1, 2, 3, 4, 5, 6]],
    ['the newest', { newest: 2 }, [2, 5]],
    ['the newest of more than there are', { newest: 9 }, [2, 3, 5]],
    ['no newest at all', { newest: 0 }, []],
    ['several things at once', { states: ['NotStarted'], topLevel: true, names: ['build', 'pair'] }, [1, 6]],
    ['the newest of some', { names: ['Test', '100%'], newest: 1 }, [5]],
  ])('for %s finds them in id order', async (_what, query, ids) => {
    expect((await (await mixed()).find(query)).map(({ id }) => id)).toEqual(ids);
  });

  test.each<[string, InstanceQuery, number]>([
    ['everything', {}, 7],
    ['jobs without a parent', { topLevel: true }, 6],
    ['states', { states: ['Completed', 'NotStarted'] }, 4],
    ['nothing', { ids: [99] }, 0],
  ])('how many: %s', async (_what, query, count) => {
    expect(await (await mixed()).count(query)).toBe(count);
  });

  test('how many jobs are finished: right after each end and each removal, children apart', async () => {
    const store = open();
    const finished = async (): Promise<number> => store.count({ topLevel: true, states: FINISHED_STATES });
    const [parent, child] = await insertPair(store);
    expect(await finished()).toBe(0);
    await store.transition([{ instanceId: child.instanceId, from: ['NotStarted'], to: 'Failed', endTime: at(1) }]);
    expect(await finished()).toBe(0);
    await store.transition([{ instanceId: parent.instanceId, from: ['NotStarted'], to: 'Failed', endTime: at(1) }]);
    const second = await put(store, 'Completed', { endTime: at(2) });
    await put(store, 'Running', { beginTime: at(3) });
    expect(await finished()).toBe(2);
    await store.remove([parent]);
    expect(await finished()).toBe(1);
    await store.remove([second]);
    expect(await finished()).toBe(0);
  });

  test('how many jobs are finished: those of a store that was made before anybody counted as well', async () => {
    const kind = sessionKind(temporaryFolder());
    const database = openDatabase(join(kind.root, 'jobs.db'), 'OFF', [JOBS_001]);
    const insert = database.prepare(`INSERT INTO instance (id, instanceId, name, type, state, location, command, endTime, origin, attempt) VALUES (?, ?, 'Old', 'BackgroundJob', ?, 'localhost', 'true', ?, '{}', 1)`);
    insert.run(1, newInstanceId(), 'Completed', at(1).getTime());
    insert.run(2, newInstanceId(), 'Running', null);
    database.close();
    expect(await openStore(kind).count({ topLevel: true, states: FINISHED_STATES })).toBe(1);
  });

  test.each([
    ['a prefix', '0190aaaa-b'],
    ['a suffix', 'eeff0001'],
    ['the whole', '0190aaaa-bbbb-7ccc-8ddd-eeeeeeff0001'],
  ])('for %s of an instance id finds the job', async (_what, instanceIdPart) => {
    const store = open();
    await insertOne(store, { instanceId: '0190aaaa-bbbb-7ccc-8ddd-eeeeeeff0001' });
    await insertOne(store, { instanceId: '0190aaaa-cbbb-7ccc-8ddd-eeeeeeff0002' });
    expect((await store.find({ instanceIdPart })).map(({ id }) => id)).toEqual([1]);
  });

  test('for a middle of an instance id finds nothing', async () => {
    const store = open();
    await insertOne(store, { instanceId: '0190aaaa-bbbb-7ccc-8ddd-eeeeeeff0001' });
    expect(await store.find({ instanceIdPart: 'bbbb-7ccc' })).toEqual([]);
  });

  test('of the newest takes the higher id of two that ended together', async () => {
    const store = open();
    for (let made = 0; made < 3; made++) await put(store, 'Completed', { endTime: at(1) });
    expect((await store.find({ newest: 2 })).map(({ id }) => id)).toEqual([2, 3]);
  });

  test('may name 50,000 jobs in each of its lists', { timeout: 20_000 }, async () => {
    const store = await mixed();
    const numbers = Array.from({ length: 50_000 }, (_, index) => index + 1);
    const some = await store.find({});
    expect(await store.find({ ids: numbers })).toHaveLength(7);
    expect(await store.find({ parentIds: numbers })).toHaveLength(1);
    expect(await store.find({ names: [...numbers.map((number) => `x${number}`), 'Test'] })).toHaveLength(1);
    expect(await store.find({ instanceIds: [...numbers.map(() => newInstanceId()), (some[0] as Instance).instanceId] })).toHaveLength(1);
  });
});

describe('a change', () => {
  test('is made when the job is in one of the states it was seen in', async () => {
    const store = open();
    const { instanceId } = await insertOne(store);
    expect(await store.transition([{ instanceId, from: ['Running', 'NotStarted'], to: 'Running', beginTime: at(1) }])).toBe(true);
    expect(await store.find({})).toMatchObject([{ state: 'Running', beginTime: at(1) }]);
  });

  test('is not made when the job has left those states, and nothing of it is', async () => {
    const store = open();
    const { instanceId } = await insertOne(store);
    const before = await store.find({});
    expect(await store.transition([{ instanceId, from: ['Running'], to: 'Failed', reason: 'exit', exitCode: 1, endTime: at(1), outputBytes: 9 }])).toBe(false);
    expect(await store.find({})).toEqual(before);
  });

  test.each(['first', 'second', 'third'])('of several is not made when the %s of them cannot be', async (which) => {
    const store = open();
    const jobs = [await insertOne(store), await insertOne(store), await insertOne(store)];
    const before = await store.find({});
    const bad = ['first', 'second', 'third'].indexOf(which);
    const changes = jobs.map(({ instanceId }, index): Transition => ({ instanceId, from: [index === bad ? 'Blocked' : 'NotStarted'], to: 'Running' }));
    expect(await store.transition(changes)).toBe(false);
    expect(await store.find({})).toEqual(before);
  });

  test('of a job that is gone is not made', async () => {
    expect(await open().transition([{ instanceId: newInstanceId(), from: [...JOB_STATES], to: 'Failed' }])).toBe(false);
  });

  test('of nothing is made', async () => {
    expect(await open().transition([])).toBe(true);
  });

  test('of one job in two steps sees the first in the second', async () => {
    const store = open();
    const { instanceId } = await insertOne(store);
    const steps: Transition[] = [{ instanceId, from: ['NotStarted'], to: 'Running', beginTime: at(1) }, { instanceId, from: ['Running'], to: 'Completed', endTime: at(2) }];
    expect(await store.transition(steps)).toBe(true);
    expect(await store.find({})).toMatchObject([{ state: 'Completed', beginTime: at(1), endTime: at(2) }]);
  });

  test('by two connections is made by one of them', async () => {
    const root = temporaryFolder();
    const [one, other] = [openStore(sessionKind(root)), openStore(sessionKind(root))];
    const { instanceId } = await insertOne(one);
    const results = [await one.transition([{ instanceId, from: ['NotStarted'], to: 'Running' }]), await other.transition([{ instanceId, from: ['NotStarted'], to: 'Stopping' }])];
    expect(results).toEqual([true, false]);
    expect(await other.find({})).toMatchObject([{ state: 'Running' }]);
  });
});

describe('a fact', () => {
  test.each([
    ['beginTime', at(1), at(2)],
    ['endTime', at(1), at(2)],
    ['stopReason', 'overlap', 'stopped'],
  ] as const)('%s is set once', async (fact, first, second) => {
    const store = open();
    const { instanceId } = await insertOne(store);
    await store.transition([{ instanceId, from: ['NotStarted'], to: 'Running', [fact]: first }]);
    await store.transition([{ instanceId, from: ['Running'], to: 'Stopping', [fact]: second }]);
    expect(await store.find({})).toMatchObject([{ [fact]: first }]);
  });

  test.each([
    ['reason', 'exit', 'signal'],
    ['statusMessage', 'one', 'two'],
    ['exitCode', 1, 0],
    ['signal', 'SIGTERM', 'SIGKILL'],
    ['outputBytes', 1, 0],
  ] as const)('%s is replaced by a later one, and stays when none comes', async (fact, first, second) => {
    const store = open();
    const { instanceId } = await insertOne(store);
    await store.transition([{ instanceId, from: ['NotStarted'], to: 'Running', [fact]: first }]);
    await store.transition([{ instanceId, from: ['Running'], to: 'Blocked' }]);
    expect(await store.find({})).toMatchObject([{ [fact]: first }]);
    await store.transition([{ instanceId, from: ['Blocked'], to: 'Failed', [fact]: second }]);
    expect(await store.find({})).toMatchObject([{ [fact]: second }]);
  });
});
