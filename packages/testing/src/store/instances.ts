import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { insertPair, plan, planRun, planWaiting, rowOf, at, type StoreProperty } from './bench.ts';

/** What is written down when a job is made, and that it goes when it is removed. */
export const instances: readonly StoreProperty[] = [
  {
    title: 'gives a parent and its children ascending ids, in their order',
    async check({ store }) {
      const first = await store.insert(plan(), [planRun(), planRun()]);
      const second = await store.insert(plan(), []);
      const ids = [...first, ...second].map(({ id }) => id);
      deepStrictEqual(ids, ids.toSorted((a, b) => a - b), 'insert() gave ids that do not ascend: take them from one counter, the parent’s first');
      strictEqual(new Set(ids).size, 4, 'insert() gave one id twice');
      deepStrictEqual(first.slice(1).map(({ parentId }) => parentId), [ids[0], ids[0]], 'a child must bear its parent’s id as parentId');
    },
  },
  {
    title: 'finds a new job exactly as insert answered with it',
    async check({ store }) {
      const inserted = await insertPair(store, { name: 'Nightly', definition: { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' }, origin: { kind: 'trigger', triggerId: '1', dueAt: at(0), catchUp: true } }, planWaiting({ notBefore: at(9), queued: true }));
      deepStrictEqual([...(await store.find({}))], inserted);
    },
  },
  {
    title: 'begins a job as NotStarted, in its first attempt, at localhost, with the name Job and its id',
    async check({ store }) {
      const [{ id, state, attempt, location, name }] = await insertPair(store);
      deepStrictEqual({ state, attempt, location, name }, { state: 'NotStarted', attempt: 1, location: 'localhost', name: `Job${id}` });
    },
  },
  {
    title: 'names a job as it is asked to, and by its id where the name is empty',
    async check({ store }) {
      const [named] = await insertPair(store, { name: 'Build it' });
      const [unnamed] = await insertPair(store, { name: '' });
      deepStrictEqual([named.name, unnamed.name], ['Build it', `Job${unnamed.id}`]);
    },
  },
  {
    title: 'tells a child whose child it is in its origin',
    async check({ store }) {
      const [{ id }, child] = await insertPair(store);
      deepStrictEqual(child.origin, { kind: 'parent', parentId: id });
    },
  },
  {
    title: 'lets a job join one that is there as its child, and none that has ended or is to be stopped',
    async check({ store }) {
      const [parent] = await store.insert(planRun({ origin: { kind: 'demand', runNow: false } }), []);
      const [child, grandchild] = await store.insert(planRun({ parentInstanceId: parent?.instanceId as string }), []).then(async ([one]) => [one, ...(await store.insert(planRun({ parentInstanceId: one?.instanceId as string }), []))]);
      deepStrictEqual([child?.parentId, grandchild?.parentId], [parent?.id, child?.id]);
      deepStrictEqual(child?.origin, { kind: 'parent', parentId: parent?.id });
      await store.transition([{ instanceId: child?.instanceId as string, from: ['NotStarted'], to: 'Stopped', endTime: at(1) }, { instanceId: parent?.instanceId as string, from: ['NotStarted'], to: 'Stopping', stopReason: 'stopped' }]);
      for (const closed of [parent, child]) await rejects(store.insert(planRun({ parentInstanceId: closed?.instanceId as string }), []), { code: 'InvalidJobState' }, 'insert() let a job join one that has ended, or is to be stopped: nobody would look after it');
      strictEqual((await store.find({})).length, 3);
    },
  },
  {
    title: 'keeps a job whole whose instance id is used again, and takes in nothing of the second',
    async check({ store }) {
      const [first] = await insertPair(store);
      const before = await store.find({});
      await rejects(store.insert(plan({ instanceId: first.instanceId }), [planRun()]), 'insert() took an instance id that exists: refuse it');
      deepStrictEqual(await store.find({}), before);
    },
  },
  {
    title: 'keeps what it was given, whatever becomes of the objects afterwards',
    async check({ store }) {
      const successExitCodes = [0];
      const [, child] = await insertPair(store, {}, planRun({}, { successExitCodes }));
      successExitCodes.push(3);
      const found = await rowOf(store, child);
      (found.run as unknown as { readonly successExitCodes: number[] }).successExitCodes.push(4);
      deepStrictEqual((await rowOf(store, child)).run?.successExitCodes, [0], 'the store handed out, or kept, an object that others can change: copy it');
    },
  },
  {
    title: 'removes a job with its children and their records, and no other',
    async check({ store }) {
      const pair = await insertPair(store);
      const other = await insertPair(store);
      await store.saveReading(pair[1].instanceId, { cursor: '' as never, reasonDelivered: true, drained: true });
      await store.remove(pair);
      deepStrictEqual(await store.find({}), other);
      strictEqual((await store.reading([pair[1].instanceId])).size, 0, 'remove() left how far a reader had come: it goes with the job');
    },
  },
  {
    title: 'removes a job twice without complaint',
    async check({ store }) {
      const pair = await insertPair(store);
      await store.remove(pair);
      await store.remove(pair);
      deepStrictEqual(await store.find({}), []);
    },
  },
  {
    title: 'never gives the id of a removed job again',
    async check({ store }) {
      const pair = await insertPair(store);
      await store.remove(pair);
      const [{ id }] = await insertPair(store);
      strictEqual(id > pair[1].id, true, `the id ${id} was given again after its job was removed: the counter only rises`);
    },
  },
];
