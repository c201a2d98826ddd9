import { isFinished, type Engine, type EngineStore, type ImportedRun, type Instance, type JobState } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { openDatabase, STANDSTILL, type Database } from '../src/database.ts';
import { insertPair, newInstanceId, planJob, planRun, planWaiting } from './jobs-of-engine.ts';
import { realTime } from './real-time.ts';
import { nth, serverOfThisFile } from './server.ts';

const file = serverOfThisFile();
let engine: Engine | undefined;
let direct: Database | undefined;

async function openStore(): Promise<EngineStore> {
  const options = await file.emptied();
  engine ??= await file.engine(options);
  direct ??= openDatabase(options, realTime);
  return engine.store;
}

const ask = async <Row extends object>(text: string): Promise<readonly Row[]> => ((await direct?.query<Row>(text))?.rows ?? []);
const places = async (): Promise<readonly string[]> => (await ask<{ instance_id: string }>('SELECT instance_id FROM nightshift.place ORDER BY waits_since')).map(({ instance_id }) => instance_id);
const entries = async (): Promise<readonly { id: string; state: string }[]> => ask('SELECT id, state FROM nightshift_boss.job ORDER BY created_on');
const moves = (instances: readonly Instance[], to: JobState, at = 1) => instances.map(({ instanceId, state }) => ({ instanceId, from: [state], to, ...(isFinished(to) ? { endTime: new Date(at * 1_000) } : {}) }));

describe('a job that is inserted', () => {
  test('has its place in the queue where nobody holds it, and none where somebody does', async () => {
    const store = await openStore();
    const [, waiting] = await insertPair(store, {}, planWaiting({ route: 'gpu', priority: 7, cap: { key: 'db', limit: 2 }, notBefore: new Date(8.64e12) }));
    await insertPair(store);
    expect(await ask('SELECT instance_id, entry_id, route, type, attempt, priority, cap_key, cap_limit, not_before FROM nightshift.place')).toEqual([
      { instance_id: waiting.instanceId, entry_id: waiting.instanceId, route: 'gpu', type: 'T', attempt: 1, priority: 7, cap_key: 'db', cap_limit: 2, not_before: new Date(8.64e12) },
    ]);
    expect(await entries()).toMatchObject([{ id: waiting.instanceId, state: 'created' }]);
  });

  test('a second time is answered with what is there, whoever asks and how often', async () => {
    const store = await openStore();
    const plans = [planJob(), [planWaiting(), planWaiting()]] as const;
    const first = await store.insert(...plans);
    await store.transition(moves(first.slice(1, 2), 'Running'));
    expect((await store.insert(...plans)).map(({ id, state }) => [id, state])).toEqual([[nth(1), 'NotStarted'], [nth(2), 'Running'], [nth(3), 'NotStarted']]);
    expect([(await store.find({})).length, (await places()).length, (await entries()).length]).toEqual([3, 2, 2]);
  });

  test('by many at the same time is one', async () => {
    const store = await openStore();
    const plans = [planJob(), [planWaiting()]] as const;
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => store.insert(...plans)));
    expect(new Set(answers.map((family) => family.map(({ id }) => id).join()))).toHaveLength(1);
    expect((await places()).length).toBe(1);
  });

  test('in part a second time is refused, and changes nothing', async () => {
    const store = await openStore();
    const [parent, child] = [planJob(), planRun()];
    await store.insert(parent, [child]);
    await expect(store.insert(parent, [planRun()])).rejects.toMatchObject({ code: 'InvalidJobState' });
    await expect(store.insert(planJob(), [child])).rejects.toMatchObject({ code: 'InvalidJobState' });
    expect((await store.find({})).length).toBe(2);
  });

  test('goes into the partition of its day, made when it is needed', async () => {
    const store = await openStore();
    const moment = Date.UTC(2029, 4, 6, 23, 59, 59, 999);
    await store.insert(planJob({ instanceId: newInstanceId(moment) }), [planRun({ instanceId: newInstanceId(moment + 1) })]);
    expect(await ask('SELECT tableoid::regclass::text AS name FROM nightshift.instance ORDER BY id')).toEqual([{ name: 'instance_20290506' }, { name: 'instance_20290507' }]);
    expect((await store.find({ family: nth(1) })).length).toBe(2);
  });

  test('on a day whose partition somebody has dropped is inserted all the same', async () => {
    const store = await openStore();
    const moment = Date.UTC(2029, 6, 7);
    await store.insert(planJob({ instanceId: newInstanceId(moment) }), []);
    for (const table of ['instance', 'attempt', 'segment', 'reading']) await direct?.query(`DROP TABLE nightshift.${table}_20290707`);
    await store.insert(planJob({ instanceId: newInstanceId(moment) }), []);
    expect((await store.find({})).length).toBe(1);
  });

  test('with a text that PostgreSQL cannot keep is kept as well as it can be', async () => {
    const store = await openStore();
    const [job] = await insertPair(store, { command: 'a\0b', name: 'x\0y' });
    await store.transition([{ instanceId: job.instanceId, from: ['NotStarted'], to: 'Failed', statusMessage: 'half \uD800 and \0', endTime: new Date(1) }]);
    expect((await store.find({ ids: [job.id] }))[0]).toMatchObject({ command: 'a\uFFFDb', name: 'x\uFFFDy', state: 'Failed' });
  });
});

describe('a transition', () => {
  test('with the fence of an owner that is another by now changes nothing, of the whole family', async () => {
    const store = await openStore();
    const [parent, run] = await insertPair(store);
    await direct?.query(`UPDATE nightshift.instance SET fence = 3 WHERE id = ${run.id}`);
    const ends = moves([run, parent], 'Completed');
    expect(await store.transition(ends.map((move) => ({ ...move, fence: 2 })))).toBe(false);
    expect((await store.find({})).map(({ state }) => state)).toEqual(['NotStarted', 'NotStarted']);
    expect(await store.transition(ends.map((move) => ({ ...move, fence: 3 })))).toBe(true);
    expect((await store.find({ states: ['Completed'] })).length).toBe(2);
  });

  test('to an end takes the run out of the queue', async () => {
    const store = await openStore();
    const pair = await insertPair(store, {}, planWaiting());
    await store.transition(moves(pair, 'Stopped'));
    expect(await places()).toEqual([]);
    expect(await entries()).toMatchObject([{ state: 'cancelled' }]);
  });

  test('that is refused leaves the run where it waits', async () => {
    const store = await openStore();
    const [parent, run] = await insertPair(store, {}, planWaiting());
    expect(await store.transition([...moves([run], 'Stopped'), { instanceId: parent.instanceId, from: ['Running'], to: 'Stopped' }])).toBe(false);
    expect(await places()).toEqual([run.instanceId]);
    expect(await entries()).toMatchObject([{ state: 'created' }]);
  });

  test('of families in any order is in nobody\'s way', async () => {
    const store = await openStore();
    const pairs = await Promise.all([1, 2, 3, 4].map(() => insertPair(store)));
    const all = pairs.flat();
    const answers = await Promise.all([all, all.toReversed(), all, all.toReversed()].map((instances) => store.transition(moves(instances, 'Running'))));
    expect(answers.filter(Boolean)).toHaveLength(1);
  });
});

describe('a job that queues behind others of its definition', () => {
  const definition = { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' };
  const facts = { definition, origin: { kind: 'demand', runNow: true } } as const;

  test('enters the queue when all of them have ended, in the same step, the oldest first', async () => {
    const store = await openStore();
    const running = await insertPair(store, facts);
    const [second, third] = [await insertPair(store, facts, planWaiting({ queued: true })), await insertPair(store, facts, planWaiting({ queued: true }))];
    expect(await places()).toEqual([]);
    await store.transition(moves(running, 'Completed'));
    expect(await places()).toEqual([second[1].instanceId]);
    expect((await store.find({ ids: [second[1].id, third[1].id] })).map(({ queued }) => queued)).toEqual([undefined, true]);
    await store.transition(moves(second, 'Stopped'));
    expect(await places()).toEqual([third[1].instanceId]);
  });

  test('enters it at once where there is none any more', async () => {
    const store = await openStore();
    const [, run] = await insertPair(store, facts, planWaiting({ queued: true }));
    expect(run.queued).toBe(undefined);
    expect(await places()).toEqual([run.instanceId]);
  });

  test('is let in once, however many end at the same time', async () => {
    const store = await openStore();
    const others = await Promise.all([1, 2, 3, 4].map(() => insertPair(store, facts)));
    await insertPair(store, facts, planWaiting({ queued: true }));
    await insertPair(store, facts, planWaiting({ queued: true }));
    await Promise.all(others.map((pair) => store.transition(moves(pair, 'Completed'))));
    expect((await places()).length).toBe(1);
  });
});

describe('how many jobs have ended', () => {
  test('is known without counting them, and follows every change', async () => {
    const store = await openStore();
    const pairs = await Promise.all([1, 2, 3].map(() => insertPair(store, { definition: { key: 'p/a', name: 'a', path: '/a' } })));
    const finished = (): Promise<number> => store.count({ topLevel: true, states: ['Completed', 'Failed', 'Stopped'] });
    expect(await finished()).toBe(0);
    await store.transition(moves(pairs.flat().slice(0, 4), 'Completed'));
    expect(await finished()).toBe(2);
    await store.remove(pairs[0] ?? []);
    expect(await finished()).toBe(1);
    expect(await ask('SELECT sum(jobs)::int AS jobs, count(*)::int AS rows FROM nightshift.tally_change')).toEqual([{ jobs: 1, rows: 3 }]);
  });
});

test('whoever watches hears of a change, by its instance, on another connection', async () => {
  const store = await openStore();
  const [, run] = await insertPair(store);
  const end = new AbortController();
  const heard: (string | undefined)[] = [];
  for await (const { instanceId } of store.watch?.(end.signal) ?? []) {
    heard.push(instanceId);
    if (instanceId === undefined) await store.transition(moves([run], 'Running'));
    else end.abort();
  }
  expect(heard).toEqual([undefined, run.instanceId]);
});

test('a part of an id that is no part of one finds nothing', async () => {
  const store = await openStore();
  const [job] = await insertPair(store);
  for (const instanceIdPart of ['xyz', '%', `${job.instanceId}0`, "'"]) expect(await store.find({ instanceIdPart })).toEqual([]);
  expect((await store.find({ instanceIdPart: '' })).length).toBe(2);
  expect(await store.find({ instanceIds: ['nobody'] })).toEqual([]);
});

test('an import whose pipe is slower than a transaction may stand still takes its runs in all the same', async () => {
  const store = await openStore();
  async function* slowly(): AsyncGenerator<readonly ImportedRun[]> {
    for (const id of [1, 2]) {
      if (id === 2) await realTime.sleep(STANDSTILL + 200);
      yield [{ line: id, id, instanceId: newInstanceId(), name: `Job${id}`, location: 'localhost', type: 'T', command: 'true', attempt: 1, origin: { kind: 'demand', runNow: false }, state: 'Completed', endTime: new Date(id) }];
    }
  }
  expect(await store.importRuns(slowly(), { file: 'jobs.jsonl' })).toMatchObject({ imported: 2 });
});
