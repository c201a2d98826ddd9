import { expect, test } from 'vitest';
import { createSpread } from '../src/spread.ts';

const NOW = new Date('2027-03-01T12:00Z');
const keys = Array.from({ length: 1_000 }, (_, index) => `ops/job${index}`);

test('two begin at once, every further one less than 30 s later, by an offset of its own', () => {
  const spread = createSpread();
  spread.begin(NOW);
  const begins = keys.map((key) => spread.next(key)?.getTime());
  expect(begins.slice(0, 2)).toEqual([undefined, undefined]);
  const offsets = begins.slice(2).map((begin) => (begin as number) - NOW.getTime());
  expect(offsets.every((offset) => offset >= 0 && offset < 30_000)).toBe(true);
  const perSecond = Map.groupBy(offsets, (offset) => Math.floor(offset / 1_000));
  expect(Math.max(...[...perSecond.values()].map(({ length }) => length))).toBeLessThan(100);
  expect(perSecond.size).toBe(30);
});

test('the offset of a definition is the same in every process', () => {
  const offsetOf = (key: string): number => {
    const spread = createSpread();
    spread.begin(new Date(0));
    spread.next('one');
    spread.next('two');
    return (spread.next(key) as Date).getTime();
  };
  expect(['ops/nightly', 'ops/hourly', 'ops/ünïcode'].map(offsetOf)).toEqual(['ops/nightly', 'ops/hourly', 'ops/ünïcode'].map(offsetOf));
  expect(offsetOf('ops/nightly')).not.toBe(offsetOf('ops/hourly'));
});

test('after a start or a jump of the clock two begin at once again, and not before', () => {
  const spread = createSpread();
  spread.begin(NOW);
  const isAtOnce = (): boolean => spread.next('ops/job') === undefined;
  expect([isAtOnce(), isAtOnce(), isAtOnce()]).toEqual([true, true, false]);
  spread.begin(NOW);
  expect(isAtOnce()).toBe(false);
  spread.restart();
  expect([isAtOnce(), isAtOnce(), isAtOnce()]).toEqual([true, true, false]);
});
