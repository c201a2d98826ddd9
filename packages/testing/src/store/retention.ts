import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { Instance, JobStore, NewInstance } from '@nightshift/sdk';
import { at, endPair, insertPair, type Pair, type StoreProperty } from './bench.ts';

const definition = (name: string): NonNullable<NewInstance['definition']> => ({ key: `p/${name.toLowerCase()}`, name, path: `/d/${name}.yaml` });

/** Finished jobs of a definition, which end at these seconds. */
async function ended(store: JobStore, name: string, ...ends: readonly number[]): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (const seconds of ends) {
    const pair = await insertPair(store, { definition: definition(name) });
    await endPair(store, pair, at(seconds), { outputBytes: 1_000_000 });
    pairs.push(pair);
  }
  return pairs;
}

const idsOf = (instances: readonly (Instance | undefined)[]): (number | undefined)[] => instances.map((instance) => instance?.id);

/** Which finished jobs go, and which never do. */
export const retention: readonly StoreProperty[] = [
  {
    title: 'names the finished jobs of a definition beyond the newest so many, oldest first, each with its children',
    async check({ store }) {
      const [third, first, second] = await ended(store, 'Nightly', 30, 10, 20);
      await ended(store, 'Other', 1);
      await insertPair(store, { definition: definition('Nightly') });
      deepStrictEqual(idsOf(await store.finishedBeyond('p/nightly', 1)), idsOf([...(first as Pair), ...(second as Pair)]));
      deepStrictEqual(idsOf(await store.finishedBeyond('p/nightly', 0)).slice(4), idsOf(third as Pair));
      deepStrictEqual(await store.finishedBeyond('p/nightly', 3), []);
    },
  },
  {
    title: 'names the unfinished jobs of a definition, whatever started them, each with its children',
    async check({ store }) {
      await ended(store, 'Nightly', 1);
      const demanded = await insertPair(store, { definition: definition('Nightly') });
      const triggered = await insertPair(store, { definition: definition('Nightly'), origin: { kind: 'trigger', triggerId: '1', dueAt: at(0), catchUp: false } });
      await insertPair(store, { definition: definition('Other') });
      deepStrictEqual(idsOf(await store.unfinishedOf('p/nightly')), idsOf([...demanded, ...triggered]));
    },
  },
  {
    title: 'lets nothing go as long as it keeps within its limits',
    async check({ store }) {
      await ended(store, 'Nightly', 1, 2);
      deepStrictEqual(await store.beyondLimits({ jobs: 2, bytes: 1_000_000_000 }), []);
      deepStrictEqual(await store.beyondLimits({}), []);
    },
  },
  {
    title: 'lets the oldest finished jobs go that are too many, each with its children',
    async check({ store }) {
      await insertPair(store);
      const [newest, oldest] = await ended(store, 'Nightly', 20, 10);
      deepStrictEqual(idsOf(await store.beyondLimits({ jobs: 1 })), idsOf(oldest as Pair));
      deepStrictEqual(idsOf(await store.beyondLimits({ jobs: 0 })), idsOf([...(oldest as Pair), ...(newest as Pair)]));
    },
  },
  {
    title: 'lets the oldest go until the bytes are few enough',
    async check({ store }) {
      const [first] = await ended(store, 'Nightly', 1, 2, 3);
      deepStrictEqual(idsOf(await store.beyondLimits({ bytes: 2_500_000 })), idsOf(first as Pair));
    },
  },
  {
    title: 'keeps what ended too short a time ago, and the newest of each definition where that is asked for',
    async check({ store }) {
      const [old, young] = await ended(store, 'Nightly', 10, 20);
      const [only] = await ended(store, 'Other', 5);
      deepStrictEqual(idsOf(await store.beyondLimits({ jobs: 0, endedBefore: at(20) })), idsOf([...(only as Pair), ...(old as Pair)]));
      deepStrictEqual(idsOf(await store.beyondLimits({ jobs: 0, oneEach: true })), idsOf(old as Pair));
      strictEqual((await store.find({ ids: [(young as Pair)[0].id] })).length, 1, 'a question must not remove anything');
    },
  },
];
