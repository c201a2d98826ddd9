import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { Cursor } from '@nightshift/sdk';
import { at, endPair, insertPair, newInstanceId, type StoreProperty } from './bench.ts';

const cursor = (text: string): Cursor => text as Cursor;
const DEFINITION = { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' };

/** How far somebody has received, and that nothing is pruned under their eyes. */
export const readers: readonly StoreProperty[] = [
  {
    title: 'knows of no reading where nobody has read',
    async check({ store }) {
      const [, run] = await insertPair(store);
      strictEqual((await store.reading([run.instanceId])).size, 0);
    },
  },
  {
    title: 'keeps how far each instance was received, the last word wins',
    async check({ store }) {
      const [, one] = await insertPair(store);
      const [, other] = await insertPair(store);
      await store.saveReading(one.instanceId, { cursor: cursor('1'), reasonDelivered: false, drained: false });
      await store.saveReading(one.instanceId, { cursor: cursor('2'), reasonDelivered: false, drained: false });
      await store.saveReading(other.instanceId, { cursor: cursor('9'), reasonDelivered: false, drained: false });
      const readings = await store.reading([one.instanceId, other.instanceId]);
      deepStrictEqual([readings.get(one.instanceId)?.cursor, readings.get(other.instanceId)?.cursor], ['2', '9']);
    },
  },
  {
    title: 'keeps what was once delivered and once drained, whoever saves afterwards',
    async check({ store }) {
      const [, run] = await insertPair(store);
      await store.saveReading(run.instanceId, { cursor: cursor('2'), reasonDelivered: true, warningsDelivered: true, drained: true });
      await store.saveReading(run.instanceId, { cursor: cursor('1'), reasonDelivered: false, drained: false });
      deepStrictEqual((await store.reading([run.instanceId])).get(run.instanceId), { cursor: '1', reasonDelivered: true, warningsDelivered: true, drained: true });
    },
  },
  {
    title: 'keeps readings of jobs that the other store has',
    async check({ store }) {
      const instanceId = newInstanceId();
      await store.saveReading(instanceId, { cursor: cursor('3'), reasonDelivered: false, drained: false });
      strictEqual((await store.reading([instanceId])).get(instanceId)?.cursor, '3');
    },
  },
  {
    title: 'lets go of a mark of a reader, twice without complaint',
    async check({ store }) {
      const pair = await insertPair(store, { definition: DEFINITION });
      await endPair(store, pair, at(1));
      const mark = store.spare([pair[1]]);
      mark[Symbol.dispose]();
      mark[Symbol.dispose]();
      strictEqual((await store.finishedBeyond('p/nightly', 0)).length, 2);
    },
  },
];
