import type { NewFiring, TriggerClock } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { at, clock, decision, instancesOf, KEY, planStart, skipped, started } from '../../../../packages/store/test/firing-plans.ts';
import { bookOfThisFile, insertPair, type Book } from './book.ts';
import { nth } from '../server.ts';

const openBook = bookOfThisFile();

const FIRED = { is: 'fired', instances: [] };

describe('a decision', () => {
  test('writes the firing, the job with its child, and the clock', async () => {
    const { store, firings } = await openBook();
    const firing = started(5);
    const to = clock({ lastDueAt: at(5), nextDueAt: at(6), event: 'boot-1' });
    const [result] = await firings.fire([decision([firing], [{ to }])]);
    const instances = instancesOf(result);
    expect(instances).toMatchObject([
      { id: nth(1), name: 'Nightly', state: 'NotStarted', attempt: 1, origin: { kind: 'trigger', triggerId: '1', dueAt: at(5) } },
      { id: nth(2), parentId: nth(1), origin: { kind: 'parent', parentId: nth(1) } },
    ]);
    expect(await store.find({})).toEqual(instances);
    expect(await firings.firings({ limit: 9 })).toEqual([{ definition: KEY, triggerId: 1, dueAt: at(5), lastDueAt: at(5), count: 1, decidedAt: at(0), word: 'Started', instanceId: firing.instanceId }]);
    expect(await firings.clocks()).toEqual([to]);
  });

  test('of run-now inserts a job without a firing, unless the unfinished jobs are others than it saw', async () => {
    const { store, firings } = await openBook();
    const start = planStart(at(5));
    const [result] = await firings.fire([decision([], [], { unfinished: [], starts: [start] })]);
    expect(instancesOf(result)).toMatchObject([{ id: nth(1), instanceId: start[0].instanceId }, { id: nth(2), parentId: nth(1) }]);
    expect(await firings.firings({ limit: 9 })).toEqual([]);
    expect(await firings.fire([decision([], [], { unfinished: [], starts: [planStart(at(6))] })])).toEqual([{ is: 'changed' }]);
    expect(await store.find({ topLevel: true })).toHaveLength(1);
  });

  test('of nothing writes nothing', async () => {
    const { firings } = await openBook();
    expect(await firings.fire([])).toEqual([]);
    expect(await firings.fire([decision([])])).toEqual([FIRED]);
  });

  test('that is refused leaves no trace, and the others of its call stand', async () => {
    const { store, firings } = await openBook();
    await firings.fire([decision([started(5)])]);
    const results = await firings.fire([
      decision([started(6)]),
      decision([started(7), skipped(5)], [{ to: clock() }]),
      decision([started(8)]),
    ]);
    expect(results.map(({ is }) => is)).toEqual(['fired', 'already-fired', 'fired']);
    expect((await firings.firings({ limit: 9 })).map(({ dueAt }) => dueAt)).toEqual([at(8), at(6), at(5)]);
    expect(await firings.clocks()).toEqual([]);
    expect((await store.find({})).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6].map(nth));
  });

  test('sees what an earlier one of its call has written', async () => {
    const { firings } = await openBook();
    const results = await firings.fire([decision([started(5)], [], { unfinished: [] }), decision([started(5)]), decision([started(6)], [], { unfinished: [] }), decision([started(6)], [], { unfinished: [nth(1)] })]);
    expect(results.map(({ is }) => is)).toEqual(['fired', 'already-fired', 'changed', 'fired']);
  });

  test('whose job is there already writes nothing, and the others of its call stand', async () => {
    const { store, firings } = await openBook();
    const firing = started(6);
    const other = started(8, 'q/other');
    await firings.fire([decision([firing])]);
    const results = await firings.fire([{ ...decision([other]), definition: 'q/other' }, decision([{ ...firing, dueAt: at(7) }], [{ to: clock() }])]);
    expect(results.map(({ is }) => is)).toEqual(['fired', 'already-fired']);
    expect([(await store.find({ topLevel: true })).length, (await firings.firings({ limit: 9 })).length, await firings.clocks()]).toEqual([2, 2, []]);
  });
});

describe('a due time that waits for an idle machine', () => {
  const waiting = (minutes: number): NewFiring => ({ triggerId: 1, dueAt: at(minutes), word: 'Waiting', text: 'waits' });
  const over = (minutes: number): NewFiring => ({ ...skipped(minutes, minutes, { reason: 'condition' }), waited: true });
  const words = async ({ firings }: Book) => (await firings.firings({ limit: 9 })).map(({ dueAt, word }) => `${dueAt.getUTCMinutes()} ${word}`);

  test('has its row, which gives way to its word, once', async () => {
    const book = await openBook();
    await book.firings.fire([decision([waiting(5), waiting(6)])]);
    expect(await words(book)).toEqual(['6 Waiting', '5 Waiting']);
    expect((await book.firings.firings({ word: 'Waiting', limit: 9 })).map(({ decidedAt, text }) => [decidedAt, text])).toEqual([[at(0), 'waits'], [at(0), 'waits']]);
    expect((await book.firings.fire([decision([over(5)]), decision([over(5)]), decision([{ ...started(6), waited: true }])])).map(({ is }) => is)).toEqual(['fired', 'already-fired', 'fired']);
    expect(await words(book)).toEqual(['6 Started', '5 Skipped']);
  });

  test('is taken: nothing else gives it a word, and what never waited cannot end a wait', async () => {
    const book = await openBook();
    await book.firings.fire([decision([waiting(5), started(7)])]);
    expect((await book.firings.fire([decision([started(5)]), decision([skipped(4, 6)]), decision([over(6)]), decision([over(7)])])).map(({ is }) => is)).toEqual(Array(4).fill('already-fired'));
    expect(await words(book)).toEqual(['7 Started', '5 Waiting']);
  });
});

describe('a due time that has its word', () => {
  test.each([
    ['itself', started(5)],
    ['a range that ends there', skipped(3, 5)],
    ['a range that begins there', skipped(5, 7)],
    ['a range around it', skipped(1, 9)],
  ])('is not fired again by %s', async (_what, firing) => {
    const { firings } = await openBook();
    await firings.fire([decision([started(5)])]);
    expect(await firings.fire([decision([firing])])).toEqual([{ is: 'already-fired' }]);
    expect(await firings.firings({ limit: 9 })).toHaveLength(1);
  });

  test.each([[3, 3], [5, 5], [4, 4], [1, 3], [5, 9], [1, 9], [4, 4]])('by a range is not fired again by %i to %i', async (first, last) => {
    const { firings } = await openBook();
    await firings.fire([decision([skipped(3, 5)])]);
    expect(await firings.fire([decision([skipped(first, last)])])).toEqual([{ is: 'already-fired' }]);
  });

  test.each([
    ['the times beside it', skipped(1, 2)],
    ['the times behind it', skipped(6, 9)],
    ['another trigger', skipped(3, 5, { triggerId: 2 })],
  ])('leaves %s alone', async (_what, firing) => {
    const { firings } = await openBook();
    await firings.fire([decision([skipped(3, 5)])]);
    expect(await firings.fire([decision([firing])])).toEqual([FIRED]);
  });

  test('of another definition is another', async () => {
    const { firings } = await openBook();
    await firings.fire([decision([started(5)])]);
    expect(await firings.fire([{ ...decision([skipped(5)]), definition: 'q/nightly' }])).toEqual([FIRED]);
  });
});

describe('a clock', () => {
  const first = clock({ lastDueAt: at(5), nextDueAt: at(6) });

  test('moves from where it was seen', async () => {
    const { firings } = await openBook();
    await firings.fire([decision([], [{ to: first }])]);
    const to = clock({ revision: 'r2', enabled: false, knownSince: at(9), event: 'boot-2' });
    expect(await firings.fire([decision([], [{ from: first, to }])])).toEqual([FIRED]);
    expect(await firings.clocks([KEY])).toEqual([to]);
    expect(await firings.clocks(['q/other'])).toEqual([]);
  });

  test.each([
    ['another revision', { revision: 'r2' }],
    ['enabled', { enabled: false }],
    ['another last due time', { lastDueAt: at(4) }],
    ['another event', { event: 'boot-2' }],
  ])('that was seen with %s does not move', async (_what, facts) => {
    const { firings } = await openBook();
    await firings.fire([decision([], [{ to: first }])]);
    expect(await firings.fire([decision([skipped(6)], [{ from: { ...first, ...facts }, to: clock() }])])).toEqual([{ is: 'changed' }]);
    expect([await firings.clocks(), await firings.firings({ limit: 9 })]).toEqual([[first], []]);
  });

  test('that nobody had is not made twice, and one that is gone does not move', async () => {
    const { firings } = await openBook();
    expect(await firings.fire([decision([], [{ from: first, to: first }])])).toEqual([{ is: 'changed' }]);
    await firings.fire([decision([], [{ to: first }])]);
    expect(await firings.fire([decision([], [{ to: first }])])).toEqual([{ is: 'changed' }]);
  });

  test('goes when its trigger does', async () => {
    const { firings } = await openBook();
    await firings.fire([decision([], [{ to: first }])]);
    expect(await firings.fire([decision([], [{ from: first }])])).toEqual([FIRED]);
    expect(await firings.clocks()).toEqual([]);
  });
});

describe('the unfinished jobs of a definition', () => {
  test('are those that triggers and run-now started, not those of people or of other definitions', async () => {
    const { store, firings } = await openBook();
    const definition = { key: KEY, name: 'Nightly', path: '/d/Nightly.yaml' };
    await insertPair(store, { definition });
    await insertPair(store, { definition, origin: { kind: 'demand', runNow: true } });
    await insertPair(store, { definition: { ...definition, key: 'q/nightly' }, origin: { kind: 'demand', runNow: true } });
    expect((await store.find({ definitions: [KEY] })).map(({ id }) => id)).toEqual([nth(3)]);
    expect(await firings.fire([decision([started(1)], [], { unfinished: [] })])).toEqual([{ is: 'changed' }]);
    expect((await firings.fire([decision([started(1)], [], { unfinished: [nth(3)] })]))[0]?.is).toBe('fired');
    await store.transition([{ instanceId: ((await store.find({ ids: [nth(3)] }))[0] as { instanceId: string }).instanceId, from: ['NotStarted'], to: 'Completed', endTime: at(3) }]);
    const left = await store.find({ definitions: [KEY], states: ['NotStarted', 'Running'] });
    expect(left).toMatchObject([{ origin: { kind: 'trigger', dueAt: at(1) } }]);
    expect((await firings.fire([decision([], [], { unfinished: left.map(({ id }) => id) })]))[0]?.is).toBe('fired');
  });
});

describe('a range', () => {
  const disabled = (first: number, last = first): ReturnType<typeof skipped> => skipped(first, last, { reason: 'disabled', lengthens: true });

  test('is lengthened by what was skipped for the same reason', async () => {
    const { firings } = await openBook();
    for (const firing of [disabled(1, 3), disabled(4), disabled(5, 9)]) expect(await firings.fire([decision([firing])])).toEqual([FIRED]);
    expect(await firings.firings({ limit: 9 })).toMatchObject([{ dueAt: at(1), lastDueAt: at(9), count: 9, reason: 'disabled' }]);
    expect(await firings.fire([decision([disabled(9, 10)])])).toEqual([{ is: 'already-fired' }]);
  });

  test.each([
    ['another reason', skipped(1)],
    ['a start', started(1)],
  ])('is another one after %s', async (_what, before) => {
    const { firings } = await openBook();
    await firings.fire([decision([before]), decision([disabled(2)])]);
    expect(await firings.firings({ limit: 9 })).toHaveLength(2);
  });
});

describe('history', () => {
  test('is newest first, and narrowed by time, word and definition', async () => {
    const { firings } = await openBook();
    await firings.fire([decision([started(1), skipped(2, 6), started(7)]), { ...decision([skipped(4, 4, { text: 'why' })]), definition: 'q/other' }]);
    const found = async (query: Partial<Parameters<typeof firings.firings>[0]>): Promise<number[]> => (await firings.firings({ limit: 9, ...query })).map(({ lastDueAt }) => (lastDueAt.getTime() - at(0).getTime()) / 60_000);
    expect(await found({})).toEqual([7, 6, 4, 1]);
    expect(await found({ limit: 2 })).toEqual([7, 6]);
    expect(await found({ since: at(5) })).toEqual([7, 6]);
    expect(await found({ until: at(3) })).toEqual([6, 1]);
    expect(await found({ word: 'Started' })).toEqual([7, 1]);
    expect(await found({ definitions: ['q/other', 'r/none'] })).toEqual([4]);
    expect(await firings.firings({ definitions: ['q/other'], limit: 1 })).toMatchObject([{ text: 'why' }]);
  });
});

const minutesOf = (moment: Date | undefined): number | undefined => moment && (moment.getTime() - at(0).getTime()) / 60_000;

describe('a clock that had been wrong', () => {
  test('leaves rows that are void: kept, and outside the key, so that the real due times fire', async () => {
    const { firings } = await openBook();
    await firings.fire([decision([started(10), started(100), skipped(101, 110)])]);
    expect(await firings.voidAfter([KEY], at(60), at(0))).toBe(2);
    expect((await firings.firings({ limit: 9 })).map(({ dueAt, word, count }) => [minutesOf(dueAt), word, count])).toEqual([[101, 'Void', 10], [100, 'Void', 1], [10, 'Started', 1]]);
    expect((await firings.fire([decision([started(100)])]))[0]?.is).toBe('fired');
    expect((await firings.fire([decision([started(10)])]))[0]?.is).toBe('already-fired');
  });

  test('does not make the same rows void twice', async () => {
    const { firings } = await openBook();
    await firings.fire([decision([started(100)])]);
    await firings.voidAfter([KEY], at(60), at(0));
    expect(await firings.voidAfter([KEY], at(60), at(0))).toBe(0);
  });

  test('takes a range that reaches behind the bound as a whole: the right clock gives what was due until now another word', async () => {
    const { firings } = await openBook();
    await firings.fire([decision([started(-10), skipped(-9, 100)], [{ to: clock({ lastDueAt: at(100) }) }])]);
    expect(await firings.voidAfter([KEY], at(60), at(0))).toBe(1);
    expect((await firings.firings({ limit: 9 })).map(({ dueAt, lastDueAt, word }) => [minutesOf(dueAt), minutesOf(lastDueAt), word])).toEqual([[-9, 100, 'Void'], [-10, -10, 'Started']]);
    expect(await firings.clocks()).toMatchObject([{ lastDueAt: at(-10), nextDueAt: at(0) }]);
  });

  test('leaves other definitions alone', async () => {
    const { firings } = await openBook();
    await firings.fire([{ ...decision([started(100)], [{ to: clock({ definition: 'q/other', lastDueAt: at(100) }) }]), definition: 'q/other' }]);
    expect(await firings.voidAfter([KEY], at(60), at(0))).toBe(0);
    expect(await firings.clocks()).toMatchObject([{ lastDueAt: at(100) }]);
  });

  test.each([
    ['behind the bound forgets it, to be looked at at once', { lastDueAt: at(100), nextDueAt: at(101) }, { lastDueAt: undefined, nextDueAt: at(0) }],
    ['before the bound stays', { lastDueAt: at(30), nextDueAt: at(31) }, { lastDueAt: at(30), nextDueAt: at(31) }],
    ['that was first seen behind the bound begins now', { knownSince: at(100), nextDueAt: at(101) }, { knownSince: at(0), lastDueAt: undefined, nextDueAt: at(0) }],
    ['that waits for an event has no next due time', { lastDueAt: at(100), event: 'boot-1' }, { lastDueAt: undefined, event: 'boot-1', nextDueAt: undefined }],
  ])('a trigger clock %s', async (_what, before, after) => {
    const { firings } = await openBook();
    await firings.fire([decision([], [{ to: clock(before) }])]);
    await firings.voidAfter([KEY], at(60), at(0));
    const [found] = await firings.clocks();
    for (const [key, value] of Object.entries(after)) expect(found?.[key as keyof TriggerClock]).toEqual(value);
  });

  test('a trigger clock goes back no further than the last word that stays', async () => {
    const { firings } = await openBook();
    await firings.fire([decision([started(30), started(100)], [{ to: clock({ lastDueAt: at(100) }) }])]);
    await firings.voidAfter([KEY], at(60), at(0));
    expect(await firings.clocks()).toMatchObject([{ lastDueAt: at(30) }]);
  });
});

describe('a clearing of firings', () => {
  const OTHER = 'p/other';

  async function filled(): Promise<Book> {
    const book = await openBook();
    await book.firings.fire([decision([skipped(1), skipped(2, 5), skipped(8), skipped(3, 3, { triggerId: 2 })], [{ to: clock({ lastDueAt: at(8) }) }])]);
    await book.firings.fire([decision([skipped(1), skipped(2)], [], { definition: OTHER })]);
    return book;
  }

  async function left({ firings }: Book): Promise<string[]> {
    return (await firings.firings({ limit: 99 })).map(({ definition, triggerId, dueAt, word }) => `${definition} ${triggerId} ${(dueAt.getTime() - at(0).getTime()) / 60_000} ${word}`).toSorted();
  }

  test('what was due before an instant is cleared, a range when it has ended before, and of no other definition', async () => {
    const book = await filled();
    expect(await book.firings.clearFirings(KEY, { before: at(5) })).toBe(2);
    expect(await left(book)).toEqual(['p/nightly 1 2 Skipped', 'p/nightly 1 8 Skipped', 'p/other 1 1 Skipped', 'p/other 1 2 Skipped']);
  });

  test('of a trigger that goes on the newest word stays; a definition that is gone loses all', async () => {
    const book = await filled();
    expect(await book.firings.clearFirings(KEY)).toBe(6);
    expect(await book.firings.clearFirings(OTHER)).toBe(2);
    expect(await left(book)).toEqual(['p/nightly 1 8 Skipped']);
    expect(await book.firings.fire([decision([skipped(8)])])).toEqual([{ is: 'already-fired' }]);
    expect((await book.firings.clocks())[0]?.lastDueAt).toEqual(at(8));
  });

  test('what waits for an idle machine stays, and gets its word later', async () => {
    const book = await filled();
    await book.firings.fire([decision([{ triggerId: 1, dueAt: at(9), word: 'Waiting' }, skipped(10)], [{ from: clock({ lastDueAt: at(8) }), to: clock({ lastDueAt: at(10) }) }])]);
    await book.firings.clearFirings(KEY);
    expect((await left(book)).filter((row) => row.startsWith(KEY))).toEqual(['p/nightly 1 10 Skipped', 'p/nightly 1 9 Waiting']);
    expect(await book.firings.fire([decision([skipped(9, 9, { reason: 'condition', waited: true })])])).toMatchObject([{ is: 'fired' }]);
  });

  test('a clock that ran ahead after a clearing goes back to the word that stayed', async () => {
    const book = await filled();
    await book.firings.clearFirings(KEY);
    await book.firings.fire([decision([skipped(100)], [{ from: clock({ lastDueAt: at(8) }), to: clock({ lastDueAt: at(100) }) }])]);
    await book.firings.voidAfter([KEY], at(10), at(10));
    expect((await book.firings.clocks())[0]?.lastDueAt).toEqual(at(8));
  });

  test('what would be cleared is only counted when that is asked for', async () => {
    const book = await filled();
    expect(await book.firings.clearFirings(KEY, { before: at(5), whatIf: true })).toBe(2);
    expect(await left(book)).toHaveLength(6);
  });
});

describe('ids of triggers', () => {
  test('an id that was given once is not given again, whatever became of its trigger', async () => {
    const { firings } = await openBook();
    expect(await firings.nextTriggerIds(KEY, [], 2)).toEqual([1, 2]);
    expect(await firings.nextTriggerIds(KEY, [1], 1)).toEqual([3]);
    expect(await firings.nextTriggerIds(KEY, [], 1)).toEqual([4]);
    expect(await firings.nextTriggerIds('p/other', [], 1)).toEqual([1]);
  });

  test('ids that a person wrote by hand count, and with none to give they are remembered', async () => {
    const { firings } = await openBook();
    expect(await firings.nextTriggerIds(KEY, [7, 3], 0)).toEqual([]);
    expect(await firings.nextTriggerIds(KEY, [3], 2)).toEqual([8, 9]);
  });

  test('triggers that the scheduler has known count until the first id is given', async () => {
    const { firings } = await openBook();
    await firings.fire([decision([], [{ to: clock({ triggerId: 5 }) }])]);
    expect(await firings.nextTriggerIds(KEY, [], 1)).toEqual([6]);
  });

  test('after all triggers were removed numbering begins at 1, though their clocks may still stand', async () => {
    const { firings } = await openBook();
    await firings.fire([decision([], [{ to: clock({ triggerId: 5 }) }])]);
    await firings.nextTriggerIds(KEY, [], 1);
    await firings.forgetTriggerIds(KEY);
    expect(await firings.nextTriggerIds(KEY, [], 2)).toEqual([1, 2]);
  });
});

describe('several schedulers', () => {
  test('that decide the same due time fire it once', async () => {
    const { store, firings } = await openBook();
    const results = await Promise.all(Array.from({ length: 8 }, () => firings.fire([decision([started(5)], [{ to: clock({ lastDueAt: at(5) }) }], { unfinished: [] })])));
    expect(results.flat().map(({ is }) => is).toSorted()).toEqual([...Array<string>(7).fill('already-fired'), 'fired']);
    expect(await store.find({ topLevel: true })).toHaveLength(1);
  });

  test('with two triggers of one definition cannot both see that nothing runs', async () => {
    const { store, firings } = await openBook();
    const both = [started(5), { ...started(5), triggerId: 2 }].map((firing) => firings.fire([decision([firing], [], { unfinished: [] })]));
    expect((await Promise.all(both)).flat().map(({ is }) => is).toSorted()).toEqual(['changed', 'fired']);
    expect(await store.find({ topLevel: true })).toHaveLength(1);
  });

  test('that fire many definitions in any order are in nobody\'s way', async () => {
    const { store, firings } = await openBook();
    const keys = Array.from({ length: 12 }, (_, index) => `p/d${index}`);
    const all = (order: readonly string[]) => firings.fire(order.map((key) => ({ ...decision([started(5, key)]), definition: key })));
    await Promise.all([all(keys), all(keys.toReversed()), all(keys.toSorted(() => 1)), all([...keys.slice(6), ...keys.slice(0, 6)])]);
    expect(await store.find({ topLevel: true })).toHaveLength(12);
  });
});

test('a due time that a wrong clock has made void is fired again, and its job waits in the queue', async () => {
  const { store, firings } = await openBook();
  const [first] = await firings.fire([decision([started(100)])]);
  await store.transition(instancesOf(first).map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'Stopped', endTime: at(1) }) as const));
  await firings.voidAfter([KEY], at(60), at(0));
  const [again] = await firings.fire([decision([started(100)])]);
  expect(instancesOf(again)).toHaveLength(2);
});

test('a thousand due times are a few statements', async () => {
  const { store, firings } = await openBook();
  const decisions = Array.from({ length: 1_200 }, (_, index) => ({ ...decision([started(5, `p/d${index}`)], [{ to: clock({ definition: `p/d${index}`, lastDueAt: at(5) }) }], { unfinished: [] }), definition: `p/d${index}` }));
  const results = await firings.fire(decisions);
  expect(new Set(results.map(({ is }) => is))).toEqual(new Set(['fired']));
  expect(await store.count({ topLevel: true })).toBe(1_200);
  expect((await firings.definitions()).length).toBe(1_200);
});
