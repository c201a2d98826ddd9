import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { TriggerClock } from '@nightshift/sdk';
import { fromBoth, type EngineProperty } from './bench.ts';
import { clock, decision, history, KEY, minute, skipped, started, words } from './plans.ts';

const FIRST = clock({ lastDueAt: minute(5), nextDueAt: minute(6) });

/** Facts of a clock that was seen otherwise than it stands. */
const OTHERWISE: Readonly<Record<string, Partial<TriggerClock>>> = {
  'another meaning': { revision: 'r2' },
  'enabled the other way': { enabled: false },
  'another last due time': { lastDueAt: minute(4) },
  'another event': { event: 'boot-2' },
};

/** How far each trigger has come. */
export const clocks: readonly EngineProperty[] = [
  {
    title: 'is known from when it is registered, and moves from where it was seen',
    async check({ engine: { firings } }) {
      deepStrictEqual(words(await firings.fire([decision([], [{ to: FIRST }])])), ['fired']);
      const to = clock({ revision: 'r2', enabled: false, knownSince: minute(9), event: 'boot-2' });
      deepStrictEqual(words(await firings.fire([decision([], [{ from: FIRST, to }])])), ['fired']);
      deepStrictEqual([await firings.clocks([KEY]), await firings.clocks(['q/other'])], [[to], []]);
      deepStrictEqual(await firings.definitions(), [KEY], 'definitions() must name what has a clock alone');
    },
  },
  ...Object.entries(OTHERWISE).map(([what, facts]): EngineProperty => ({
    title: `that was seen with ${what} does not move, and its firing is not written`,
    async check({ engine: { firings } }) {
      await firings.fire([decision([], [{ to: FIRST }])]);
      deepStrictEqual(words(await firings.fire([decision([skipped(6)], [{ from: { ...FIRST, ...facts }, to: clock() }])])), ['changed']);
      deepStrictEqual([await firings.clocks(), await history(firings)], [[FIRST], []]);
    },
  })),
  {
    title: 'that nobody had is made once by those who register it at the same time',
    async check(bench) {
      const results = await fromBoth(bench, 6, ({ firings }) => firings.fire([decision([], [{ to: FIRST }])]));
      deepStrictEqual(words(results.flat()).toSorted(), ['changed', 'changed', 'changed', 'changed', 'changed', 'fired']);
    },
  },
  {
    title: 'goes when its trigger does, and does not move when it is gone',
    async check({ engine: { firings } }) {
      await firings.fire([decision([], [{ to: FIRST }])]);
      deepStrictEqual(words(await firings.fire([decision([], [{ from: FIRST }])])), ['fired']);
      deepStrictEqual(await firings.clocks(), []);
      deepStrictEqual(words(await firings.fire([decision([], [{ from: FIRST, to: FIRST }])])), ['changed']);
    },
  },
  {
    title: 'that ran ahead goes back, and the due times behind the correction are free again',
    async check({ engine: { firings } }) {
      await firings.fire([decision([started(5), skipped(6, 20), started(30)], [{ to: clock({ lastDueAt: minute(30), nextDueAt: minute(31) }) }])]);
      strictEqual(await firings.voidAfter([KEY], minute(10), minute(10)), 2, 'voidAfter() must answer with how many rows became Void, a range that reaches behind the instant among them');
      deepStrictEqual(await history(firings), ['30 Void', '6-20 Void', '5 Started']);
      const [back] = await firings.clocks();
      deepStrictEqual(back?.lastDueAt, minute(5), 'a clock that stood later goes back to the last due time that keeps its word');
      deepStrictEqual(words(await firings.fire([decision([started(30)]), decision([skipped(6)]), decision([started(5)])])), ['fired', 'fired', 'already-fired']);
      strictEqual(await firings.voidAfter(['q/other'], minute(0), minute(0)), 0);
    },
  },
];
