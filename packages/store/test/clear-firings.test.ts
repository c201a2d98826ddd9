import { expect, test } from 'vitest';
import { at, clock, decision, KEY, skipped } from './firing-plans.ts';
import { openBook } from './folder.ts';

const OTHER = 'p/other';

async function filled(): Promise<ReturnType<typeof openBook>> {
  const book = openBook();
  await book.firings.fire([decision([skipped(1), skipped(2, 5), skipped(8), skipped(3, 3, { triggerId: 2 })], [{ to: clock({ lastDueAt: at(8) }) }])]);
  await book.firings.fire([decision([skipped(1), skipped(2)], [], { definition: OTHER })]);
  return book;
}

async function left({ firings }: ReturnType<typeof openBook>): Promise<string[]> {
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

test('what waits for an idle machine stays, and gets its word later; old rows that go do not take it along', async () => {
  const book = await filled();
  await book.firings.fire([decision([{ triggerId: 1, dueAt: at(9), word: 'Waiting' }, skipped(10)], [{ from: clock({ lastDueAt: at(8) }), to: clock({ lastDueAt: at(10) }) }])]);
  await book.firings.clearFirings(KEY);
  await book.firings.pruneFirings(at(30), { kept: 60_000 });
  expect(await left(book)).toEqual(['p/nightly 1 9 Waiting']);
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
