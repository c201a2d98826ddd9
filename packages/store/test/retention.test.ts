import type { Instance, JobOrigin } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import type { EmbeddedStore } from '../src/index.ts';
import { durableKind, insertPair, openStore, temporaryFolder } from './folder.ts';

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
