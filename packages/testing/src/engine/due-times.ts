import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { NewFiring } from '@nightshift/sdk';
import { must } from '../runner.ts';
import { fromBoth, type EngineProperty } from './bench.ts';
import { decision, history, minutesOf, skipped, started, words } from './plans.ts';

/** What overlaps a range from 3 to 5. */
const OVERLAPPING: readonly (readonly [first: number, last: number])[] = [[3, 3], [4, 4], [5, 5], [1, 3], [5, 9], [1, 9], [3, 5]];
const waiting = (minutes: number): NewFiring => ({ triggerId: 1, dueAt: skipped(minutes).dueAt, word: 'Waiting', text: 'waits' });
const over = (minutes: number): NewFiring => skipped(minutes, minutes, { reason: 'condition', waited: true });
const lengthening = (first: number, last = first): NewFiring => skipped(first, last, { reason: 'disabled', lengthens: true });

/** Every due time has one word, alone or in a range. */
export const dueTimes: readonly EngineProperty[] = [
  {
    title: 'that has its word gets no second one, by itself or by a range that touches it',
    async check({ engine: { firings } }) {
      await firings.fire([decision([started(5)])]);
      for (const firing of [started(5), skipped(3, 5), skipped(5, 7), skipped(1, 9)]) deepStrictEqual(words(await firings.fire([decision([firing])])), ['already-fired']);
      deepStrictEqual(await history(firings), ['5 Started']);
    },
  },
  {
    title: 'in a range is not fired again, whatever touches the range',
    async check({ engine: { firings } }) {
      await firings.fire([decision([skipped(3, 5)])]);
      for (const [first, last] of OVERLAPPING) deepStrictEqual(words(await firings.fire([decision([skipped(first, last)])])), ['already-fired'], `fire() wrote ${first} to ${last} over a range from 3 to 5`);
      deepStrictEqual(words(await firings.fire([decision([skipped(1, 2)]), decision([skipped(6, 9)]), decision([skipped(3, 5, { triggerId: 2 })])])), ['fired', 'fired', 'fired'], 'fire() refused what only lies beside a range');
    },
  },
  {
    title: 'never has two words, whatever four callers decide at the same time',
    async check(bench) {
      await fromBoth(bench, 4, async ({ firings }, caller) => {
        for (let turn = 0; turn < 12; turn++) {
          const [first, length] = [(turn * 7 + caller * 5) % 40, ((turn + caller) % 3) * 2];
          await firings.fire([decision([length === 0 ? started(first) : skipped(first, first + length)])]);
        }
      });
      const seen = new Set<number>();
      for (const { dueAt, lastDueAt } of await bench.engine.firings.firings({ limit: 1_000 })) {
        for (let at = minutesOf(dueAt); at <= minutesOf(lastDueAt); at++) {
          must(!seen.has(at), `minute ${at} has two words`, 'Refuse what overlaps under the lock of the definition');
          seen.add(at);
        }
      }
    },
  },
  {
    title: 'joins the range before it that was skipped for the same reason, and no other',
    async check({ engine: { firings } }) {
      await firings.fire([decision([skipped(0)])]);
      for (const firing of [lengthening(1, 3), lengthening(4), lengthening(5, 9)]) deepStrictEqual(words(await firings.fire([decision([firing])])), ['fired']);
      deepStrictEqual(await history(firings), ['1-9 Skipped', '0 Skipped']);
      strictEqual((await firings.firings({ limit: 1 }))[0]?.count, 9, 'a range that is lengthened must count each of its due times');
      deepStrictEqual(words(await firings.fire([decision([lengthening(9, 10)])])), ['already-fired']);
    },
  },
  {
    title: 'that waits for an idle machine is taken, and gets its word once',
    async check({ engine: { firings } }) {
      await firings.fire([decision([waiting(5), waiting(6), started(7)])]);
      deepStrictEqual(words(await firings.fire([decision([started(5)]), decision([skipped(4, 6)]), decision([over(8)]), decision([over(7)])])), ['already-fired', 'already-fired', 'already-fired', 'already-fired']);
      deepStrictEqual(words(await firings.fire([decision([over(5)]), decision([over(5)]), decision([started(6, { waited: true })])])), ['fired', 'already-fired', 'fired']);
      deepStrictEqual(await history(firings), ['7 Started', '6 Started', '5 Skipped']);
    },
  },
  {
    title: 'of ten missed years is one row with the others, written at once',
    async check({ engine: { firings } }) {
      const minutes = 10 * 365 * 24 * 60;
      const began = performance.now();
      await firings.fire([decision([skipped(1, minutes)])]);
      const took = performance.now() - began;
      deepStrictEqual((await firings.firings({ limit: 9 })).map(({ count }) => count), [minutes]);
      must(took < 10_000, `a range of ten years took ${Math.round(took)} ms`, 'Write a range as one row');
    },
  },
  {
    title: 'is found newest first, and by time, word and definition',
    async check({ engine: { firings } }) {
      await firings.fire([decision([started(1), skipped(2, 6), started(7)]), decision([skipped(4, 4, { text: 'why' })], [], { definition: 'q/other' })]);
      const [five, three] = [skipped(5).dueAt, skipped(3).dueAt];
      deepStrictEqual(await history(firings), ['7 Started', '2-6 Skipped', '4 Skipped', '1 Started']);
      deepStrictEqual(await history(firings, { limit: 2 }), ['7 Started', '2-6 Skipped']);
      deepStrictEqual(await history(firings, { since: five }), ['7 Started', '2-6 Skipped']);
      deepStrictEqual(await history(firings, { until: three }), ['2-6 Skipped', '1 Started']);
      deepStrictEqual(await history(firings, { word: 'Started' }), ['7 Started', '1 Started']);
      deepStrictEqual((await firings.firings({ definitions: ['q/other', 'r/none'], limit: 9 })).map(({ text }) => text), ['why']);
    },
  },
];
