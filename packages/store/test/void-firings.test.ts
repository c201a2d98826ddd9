import type { TriggerClock } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { at, clock, decision, KEY, skipped, started } from './firing-plans.ts';
import { openBook } from './folder.ts';

const minutes = (moment: Date | undefined): number | undefined => moment && (moment.getTime() - at(0).getTime()) / 60_000;

describe('a clock that had been wrong', () => {
  test('leaves rows that are void: kept, and outside the key, so that the real due times fire', async () => {
    const { firings } = openBook();
    await firings.fire([decision([started(10), started(100), skipped(101, 110)])]);
    expect(await firings.voidAfter([KEY], at(60), at(0))).toBe(2);
    expect((await firings.firings({ limit: 9 })).map(({ dueAt, word, count }) => [minutes(dueAt), word, count])).toEqual([[101, 'Void', 10], [100, 'Void', 1], [10, 'Started', 1]]);
    expect((await firings.fire([decision([started(100)])]))[0]?.is).toBe('fired');
    expect((await firings.fire([decision([started(10)])]))[0]?.is).toBe('already-fired');
  });

  test('does not make the same rows void twice', async () => {
    const { firings } = openBook();
    await firings.fire([decision([started(100)])]);
    await firings.voidAfter([KEY], at(60), at(0));
    expect(await firings.voidAfter([KEY], at(60), at(0))).toBe(0);
  });

  test('takes a range that reaches behind the bound as a whole: the right clock gives what was due until now another word', async () => {
    const { firings } = openBook();
    await firings.fire([decision([started(-10), skipped(-9, 100)], [{ to: clock({ lastDueAt: at(100) }) }])]);
    expect(await firings.voidAfter([KEY], at(60), at(0))).toBe(1);
    expect((await firings.firings({ limit: 9 })).map(({ dueAt, lastDueAt, word }) => [minutes(dueAt), minutes(lastDueAt), word])).toEqual([[-9, 100, 'Void'], [-10, -10, 'Started']]);
    expect(await firings.clocks()).toMatchObject([{ lastDueAt: at(-10), nextDueAt: at(0) }]);
  });

  test('leaves other definitions alone', async () => {
    const { firings } = openBook();
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
    const { firings } = openBook();
    await firings.fire([decision([], [{ to: clock(before) }])]);
    await firings.voidAfter([KEY], at(60), at(0));
    const [found] = await firings.clocks();
    for (const [key, value] of Object.entries(after)) expect(found?.[key as keyof TriggerClock]).toEqual(value);
  });

  test('a trigger clock goes back no further than the last word that stays', async () => {
    const { firings } = openBook();
    await firings.fire([decision([started(30), started(100)], [{ to: clock({ lastDueAt: at(100) }) }])]);
    await firings.voidAfter([KEY], at(60), at(0));
    expect(await firings.clocks()).toMatchObject([{ lastDueAt: at(30) }]);
  });
});
