import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Instance, NewInstance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { openFirings, rebuildStore, type EmbeddedStore } from '../src/index.ts';
import { readJobFile } from '../src/run-folder/job-file.ts';
import { countingIn, cut, durableKind, filesBelow, jobError, newInstanceId, openStore, sessionKind, temporaryFolder } from './folder.ts';

const me = { host: 'here', boot: 'boot-1', pid: 7, startTime: '70' };
const other = { ...me, pid: 8 };
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);
const definition = { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' };

function planned(): readonly [NewInstance, NewInstance] {
  const origin = { kind: 'trigger', triggerId: '1', dueAt: at(0), catchUp: false } as const;
  const waiting = { notBefore: at(9), queued: true };
  const parent: NewInstance = { instanceId: newInstanceId(), name: 'Nightly', type: 'ScheduledJob', command: 'true', definition, origin, ...waiting };
  return [parent, { instanceId: newInstanceId(), type: 'BackgroundJob', command: 'true', origin: { kind: 'parent' }, run: { carries: parent.instanceId, retry: { limit: 3, delay: 1, factor: 2, maxDelay: 9, onInterrupted: false } }, launch: '{}', ...waiting }];
}

/** A job that a trigger has started and nobody has taken up. */
async function triggered(store: EmbeddedStore): Promise<readonly [Instance, Instance]> {
  const start = planned();
  const [result] = await openFirings(store, countingIn(store.root)).fire([{ definition: definition.key, decidedAt: at(0), clocks: [], firings: [{ triggerId: 1, dueAt: at(0), word: 'Started', start }] }]);
  return (result as unknown as { instances: readonly [Instance, Instance] }).instances;
}

const durable = (): EmbeddedStore => openStore(durableKind(temporaryFolder()));
const row = async (store: EmbeddedStore, id: number): Promise<Instance> => (await store.find({ ids: [id] }))[0] as Instance;
const closed = { attempt: 1, reason: 'exit', exitCode: 3, beginTime: at(1), endTime: at(2) } as const;
const again = { closed, notBefore: at(60), retried: 1, statusMessage: 'the next attempt starts later' };

describe('a job that a trigger starts', () => {
  test('has its path and no folder until it is taken up', async () => {
    const store = durable();
    const [, run] = await triggered(store);
    expect(existsSync(dirname(run.runFolder as string))).toBe(false);
    const taken = await store.takeUp(run, me);
    expect(taken).toMatchObject({ id: run.id, state: 'NotStarted', run: { holder: me }, runFolder: run.runFolder, launch: '{}' });
    expect(taken).not.toHaveProperty('notBefore');
    expect(taken).not.toHaveProperty('queued');
    expect(filesBelow(run.runFolder as string)).toEqual(['1', 'job.json']);
  });

  test('waits no more once it is taken up, and neither does its parent', async () => {
    const store = durable();
    const [parent, run] = await triggered(store);
    expect(await row(store, parent.id)).toMatchObject({ notBefore: at(9), queued: true });
    await store.takeUp(run, me);
    expect(await row(store, parent.id)).not.toHaveProperty('notBefore');
    expect(await row(store, parent.id)).not.toHaveProperty('queued');
  });

  test('says in its folder who it is and who holds it, so that an index built anew knows', async () => {
    const store = durable();
    const [parent, run] = await triggered(store);
    const taken = await store.takeUp(run, me);
    const file = readJobFile(run.runFolder as string)?.instances;
    expect(file).toEqual([await row(store, parent.id), taken]);
    expect(file?.[0]?.origin).toEqual({ kind: 'trigger', triggerId: '1', dueAt: at(0), catchUp: false });
  });

  test('is removed though it never had a folder', async () => {
    const store = durable();
    await store.remove(await triggered(store));
    expect(await store.find({})).toEqual([]);
  });
});

describe('a job is not taken up', () => {
  test('a second time', async () => {
    const store = durable();
    const [, run] = await triggered(store);
    await store.takeUp(run, me);
    expect(await store.takeUp(run, other)).toBeUndefined();
    expect(await row(store, run.id)).toMatchObject({ run: { holder: me } });
  });

  test('when it is to be stopped', async () => {
    const store = durable();
    const [, run] = await triggered(store);
    await store.transition([{ instanceId: run.instanceId, from: ['NotStarted'], to: 'NotStarted', stopReason: 'stopped' }]);
    expect(await store.takeUp(run, me)).toBeUndefined();
    expect(existsSync(run.runFolder as string)).toBe(false);
  });

  test('when it has ended: it waits for nothing any more', async () => {
    const store = durable();
    const [, run] = await triggered(store);
    await store.transition([{ instanceId: run.instanceId, from: ['NotStarted'], to: 'Stopped', endTime: at(3) }]);
    expect(await store.takeUp(run, me)).toBeUndefined();
    expect(await row(store, run.id)).not.toHaveProperty('notBefore');
  });

  test('when it was removed, and no folder brings it back', async () => {
    const store = durable();
    const pair = await triggered(store);
    await store.remove(pair);
    expect(await store.takeUp(pair[1], me)).toBeUndefined();
    expect(existsSync(pair[1].runFolder as string)).toBe(false);
  });

  test('when its attempt has a claim: it has a holder then, and recovery looks at it', async () => {
    const store = durable();
    const [, run] = await triggered(store);
    mkdirSync(join(run.runFolder as string, '1'), { recursive: true });
    writeFileSync(join(run.runFolder as string, '1', 'claim'), '77 88 boot-1\n');
    expect(await store.takeUp(run, me)).toBeUndefined();
    expect(await row(store, run.id)).toMatchObject({ state: 'NotStarted', run: { holder: me } });
  });

  test('in a folder that is another job’s', async () => {
    const store = durable();
    const [, run] = await triggered(store);
    mkdirSync(run.runFolder as string, { recursive: true });
    writeFileSync(join(run.runFolder as string, 'job.json'), JSON.stringify({ version: 1, instances: [{ instanceId: 'another', origin: { kind: 'demand' } }] }));
    await expect(store.takeUp(run, me)).rejects.toThrow('another');
    expect((await row(store, run.id)).run).not.toHaveProperty('holder');
  });
});

describe('a folder that a crash left before its row', () => {
  test.each([
    ['nothing in it', () => {}],
    ['its first attempt', (folder: string) => mkdirSync(join(folder, '1'))],
    ['half an identity', (folder: string) => writeFileSync(join(folder, 'job.json.new'), '{"ver')],
    ['its identity, with a holder that is gone', (folder: string, pair: readonly Instance[]) => writeFileSync(join(folder, 'job.json'), JSON.stringify({ version: 1, instances: pair }))],
  ])('with %s is completed', async (_what, leave) => {
    const store = durable();
    const pair = await triggered(store);
    const folder = pair[1].runFolder as string;
    mkdirSync(folder, { recursive: true });
    leave(folder, pair);
    expect(await store.takeUp(pair[1], me)).toMatchObject({ run: { holder: me } });
    expect(filesBelow(folder)).toEqual(['1', 'job.json']);
    expect(readJobFile(folder)?.instances[1]?.run?.holder).toEqual(me);
  });
});

describe('a next attempt', () => {
  async function running(store: EmbeddedStore): Promise<readonly [Instance, Instance]> {
    const pair = await triggered(store);
    await store.takeUp(pair[1], me);
    await store.transition(pair.map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'Running', beginTime: at(1) }) as const));
    return pair;
  }

  test('waits as a row, of the run and of its parent, with nobody who holds it', async () => {
    const store = durable();
    const [parent, run] = await running(store);
    expect(await store.nextAttempt({ instanceId: run.instanceId, ...again })).toBe(true);
    const waiting = { state: 'Running', attempt: 2, notBefore: at(60), statusMessage: again.statusMessage, beginTime: at(1) };
    expect(await row(store, parent.id)).toMatchObject(waiting);
    expect(await row(store, run.id)).toMatchObject({ ...waiting, run: { carries: parent.instanceId, retried: 1 } });
    expect((await row(store, run.id)).run).not.toHaveProperty('holder');
    expect(existsSync(join(run.runFolder as string, '2'))).toBe(false);
  });

  test('is taken up in a folder of its own, beside the first', async () => {
    const store = durable();
    const [parent, run] = await running(store);
    await store.nextAttempt({ instanceId: run.instanceId, ...again });
    const before = readFileSync(join(run.runFolder as string, 'job.json'), 'utf8');
    expect(await store.takeUp(await row(store, run.id), other)).toMatchObject({ attempt: 2, state: 'Running', run: { holder: other, retried: 1 } });
    expect(filesBelow(run.runFolder as string)).toEqual(['1', '2', 'job.json']);
    expect(readFileSync(join(run.runFolder as string, 'job.json'), 'utf8')).toBe(before);
    expect(await row(store, parent.id)).not.toHaveProperty('statusMessage');
  });

  test('finds its run folder again when somebody removed it', async () => {
    const store = durable();
    const [, run] = await running(store);
    await store.nextAttempt({ instanceId: run.instanceId, ...again });
    rmSync(run.runFolder as string, { recursive: true });
    expect(await store.takeUp(await row(store, run.id), other)).toMatchObject({ attempt: 2 });
    expect(filesBelow(run.runFolder as string)).toEqual(['2', 'job.json']);
  });

  test('keeps the closed ones, oldest first, of the run and of its parent', async () => {
    const store = durable();
    const [parent, run] = await running(store);
    await store.nextAttempt({ instanceId: run.instanceId, ...again });
    await store.takeUp(await row(store, run.id), me);
    const second = { attempt: 2, reason: 'signal', signal: 'SIGKILL', statusMessage: 'm' } as const;
    expect(await store.nextAttempt({ ...again, instanceId: run.instanceId, closed: second })).toBe(true);
    expect(await store.attempts(run.instanceId)).toEqual([closed, second]);
    expect(await store.attempts(parent.instanceId)).toEqual([closed, second]);
    expect(await store.attempts(newInstanceId())).toEqual([]);
  });

  test('is scheduled once, however often it is asked for', async () => {
    const store = durable();
    const [, run] = await running(store);
    expect(await store.nextAttempt({ instanceId: run.instanceId, ...again })).toBe(true);
    expect(await store.nextAttempt({ instanceId: run.instanceId, ...again })).toBe(false);
    expect(await row(store, run.id)).toMatchObject({ attempt: 2 });
    expect(await store.attempts(run.instanceId)).toHaveLength(1);
  });

  test.each([
    ['is to be stopped', { to: 'Running', stopReason: 'stopped' }],
    ['is stopping', { to: 'Stopping' }],
    ['has ended', { to: 'Failed', endTime: at(2) }],
  ] as const)('is not scheduled when the run %s', async (_what, change) => {
    const store = durable();
    const [, run] = await running(store);
    await store.transition([{ instanceId: run.instanceId, from: ['Running'], ...change }]);
    expect(await store.nextAttempt({ instanceId: run.instanceId, ...again })).toBe(false);
    expect(await store.attempts(run.instanceId)).toEqual([]);
  });

  test('of a start that was cut off leaves it NotStarted, and is taken up', async () => {
    const store = durable();
    const [, run] = await triggered(store);
    await store.takeUp(run, me);
    expect(await store.nextAttempt({ instanceId: run.instanceId, ...again, retried: 0 })).toBe(true);
    expect(await store.takeUp(await row(store, run.id), other)).toMatchObject({ state: 'NotStarted', attempt: 2, run: { holder: other, retried: 0 } });
  });

  test('goes with its job, and with all that were closed', async () => {
    const store = durable();
    const pair = await running(store);
    await store.nextAttempt({ instanceId: pair[1].instanceId, ...again });
    await store.remove(pair);
    expect(store.database.prepare('SELECT count(*) AS n FROM attempt').get()).toMatchObject({ n: 0 });
  });
});

test('an index built anew finds a triggered job as it was taken up, and its newest attempt', async () => {
  const kind = durableKind(temporaryFolder());
  const store = openStore(kind);
  const [parent, run] = await triggered(store);
  await store.takeUp(run, me);
  await store.transition([{ instanceId: run.instanceId, from: ['NotStarted'], to: 'Running', beginTime: at(1) }]);
  await store.nextAttempt({ instanceId: run.instanceId, ...again });
  await store.takeUp(await row(store, run.id), me);
  store.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(kind.root, `jobs.db${suffix}`), { force: true });
  await rebuildStore(kind, { ids: countingIn(kind.root), cutRecord: cut }, at(100));
  const rebuilt = openStore(kind);
  expect(await rebuilt.find({})).toMatchObject([{ id: parent.id, attempt: 2, definition }, { id: run.id, attempt: 2, run: { holder: me, retried: 1 } }]);
});

test('a session store takes up as well', async () => {
  const store = openStore(sessionKind(temporaryFolder()));
  const [, run] = await store.insert(planned()[0], [{ ...planned()[1] }]) as unknown as [Instance, Instance];
  expect(await store.takeUp(run, me)).toMatchObject({ run: { holder: me } });
});

test('what stands where the folder of a waiting run belongs is told once and kept aside, and then it is taken up', async () => {
  const store = durable();
  const [, run] = await triggered(store);
  await store.takeUp(run, me);
  expect(await store.transition([{ instanceId: run.instanceId, from: ['NotStarted'], to: 'Running', beginTime: at(1) }])).toBe(true);
  expect(await store.nextAttempt({ ...again, instanceId: run.instanceId })).toBe(true);
  const folder = run.runFolder as string;
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'in the way');
  const waiting = await row(store, run.id);
  await expect(store.takeUp(waiting, me)).rejects.toThrow(jobError('CantLoadScheduledJobDefinitionFromStore', 'it is no folder'));
  expect(await store.takeUp(waiting, me)).toMatchObject({ id: run.id, attempt: 2 });
  expect(filesBelow(folder)).toEqual(['2', 'job.json']);
  const [aside] = filesBelow(dirname(folder)).filter((name) => name.includes('.corrupt-'));
  expect(readFileSync(join(dirname(folder), aside as string), 'utf8')).toBe('in the way');
});
