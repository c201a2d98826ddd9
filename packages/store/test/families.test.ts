import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Instance, NewInstance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { rebuildStore, type EmbeddedStore } from '../src/index.ts';
import { countingIn, cut, durableKind, insertPair, jobError, newInstanceId, openStore, plan, RUN, sessionKind, temporaryFolder } from './folder.ts';

const me = RUN.holder;

async function below(store: EmbeddedStore, parent: Instance, facts: Partial<NewInstance> = {}): Promise<Instance> {
  const instanceId = newInstanceId();
  return ((await store.insert(plan({ instanceId, parentInstanceId: parent.instanceId, origin: { kind: 'parent' }, run: { ...RUN, carries: instanceId, form: 'code' }, ...facts }), [])) as readonly [Instance])[0];
}

/** A job that runs something itself, with children and grandchildren. */
async function family(store: EmbeddedStore): Promise<readonly Instance[]> {
  const [top] = (await store.insert(plan({ run: { ...RUN, form: 'code' } }), [])) as [Instance];
  const [one, two] = [await below(store, top), await below(store, top)];
  return [top, one, two, await below(store, one)];
}

const ids = (instances: readonly Instance[]): number[] => instances.map(({ id }) => id);

describe('a child that joins a job', () => {
  test('has its parent, a folder of its own, and is found with everything below', async () => {
    const store = openStore(sessionKind(temporaryFolder()));
    const [top, one, two, grandchild] = (await family(store)) as [Instance, Instance, Instance, Instance];
    await insertPair(store);
    expect([one.parentId, grandchild.parentId, grandchild.origin]).toEqual([top.id, one.id, { kind: 'parent', parentId: one.id }]);
    expect(new Set([top, one, two, grandchild].map(({ runFolder }) => runFolder)).size).toBe(4);
    expect(ids(await store.find({ below: [top.id] }))).toEqual(ids([one, two, grandchild]));
    expect(ids(await store.find({ below: [one.id, two.id] }))).toEqual([grandchild.id]);
    expect(ids(await store.find({ below: [grandchild.id] }))).toEqual([]);
    expect(one).not.toHaveProperty('parentInstanceId');
  });

  test.each([['Completed', {}], ['Stopping', { stopReason: 'stopped' }]] as const)('is refused where that one is %s, and leaves nothing', async (to, facts) => {
    const root = temporaryFolder();
    const store = openStore(sessionKind(root));
    const [top] = (await store.insert(plan({ run: RUN }), [])) as [Instance];
    await store.transition([{ instanceId: top.instanceId, from: ['NotStarted'], to, ...facts }]);
    await expect(below(store, top)).rejects.toThrow(jobError('InvalidJobState', to));
    await expect(below(store, { ...top, instanceId: newInstanceId() })).rejects.toThrow(jobError('InvalidJobState', 'no job'));
    expect(ids(await store.find({}))).toEqual([top.id]);
  });

  test('goes with the whole family, folders and rows', async () => {
    const store = openStore(sessionKind(temporaryFolder()));
    const members = await family(store);
    await store.remove(members.toReversed());
    expect(await store.find({})).toEqual([]);
    expect(members.filter(({ runFolder }) => existsSync(runFolder as string))).toEqual([]);
  });
});

describe('a family', () => {
  test('is pruned as a whole, and counts as one', async () => {
    const store = openStore(durableKind(temporaryFolder()));
    const members = await family(store);
    for (const { instanceId } of members) await store.transition([{ instanceId, from: ['NotStarted'], to: 'Completed', endTime: new Date(1_000), outputBytes: 5_000_000 }]);
    expect(ids(await store.beyondLimits({ jobs: 0 }))).toEqual(ids(members));
    expect(ids(await store.beyondLimits({ bytes: 19_000_000 }))).toEqual(ids(members));
    expect(await store.beyondLimits({ bytes: 21_000_000 })).toEqual([]);
  });

  test('of which somebody still runs is not pruned', async () => {
    const store = openStore(durableKind(temporaryFolder()));
    const members = await family(store);
    for (const { instanceId } of members.slice(0, 3)) await store.transition([{ instanceId, from: ['NotStarted'], to: 'Failed', endTime: new Date(1_000) }]);
    expect(await store.beyondLimits({ jobs: 0 })).toEqual([]);
    await store.transition([{ instanceId: members[3]?.instanceId as string, from: ['NotStarted'], to: 'Completed', endTime: new Date(2_000) }]);
    expect(ids(await store.beyondLimits({ jobs: 0 }))).toEqual(ids(members));
  });

  test.each([['session', sessionKind], ['durable', durableKind]] as const)('in a %s store that lost its index comes back, each below its parent', async (_name, kindOf) => {
    const kind = kindOf(temporaryFolder());
    const store = openStore(kind);
    const before = await family(store);
    store.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(kind.root, `jobs.db${suffix}`), { force: true });
    await rebuildStore(kind, { ids: countingIn(kind.root), cutRecord: cut }, new Date());
    expect(await openStore(kind).find({})).toEqual(before);
  });

  test('whose top is lost with the index leaves jobs of their own', async () => {
    const kind = sessionKind(temporaryFolder());
    const store = openStore(kind);
    const [top, one, two, grandchild] = (await family(store)) as [Instance, Instance, Instance, Instance];
    store.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(kind.root, `jobs.db${suffix}`), { force: true });
    rmSync(top.runFolder as string, { recursive: true });
    await rebuildStore(kind, { ids: countingIn(kind.root), cutRecord: cut }, new Date());
    const found = await openStore(kind).find({});
    expect(found.map(({ id, parentId }) => [id, parentId])).toEqual([[one.id, undefined], [two.id, undefined], [grandchild.id, one.id]]);
  });
});

describe('a run that is taken up again', () => {
  async function suspended(store: EmbeddedStore): Promise<readonly [Instance, Instance]> {
    const [top] = (await store.insert(plan({ run: { ...RUN, form: 'code' } }), [])) as [Instance];
    const one = await below(store, top);
    await store.transition([{ instanceId: one.instanceId, from: ['NotStarted'], to: 'Running' }, { instanceId: one.instanceId, from: ['Running'], to: 'Suspended', reason: 'interrupted', statusMessage: 'cut off' }]);
    return [top, one];
  }
  const next = ({ instanceId }: Instance, attempt = 1): Parameters<EmbeddedStore['nextAttempt']>[0] => ({ instanceId, closed: { attempt, reason: 'interrupted' }, notBefore: new Date(), retried: 0, statusMessage: 'it is being resumed' });

  test('while it is Suspended goes to him who says so, once, and leaves a parent that runs itself alone', async () => {
    const store = openStore(sessionKind(temporaryFolder()));
    const [top, one] = await suspended(store);
    expect(await store.nextAttempt(next(one))).toBe(true);
    expect(await store.nextAttempt(next(one))).toBe(false);
    const [waiting] = (await store.find({ ids: [one.id] })) as [Instance];
    expect(waiting).toMatchObject({ state: 'Suspended', attempt: 2 });
    expect(await store.takeUp(waiting, me)).toBeUndefined();
    const taken = await store.takeUp(waiting, me, true);
    expect(taken).toMatchObject({ state: 'Suspended', attempt: 2, run: { holder: me } });
    expect([taken?.reason, taken?.statusMessage]).toEqual([undefined, undefined]);
    expect(await store.takeUp(waiting, me, true)).toBeUndefined();
    expect(await store.find({ ids: [top.id] })).toMatchObject([{ attempt: 1, state: 'NotStarted' }]);
    expect(await store.attempts(top.instanceId)).toEqual([]);
  });
});
