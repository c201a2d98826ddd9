import { expect, test } from 'vitest';
import { mergeDueTimes } from '@nightshift/scheduler';

/** Due at the multiples of a number of milliseconds, up to a last one. */
function every(milliseconds: number, last = Infinity) {
  return {
    name: `every ${milliseconds}`,
    asked: 0,
    next(after: Date) {
      this.asked++;
      const due = (Math.floor(after.getTime() / milliseconds) + 1) * milliseconds;
      return due > last ? undefined : { dueAt: new Date(due) };
    },
  };
}

const shown = (merged: ReturnType<typeof mergeDueTimes<ReturnType<typeof every>>>) => merged.map(([{ name }, { dueAt }]) => `${dueAt.getTime()} ${name}`);

test('due times of several triggers come in one order, those of one instant in the order of the triggers', () => {
  expect(shown(mergeDueTimes([every(3), every(2)], { after: new Date(0), limit: 7 }))).toEqual(['2 every 2', '3 every 3', '4 every 2', '6 every 3', '6 every 2', '8 every 2', '9 every 3']);
});

test('the beginning is excluded and the end included', () => {
  expect(shown(mergeDueTimes([every(3), every(2)], { after: new Date(2), until: new Date(6), limit: 100 }))).toEqual(['3 every 3', '4 every 2', '6 every 3', '6 every 2']);
});

test('a trigger that has ended leaves the others', () => {
  expect(shown(mergeDueTimes([every(3, 3), every(2, 6)], { after: new Date(0), limit: 100 }))).toEqual(['2 every 2', '3 every 3', '4 every 2', '6 every 2']);
});

test('nothing comes of no triggers and of no limit', () => {
  expect(mergeDueTimes([], { after: new Date(0), limit: 10 })).toEqual([]);
  expect(mergeDueTimes([every(1)], { after: new Date(0), limit: 0 })).toEqual([]);
});

test('a trigger is asked only for what is wanted of it', () => {
  const triggers = [every(1), ...Array.from({ length: 100 }, () => every(1_000_000))];
  mergeDueTimes(triggers, { after: new Date(0), limit: 10 });
  expect(triggers.map(({ asked }) => asked)).toEqual([11, ...Array<number>(100).fill(1)]);
});
