import type { NewFiring } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { at, decision, KEY, skipped } from './firing-plans.ts';
import { openBook } from './folder.ts';

const DAY = 24 * 60;
const facts = ({ dueAt, lastDueAt, count, word }: { dueAt: Date; lastDueAt: Date; count: number; word: string }): unknown[] => [dueAt, lastDueAt, count, word];

/** Words of consecutive minutes, from the first on. */
function words(from: number, count: number, facts: Partial<NewFiring> = {}): NewFiring[] {
  return Array.from({ length: count }, (_, index) => ({ ...skipped(from + index), ...facts }));
}
const ran: Partial<NewFiring> = { word: 'Started', instanceId: 'i1' };

describe('history', () => {
  test('is kept for 400 days', async () => {
    const { firings } = openBook();
    await firings.fire([decision([skipped(0), skipped(1), skipped(2, 5)])]);
    expect(await firings.pruneFirings(at(400 * DAY))).toBe(0);
    expect(await firings.pruneFirings(at(400 * DAY + 2))).toBe(2);
    expect((await firings.firings({ limit: 9 })).map(facts)).toEqual([[at(2), at(5), 4, 'Skipped']]);
  });

  test('of a trigger has its newest 10,000 rows one by one, and older ones of one word together', async () => {
    const { firings } = openBook();
    const { reason: _, ...start } = skipped(0);
    const begun = (from: number, count: number): NewFiring[] => words(from, count).map(({ dueAt }) => ({ ...start, ...ran, dueAt, lastDueAt: dueAt }));
    await firings.fire([decision([...begun(0, 4), skipped(4, 9), ...words(10, 2), ...words(12, 1, { reason: 'overlap' }), ...begun(13, 10_000)])]);
    expect(await firings.pruneFirings(at(DAY))).toBe(5);
    const rows = await firings.firings({ limit: 20_000 });
    expect(rows).toHaveLength(10_003);
    expect(rows.slice(-3).map(facts)).toEqual([[at(12), at(12), 1, 'Skipped'], [at(4), at(11), 8, 'Skipped'], [at(0), at(3), 4, 'Started']]);
    expect(rows.at(-1)).not.toHaveProperty('instanceId');
    expect(await firings.fire([decision([skipped(2)])])).toEqual([{ is: 'already-fired' }]);
    expect(await firings.pruneFirings(at(DAY))).toBe(0);
  });

  test('of void rows is collapsed by itself', async () => {
    const { firings } = openBook();
    await firings.fire([decision(words(0, 10_002))]);
    await firings.voidAfter([KEY], at(-1), at(-2));
    await firings.fire([decision(words(0, 2))]);
    expect(await firings.pruneFirings(at(DAY))).toBe(1);
    expect((await firings.firings({ limit: 20_000 })).slice(-3).map(facts).toSorted()).toEqual([[at(0), at(0), 1, 'Skipped'], [at(0), at(1), 2, 'Void'], [at(1), at(1), 1, 'Skipped']].toSorted());
  });

  test('is kept as long, and as many rows of it one by one, as somebody says', async () => {
    const { firings } = openBook();
    await firings.fire([decision(words(0, 10))]);
    expect(await firings.pruneFirings(at(2 * DAY + 1), { kept: 2 * DAY * 60_000, single: 3 })).toBe(1 + 5);
    expect((await firings.firings({ limit: 20 })).map(facts)).toEqual([[at(9), at(9), 1, 'Skipped'], [at(8), at(8), 1, 'Skipped'], [at(7), at(7), 1, 'Skipped'], [at(1), at(6), 6, 'Skipped']]);
  });

  test('in which words take turns stays row by row: a range is true of all of its due times', async () => {
    const { firings } = openBook();
    await firings.fire([decision(Array.from({ length: 10 }, (_, index) => ({ ...skipped(index), reason: index % 2 === 0 ? 'overlap' : 'misfire' }) as const))]);
    expect(await firings.pruneFirings(at(DAY), { single: 3 })).toBe(0);
  });
});
