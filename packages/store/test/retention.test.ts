import type { Instance, JobOrigin } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import type { EmbeddedStore } from '../src/index.ts';
import { durableKind, insertPair, openStore, temporaryFolder } from './folder.ts';
import { run } from './imported-runs.ts';

const definition = { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' };

async function ended(store: EmbeddedStore, end: number, origin: JobOrigin = { kind: 'demand', runNow: false }, key = definition.key): Promise<readonly Instance[]> {
  const pair = await insertPair(store, { definition: { ...definition, key }, origin });
  await store.transition(pair.map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'Completed', endTime: new Date(end) }) as const));
  return pair;
}

test('of the finished jobs of a definition those beyond the newest are given, oldest first, each with its child', async () => {
  const store = openStore(durableKind(temporaryFolder()));
  await ended(store, 30);
  await ended(store, 10, { kind: 'demand', runNow: true });
  await ended(store, 40);
  await ended(store, 20, { kind: 'trigger', triggerId: '1', dueAt: new Date(1), catchUp: false });
  await insertPair(store, { definition });
  await ended(store, 1, undefined, 'q/nightly');
  const beyond = async (keep: number): Promise<number[]> => (await store.finishedBeyond(definition.key, keep)).map(({ id }) => id);
  expect(await beyond(2)).toEqual([3, 4, 7, 8]);
  expect(await beyond(3)).toEqual([3, 4]);
  expect(await beyond(4)).toEqual([]);
  expect(await beyond(0)).toEqual([3, 4, 7, 8, 1, 2, 5, 6]);
});

test('of jobs that ended together the one with the lower id goes first', async () => {
  const store = openStore(durableKind(temporaryFolder()));
  for (let made = 0; made < 3; made++) await ended(store, 5);
  expect((await store.finishedBeyond(definition.key, 1)).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
});

describe('a store with limits', () => {
  const FOLDER = 32_768;
  const idsBeyond = async (store: EmbeddedStore, limits: Parameters<EmbeddedStore['beyondLimits']>[0]): Promise<number[]> => (await store.beyondLimits(limits)).map(({ id }) => id);
  async function sized(store: EmbeddedStore, end: number, bytes: number, key?: string): Promise<void> {
    const pair = await insertPair(store, key === undefined ? {} : { definition: { ...definition, key } });
    await store.transition(pair.map(({ instanceId, runFolder }) => ({ instanceId, from: ['NotStarted'], to: 'Completed', endTime: new Date(end), ...(runFolder === undefined ? {} : { outputBytes: bytes }) }) as const));
  }

  test('lets the oldest jobs go beyond a number, each with its child, and no unfinished one', async () => {
    const store = openStore(durableKind(temporaryFolder()));
    for (const end of [30, 10, 20]) await ended(store, end);
    await insertPair(store);
    expect(await idsBeyond(store, { jobs: 3 })).toEqual([]);
    expect(await idsBeyond(store, { jobs: 1 })).toEqual([3, 4, 5, 6]);
    expect(await idsBeyond(store, { jobs: 0, endedBefore: new Date(20) })).toEqual([3, 4]);
  });

  test('comes to what takes room also behind hundreds of jobs that take none', async () => {
    const store = openStore(durableKind(temporaryFolder()));
    await store.importRuns((async function* () {
      yield Array.from({ length: 501 }, (_, index) => run(index + 1));
    })(), { file: 'f' });
    await sized(store, Date.now() + 1_000, 5_000);
    expect(await idsBeyond(store, { bytes: 4_999 + FOLDER })).toEqual([502, 503]);
  });

  test('counts the bytes of output and a little for each folder', async () => {
    const store = openStore(durableKind(temporaryFolder()));
    await sized(store, 1, 1_000);
    await sized(store, 2, 5_000);
    expect(await idsBeyond(store, { bytes: 6_000 + 2 * FOLDER })).toEqual([]);
    expect(await idsBeyond(store, { bytes: 5_999 + 2 * FOLDER })).toEqual([1, 2]);
    expect(await idsBeyond(store, { bytes: 4_999 + FOLDER })).toEqual([1, 2, 3, 4]);
  });

  test('leaves each definition its newest run, however large', async () => {
    const store = openStore(durableKind(temporaryFolder()));
    await sized(store, 1, 9_000, 'p/one');
    await sized(store, 2, 9_000, 'p/two');
    await sized(store, 3, 9_000, 'p/one');
    await sized(store, 4, 9_000);
    expect(await idsBeyond(store, { bytes: 0, oneEach: true })).toEqual([1, 2, 7, 8]);
  });
});
