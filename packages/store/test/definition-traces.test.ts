import { existsSync } from 'node:fs';
import type { Instance } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import type { EmbeddedStore } from '../src/index.ts';
import { clock, decision, KEY, skipped } from './firing-plans.ts';
import { insertPair, openBook } from './folder.ts';

const definition = { key: KEY, name: 'Nightly', path: '/d/Nightly.yaml' };

async function ended(store: EmbeddedStore, key = KEY): Promise<readonly Instance[]> {
  const pair = await insertPair(store, { definition: { ...definition, key } });
  await store.transition(pair.map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'Completed', endTime: new Date(9) }) as const));
  return pair;
}

async function filled(): Promise<ReturnType<typeof openBook> & { readonly done: readonly Instance[]; readonly open: readonly Instance[]; readonly other: readonly Instance[] }> {
  const { store, firings } = openBook();
  const [done, open, other] = [await ended(store), await insertPair(store, { definition }), await ended(store, 'p/other')];
  await firings.fire([decision([skipped(1, 4), skipped(7)], [{ to: clock() }, { to: clock({ triggerId: 2 }) }])]);
  await firings.fire([decision([skipped(1)], [{ to: clock({ definition: 'p/other' }) }], { definition: 'p/other' })]);
  await firings.nextTriggerIds(KEY, [], 3);
  return { store, firings, done, open, other };
}

test('what is known of a definition is counted, due times one by one', async () => {
  const { firings } = await filled();
  expect(await firings.traces(KEY)).toEqual({ finishedRuns: 1, unfinishedRuns: 1, firings: 5, clocks: 2, highestTriggerId: 5 });
  expect(await firings.traces('p/nobody')).toEqual({ finishedRuns: 0, unfinishedRuns: 0, firings: 0, clocks: 0, highestTriggerId: 0 });
});

test('a definition is forgotten but for its unfinished runs, and no other is', async () => {
  const { store, firings, done, open, other } = await filled();
  expect(await firings.forgetDefinition(KEY)).toEqual({ finishedRuns: 1, unfinishedRuns: 0, firings: 5, clocks: 2, highestTriggerId: 5 });
  expect(await firings.traces(KEY)).toEqual({ finishedRuns: 0, unfinishedRuns: 1, firings: 0, clocks: 0, highestTriggerId: 0 });
  expect((await store.find({})).map(({ id }) => id)).toEqual([...open, ...other].map(({ id }) => id));
  expect([done, open, other].map(([, run]) => existsSync(run?.runFolder as string))).toEqual([false, true, true]);
  expect(await firings.traces('p/other')).toMatchObject({ finishedRuns: 1, firings: 1, clocks: 1 });
  expect(await firings.nextTriggerIds(KEY, [], 1)).toEqual([1]);
});

test('of an execution history only the finished runs are cleared', async () => {
  const { store, firings, done, open } = await filled();
  await ended(store);
  expect(await firings.clearExecutionHistory(KEY)).toBe(2);
  expect(await firings.traces(KEY)).toEqual({ finishedRuns: 0, unfinishedRuns: 1, firings: 5, clocks: 2, highestTriggerId: 5 });
  expect([done, open].map(([, run]) => existsSync(run?.runFolder as string))).toEqual([false, true]);
  expect(await firings.clearExecutionHistory(KEY)).toBe(0);
});

test('the unfinished jobs of a definition are found with their children, whatever started them', async () => {
  const { store, open } = await filled();
  const triggered = await insertPair(store, { definition, origin: { kind: 'trigger', triggerId: '1', dueAt: new Date(5), catchUp: false } });
  expect((await store.unfinishedOf(KEY)).map(({ id }) => id)).toEqual([...open, ...triggered].map(({ id }) => id));
  expect(await store.unfinishedOf('p/other')).toEqual([]);
});
