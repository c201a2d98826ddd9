import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { at, endPair, HOLDER, insertPair, move, planWaiting, read, rowOf, texts, type StoreProperty } from './bench.ts';

/** What is true after somebody pulled the plug: everything that had been answered. */
export const crashes: readonly StoreProperty[] = [
  {
    title: 'has every job and every move after a crash that it answered with before',
    needs: 'reopen',
    async check({ store, reopen }) {
      const [parent, run] = await insertPair(store, { name: 'Nightly' });
      await store.transition([move(run, ['NotStarted'], 'Running', { beginTime: at(1) })]);
      const before = await store.find({});
      deepStrictEqual(withoutPlaces(await (await reopen()).find({})), withoutPlaces(before));
      strictEqual(before.length, [parent, run].length);
    },
  },
  {
    title: 'gives new ids after a crash, and none that it gave before',
    needs: 'reopen',
    async check({ store, reopen }) {
      const pair = await insertPair(store);
      await store.remove(pair);
      const [{ id }] = await insertPair(await reopen());
      strictEqual(id > pair[1].id, true, `the id ${id} was given again after a crash: keep the counter`);
    },
  },
  {
    title: 'knows after a crash who has taken a run up, and gives it to nobody else',
    takesUp: true,
    needs: 'reopen',
    async check({ store, reopen }) {
      const [, run] = await insertPair(store, {}, planWaiting());
      await store.takeUp(run, HOLDER);
      const again = await reopen();
      deepStrictEqual((await rowOf(again, run)).run?.holder, HOLDER);
      strictEqual(await again.takeUp(await rowOf(again, run), { ...HOLDER, pid: 1 }), undefined);
    },
  },
  {
    title: 'has closed attempts, readings and ends after a crash',
    needs: 'reopen',
    async check({ store, reopen }) {
      const [, run] = await insertPair(store);
      await store.nextAttempt({ instanceId: run.instanceId, closed: { attempt: 1, endTime: at(2) }, notBefore: at(60), retried: 1, statusMessage: 'soon' });
      await store.saveReading(run.instanceId, { cursor: '7' as never, reasonDelivered: true, drained: false });
      const ended = await insertPair(store, { definition: { key: 'p/a', name: 'A', path: '/d/A.yaml' } });
      await endPair(store, ended, at(9));
      const again = await reopen();
      deepStrictEqual(await again.attempts(run.instanceId), [{ attempt: 1, endTime: at(2) }]);
      deepStrictEqual((await again.reading([run.instanceId])).get(run.instanceId), { cursor: '7', reasonDelivered: true, drained: false });
      strictEqual((await again.finishedBeyond('p/a', 0)).length, 2);
      strictEqual((await rowOf(again, run)).attempt, 2);
    },
  },
  {
    title: 'does not bring a removed job back after a crash',
    needs: 'reopen',
    async check({ store, reopen }) {
      await store.remove(await insertPair(store));
      deepStrictEqual(await (await reopen()).find({}), []);
    },
  },
  {
    title: 'can be written to after a crash, and crash again',
    needs: 'reopen',
    async check({ store, reopen }) {
      const [, run] = await insertPair(store);
      const again = await reopen();
      strictEqual(await again.transition([move(run, ['NotStarted'], 'Running')]), true);
      const [, later] = await insertPair(again);
      deepStrictEqual(texts(await read(again, later)), []);
      strictEqual((await rowOf(again, run)).state, 'Running');
    },
  },
];

/** A store may lie elsewhere afterwards. */
function withoutPlaces(instances: readonly object[]): readonly object[] {
  return instances.map((instance) => ({ ...instance, runFolder: undefined }));
}
