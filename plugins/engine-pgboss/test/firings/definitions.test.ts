import type { Instance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { clock, decision, KEY, skipped } from '../../../../packages/store/test/firing-plans.ts';
import { bookOfThisFile, insertPair, type Book } from './book.ts';

const openBook = bookOfThisFile();

const definition = { key: KEY, name: 'Nightly', path: '/d/Nightly.yaml' };

async function ended(store: Book['store'], key = KEY): Promise<readonly Instance[]> {
  const pair = await insertPair(store, { definition: { ...definition, key } });
  await store.transition(pair.map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'Completed', endTime: new Date(9) }) as const));
  return pair;
}

async function filled(): Promise<Book & { readonly open: readonly Instance[]; readonly other: readonly Instance[] }> {
  const { store, firings } = await openBook();
  await ended(store);
  const [open, other] = [await insertPair(store, { definition }), await ended(store, 'p/other')];
  await firings.fire([decision([skipped(1, 4), skipped(7)], [{ to: clock() }, { to: clock({ triggerId: 2 }) }])]);
  await firings.fire([decision([skipped(1)], [{ to: clock({ definition: 'p/other' }) }], { definition: 'p/other' })]);
  await firings.nextTriggerIds(KEY, [], 3);
  return { store, firings, open, other };
}

test('what is known of a definition is counted, due times one by one', async () => {
  const { firings } = await filled();
  expect(await firings.traces(KEY)).toEqual({ finishedRuns: 1, unfinishedRuns: 1, firings: 5, clocks: 2, highestTriggerId: 5 });
  expect(await firings.traces('p/nobody')).toEqual({ finishedRuns: 0, unfinishedRuns: 0, firings: 0, clocks: 0, highestTriggerId: 0 });
});

test('a definition is forgotten but for its unfinished runs, and no other is', async () => {
  const { store, firings, open, other } = await filled();
  expect(await firings.forgetDefinition(KEY)).toEqual({ finishedRuns: 1, unfinishedRuns: 0, firings: 5, clocks: 2, highestTriggerId: 5 });
  expect(await firings.traces(KEY)).toEqual({ finishedRuns: 0, unfinishedRuns: 1, firings: 0, clocks: 0, highestTriggerId: 0 });
  expect((await store.find({})).map(({ id }) => id)).toEqual([...open, ...other].map(({ id }) => id));
  expect(await firings.traces('p/other')).toMatchObject({ finishedRuns: 1, firings: 1, clocks: 1 });
  expect(await firings.nextTriggerIds(KEY, [], 1)).toEqual([1]);
});

test('of an execution history only the finished runs are cleared', async () => {
  const { store, firings } = await filled();
  await ended(store);
  expect(await firings.clearExecutionHistory(KEY)).toBe(2);
  expect(await firings.traces(KEY)).toEqual({ finishedRuns: 0, unfinishedRuns: 1, firings: 5, clocks: 2, highestTriggerId: 5 });
  expect(await firings.clearExecutionHistory(KEY)).toBe(0);
});

test('the unfinished jobs of a definition are found with their children, whatever started them', async () => {
  const { store, open } = await filled();
  const triggered = await insertPair(store, { definition, origin: { kind: 'trigger', triggerId: '1', dueAt: new Date(5), catchUp: false } });
  expect((await store.unfinishedOf(KEY)).map(({ id }) => id)).toEqual([...open, ...triggered].map(({ id }) => id));
  expect(await store.unfinishedOf('p/other')).toEqual([]);
});

const renaming = { from: { key: KEY, name: 'Nightly' }, to: { key: 'p/evening', name: 'Evening' } };
const NEW = renaming.to.key;
const nothing = async (): Promise<void> => {};

async function endedAs(store: Book['store'], facts: Partial<Instance['definition']> = {}): Promise<readonly [Instance, Instance]> {
  const pair = await insertPair(store, { name: 'Nightly', definition: { ...definition, ...facts } });
  await store.transition(pair.map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'Completed', endTime: new Date(9) }) as const));
  return pair;
}

/** Two finished runs, one that is not, two rows of history, two clocks, three ids given. */
async function filledWithRuns(): Promise<Book & { readonly runs: readonly (readonly [Instance, Instance])[]; readonly open: readonly Instance[] }> {
  const { store, firings } = await openBook();
  const runs = [await endedAs(store), await endedAs(store)];
  const open = await insertPair(store, { definition });
  await firings.fire([decision([skipped(1, 4), skipped(7)], [{ to: clock() }, { to: clock({ triggerId: 2 }) }])]);
  await firings.nextTriggerIds(KEY, [2], 1);
  return { store, firings, runs, open };
}

const ALL = { finishedRuns: 2, unfinishedRuns: 1, firings: 5, clocks: 2, highestTriggerId: 3 };
const NONE = { finishedRuns: 0, unfinishedRuns: 0, firings: 0, clocks: 0, highestTriggerId: 0 };

describe('a definition that gets another name', () => {
  test('takes runs, history, clocks and ids along; its jobs keep their names', async () => {
    const { store, firings } = await filledWithRuns();
    const before = await store.find({});
    expect(await firings.renameDefinition(renaming, nothing)).toEqual({ is: 'renamed', runs: 3 });
    expect(await firings.traces(NEW)).toEqual(ALL);
    expect(await firings.traces(KEY)).toEqual(NONE);
    const after = await store.find({});
    expect(after.map(({ id, instanceId, name, state }) => [id, instanceId, name, state])).toEqual(before.map(({ id, instanceId, name, state }) => [id, instanceId, name, state]));
    expect(after[0]?.definition).toEqual({ ...definition, key: NEW });
  });

  test('in other capitals keeps what is known of it', async () => {
    const { firings } = await filledWithRuns();
    expect(await firings.renameDefinition({ from: renaming.from, to: { key: KEY, name: 'NIGHTLY' } }, nothing)).toEqual({ is: 'renamed', runs: 3 });
    expect(await firings.traces(KEY)).toEqual(ALL);
  });

  test('is refused, unchanged, where something is known of the new name', async () => {
    const { store, firings } = await filledWithRuns();
    await endedAs(store, { key: NEW, name: 'Evening' });
    let moved = false;
    expect(await firings.renameDefinition(renaming, async () => void (moved = true))).toEqual({ is: 'taken', by: { ...NONE, finishedRuns: 1 } });
    expect(moved).toBe(false);
    expect(await firings.traces(KEY)).toEqual(ALL);
  });

  test('is as it was when its file cannot be moved', async () => {
    const { store, firings } = await filledWithRuns();
    const before = await store.find({});
    await expect(firings.renameDefinition(renaming, async () => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
    expect(await firings.traces(KEY)).toEqual(ALL);
    expect(await firings.traces(NEW)).toEqual(NONE);
    expect(await store.find({})).toEqual(before);
    expect(await firings.renameDefinition(renaming, nothing)).toEqual({ is: 'renamed', runs: 3 });
  });

  test('may have been met by the scheduler under the old name meanwhile: the carried clock goes on', async () => {
    const { firings } = await filledWithRuns();
    await firings.renameDefinition(renaming, async () => {
      await firings.fire([decision([], [{ to: clock({ revision: 'again' }) }])]);
      throw new Error('cut off');
    }).catch(() => {});
    const clocks = await firings.clocks([KEY]);
    expect(clocks.map(({ triggerId, revision }) => [triggerId, revision])).toEqual([[1, 'r1'], [2, 'r1']]);
  });
});
