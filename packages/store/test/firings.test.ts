import type { NewFiring } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { openFirings } from '../src/index.ts';
import { at, clock, decision, instancesOf, KEY, planStart, skipped, started } from './firing-plans.ts';
import { countingIn, durableKind, insertPair, openBook, openStore, temporaryFolder } from './folder.ts';

const FIRED = { is: 'fired', instances: [] };

describe('a decision', () => {
  test('writes the firing, the job with its child, and the clock', async () => {
    const { store, firings } = openBook();
    const firing = started(5);
    const to = clock({ lastDueAt: at(5), nextDueAt: at(6), event: 'boot-1' });
    const [result] = await firings.fire([decision([firing], [{ to }])]);
    const instances = instancesOf(result);
    expect(instances).toMatchObject([
      { id: 1, name: 'Nightly', state: 'NotStarted', attempt: 1, origin: { kind: 'trigger', triggerId: '1', dueAt: at(5) } },
      { id: 2, parentId: 1, origin: { kind: 'parent', parentId: 1 }, runFolder: expect.stringMatching(/\/output\/p\/Nightly\/\d{8}-\d{6}-\d{3}-[0-9a-f]{8}$/) },
    ]);
    expect(await store.find({})).toEqual(instances);
    expect(await firings.firings({ limit: 9 })).toEqual([{ definition: KEY, triggerId: 1, dueAt: at(5), lastDueAt: at(5), count: 1, decidedAt: at(0), word: 'Started', instanceId: firing.instanceId }]);
    expect(await firings.clocks()).toEqual([to]);
  });

  test('of run-now inserts a job without a firing, unless the unfinished jobs are others than it saw', async () => {
    const { store, firings } = openBook();
    const start = planStart(at(5));
    const [result] = await firings.fire([decision([], [], { unfinished: [], starts: [start] })]);
    expect(instancesOf(result)).toMatchObject([{ id: 1, instanceId: start[0].instanceId }, { id: 2, parentId: 1 }]);
    expect(await firings.firings({ limit: 9 })).toEqual([]);
    expect(await firings.fire([decision([], [], { unfinished: [], starts: [planStart(at(6))] })])).toEqual([{ is: 'changed' }]);
    expect(await store.find({ topLevel: true })).toHaveLength(1);
  });

  test('of nothing writes nothing', async () => {
    const { firings } = openBook();
    expect(await firings.fire([])).toEqual([]);
    expect(await firings.fire([decision([])])).toEqual([FIRED]);
  });

  test('that is refused leaves no trace, and the others of its call stand', async () => {
    const { store, firings } = openBook();
    await firings.fire([decision([started(5)])]);
    const results = await firings.fire([
      decision([started(6)]),
      decision([started(7), skipped(5)], [{ to: clock() }]),
      decision([started(8)]),
    ]);
    expect(results.map(({ is }) => is)).toEqual(['fired', 'already-fired', 'fired']);
    expect((await firings.firings({ limit: 9 })).map(({ dueAt }) => dueAt)).toEqual([at(8), at(6), at(5)]);
    expect(await firings.clocks()).toEqual([]);
    expect((await store.find({})).map(({ id }) => id)).toEqual([1, 2, 3, 4, 7, 8]);
  });

  test('sees what an earlier one of its call has written', async () => {
    const { firings } = openBook();
    const results = await firings.fire([decision([started(5)], [], { unfinished: [] }), decision([started(5)]), decision([started(6)], [], { unfinished: [] }), decision([started(6)], [], { unfinished: [1] })]);
    expect(results.map(({ is }) => is)).toEqual(['fired', 'already-fired', 'changed', 'fired']);
  });

  test('of which a part fails writes nothing, and neither do the others of its call', async () => {
    const { store, firings } = openBook();
    const firing = started(6);
    await expect(firings.fire([decision([started(5)], [{ to: clock() }]), decision([firing]), decision([{ ...firing, dueAt: at(7) }])])).rejects.toThrow();
    expect([await store.find({}), await firings.firings({ limit: 9 }), await firings.clocks()]).toEqual([[], [], []]);
  });
});

describe('a due time that waits for an idle machine', () => {
  const waiting = (minutes: number): NewFiring => ({ triggerId: 1, dueAt: at(minutes), word: 'Waiting', text: 'waits' });
  const over = (minutes: number): NewFiring => ({ ...skipped(minutes, minutes, { reason: 'condition' }), waited: true });
  const words = async ({ firings }: ReturnType<typeof openBook>) => (await firings.firings({ limit: 9 })).map(({ dueAt, word }) => `${dueAt.getUTCMinutes()} ${word}`);

  test('has its row, which gives way to its word, once', async () => {
    const book = openBook();
    await book.firings.fire([decision([waiting(5), waiting(6)])]);
    expect(await words(book)).toEqual(['6 Waiting', '5 Waiting']);
    expect((await book.firings.firings({ word: 'Waiting', limit: 9 })).map(({ decidedAt, text }) => [decidedAt, text])).toEqual([[at(0), 'waits'], [at(0), 'waits']]);
    expect((await book.firings.fire([decision([over(5)]), decision([over(5)]), decision([{ ...started(6), waited: true }])])).map(({ is }) => is)).toEqual(['fired', 'already-fired', 'fired']);
    expect(await words(book)).toEqual(['6 Started', '5 Skipped']);
  });

  test('is taken: nothing else gives it a word, and what never waited cannot end a wait', async () => {
    const book = openBook();
    await book.firings.fire([decision([waiting(5), started(7)])]);
    expect((await book.firings.fire([decision([started(5)]), decision([skipped(4, 6)]), decision([over(6)]), decision([over(7)])])).map(({ is }) => is)).toEqual(Array(4).fill('already-fired'));
    expect(await words(book)).toEqual(['7 Started', '5 Waiting']);
  });

  test('stays by itself, however old its row becomes', async () => {
    const book = openBook();
    await book.firings.fire([decision(Array.from({ length: 10_003 }, (_, minute) => waiting(minute)))]);
    expect(await book.firings.pruneFirings(at(10_003))).toBe(0);
  });
});

describe('a due time that has its word', () => {
  test.each([
    ['itself', started(5)],
    ['a range that ends there', skipped(3, 5)],
    ['a range that begins there', skipped(5, 7)],
    ['a range around it', skipped(1, 9)],
  ])('is not fired again by %s', async (_what, firing) => {
    const { firings } = openBook();
    await firings.fire([decision([started(5)])]);
    expect(await firings.fire([decision([firing])])).toEqual([{ is: 'already-fired' }]);
    expect(await firings.firings({ limit: 9 })).toHaveLength(1);
  });

  test.each([[3, 3], [5, 5], [4, 4], [1, 3], [5, 9], [1, 9], [4, 4]])('by a range is not fired again by %i to %i', async (first, last) => {
    const { firings } = openBook();
    await firings.fire([decision([skipped(3, 5)])]);
    expect(await firings.fire([decision([skipped(first, last)])])).toEqual([{ is: 'already-fired' }]);
  });

  test.each([
    ['the times beside it', skipped(1, 2)],
    ['the times behind it', skipped(6, 9)],
    ['another trigger', skipped(3, 5, { triggerId: 2 })],
  ])('leaves %s alone', async (_what, firing) => {
    const { firings } = openBook();
    await firings.fire([decision([skipped(3, 5)])]);
    expect(await firings.fire([decision([firing])])).toEqual([FIRED]);
  });

  test('of another definition is another', async () => {
    const { firings } = openBook();
    await firings.fire([decision([started(5)])]);
    expect(await firings.fire([{ ...decision([skipped(5)]), definition: 'q/nightly' }])).toEqual([FIRED]);
  });
});

describe('a clock', () => {
  const first = clock({ lastDueAt: at(5), nextDueAt: at(6) });

  test('moves from where it was seen', async () => {
    const { firings } = openBook();
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
    const { firings } = openBook();
    await firings.fire([decision([], [{ to: first }])]);
    expect(await firings.fire([decision([skipped(6)], [{ from: { ...first, ...facts }, to: clock() }])])).toEqual([{ is: 'changed' }]);
    expect([await firings.clocks(), await firings.firings({ limit: 9 })]).toEqual([[first], []]);
  });

  test('that nobody had is not made twice, and one that is gone does not move', async () => {
    const { firings } = openBook();
    expect(await firings.fire([decision([], [{ from: first, to: first }])])).toEqual([{ is: 'changed' }]);
    await firings.fire([decision([], [{ to: first }])]);
    expect(await firings.fire([decision([], [{ to: first }])])).toEqual([{ is: 'changed' }]);
  });

  test('goes when its trigger does', async () => {
    const { firings } = openBook();
    await firings.fire([decision([], [{ to: first }])]);
    expect(await firings.fire([decision([], [{ from: first }])])).toEqual([FIRED]);
    expect(await firings.clocks()).toEqual([]);
  });
});

describe('the unfinished jobs of a definition', () => {
  test('are those that triggers and run-now started, not those of people or of other definitions', async () => {
    const { store, firings } = openBook();
    const definition = { key: KEY, name: 'Nightly', path: '/d/Nightly.yaml' };
    await insertPair(store, { definition });
    await insertPair(store, { definition, origin: { kind: 'demand', runNow: true } });
    await insertPair(store, { definition: { ...definition, key: 'q/nightly' }, origin: { kind: 'demand', runNow: true } });
    expect((await store.find({ definitions: [KEY] })).map(({ id }) => id)).toEqual([3]);
    expect(await firings.fire([decision([started(1)], [], { unfinished: [] })])).toEqual([{ is: 'changed' }]);
    expect((await firings.fire([decision([started(1)], [], { unfinished: [3] })]))[0]?.is).toBe('fired');
    await store.transition([{ instanceId: ((await store.find({ ids: [3] }))[0] as { instanceId: string }).instanceId, from: ['NotStarted'], to: 'Completed', endTime: at(3) }]);
    const left = await store.find({ definitions: [KEY], states: ['NotStarted', 'Running'] });
    expect(left).toMatchObject([{ origin: { kind: 'trigger', dueAt: at(1) } }]);
    expect((await firings.fire([decision([], [], { unfinished: left.map(({ id }) => id) })]))[0]?.is).toBe('fired');
  });

  test('are found by their own index', () => {
    const { store } = openBook();
    const plan = store.database.prepare("EXPLAIN QUERY PLAN SELECT id FROM instance WHERE definitionKey = 'x' AND state NOT IN ('Completed', 'Failed', 'Stopped') ORDER BY id").all();
    expect(plan.map((row) => row['detail'])).toEqual([expect.stringContaining('instance_definition_unfinished')]);
  });
});

describe('a range', () => {
  const disabled = (first: number, last = first): ReturnType<typeof skipped> => skipped(first, last, { reason: 'disabled', lengthens: true });

  test('is lengthened by what was skipped for the same reason', async () => {
    const { firings } = openBook();
    for (const firing of [disabled(1, 3), disabled(4), disabled(5, 9)]) expect(await firings.fire([decision([firing])])).toEqual([FIRED]);
    expect(await firings.firings({ limit: 9 })).toMatchObject([{ dueAt: at(1), lastDueAt: at(9), count: 9, reason: 'disabled' }]);
    expect(await firings.fire([decision([disabled(9, 10)])])).toEqual([{ is: 'already-fired' }]);
  });

  test.each([
    ['another reason', skipped(1)],
    ['a start', started(1)],
  ])('is another one after %s', async (_what, before) => {
    const { firings } = openBook();
    await firings.fire([decision([before]), decision([disabled(2)])]);
    expect(await firings.firings({ limit: 9 })).toHaveLength(2);
  });
});

describe('history', () => {
  test('is newest first, and narrowed by time, word and definition', async () => {
    const { firings } = openBook();
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

test('of two processes that decide the same due time one fires it', async () => {
  const root = temporaryFolder();
  const [one, other] = [openStore(durableKind(root)), openStore(durableKind(root))];
  const decided = decision([{ triggerId: 1, dueAt: at(1), word: 'Started', start: planStart(at(1)) }], [{ to: clock() }]);
  const results = [await openFirings(one, countingIn(root)).fire([decided]), await openFirings(other, countingIn(root)).fire([{ ...decided, firings: [started(1)] }])];
  expect(results.flat().map(({ is }) => is)).toEqual(['fired', 'already-fired']);
  expect(await one.find({ topLevel: true })).toHaveLength(1);
});
