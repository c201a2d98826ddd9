import { describe, expect, test } from 'vitest';
import { createInstantHeap, type InstantHeap } from '@nightshift/scheduler';
import { SEED } from './random-triggers.ts';
import { seeded } from './seeded.ts';

function all(heap: InstantHeap): readonly (readonly [number, number])[] {
  const taken: [number, number][] = [];
  for (let entry = heap.pop(); entry !== undefined; entry = heap.pop()) taken.push([entry.instant, entry.index]);
  return taken;
}

describe('a heap of instants', () => {
  test('gives the earliest first, and of one instant the smallest index', () => {
    const heap = createInstantHeap();
    for (const [instant, index] of [[30, 1], [10, 7], [20, 0], [10, 2], [-5, 3]] as const) heap.push(instant, index);
    expect(heap.peek()).toEqual({ instant: -5, index: 3 });
    expect(heap.size).toBe(5);
    expect(all(heap)).toEqual([[-5, 3], [10, 2], [10, 7], [20, 0], [30, 1]]);
    expect(heap.size).toBe(0);
  });

  test('that is empty has nothing to give, and can be filled again', () => {
    const heap = createInstantHeap();
    expect([heap.peek(), heap.pop(), heap.size]).toEqual([undefined, undefined, 0]);
    heap.push(1, 1);
    heap.pop();
    heap.push(2, 2);
    expect(all(heap)).toEqual([[2, 2]]);
  });

  test('keeps instants to the millisecond and indexes of 32 bits', () => {
    const heap = createInstantHeap();
    heap.push(253_402_214_400_001, 4_294_967_295);
    expect(heap.pop()).toEqual({ instant: 253_402_214_400_001, index: 4_294_967_295 });
  });

  test(`of 100,000 entries, some taken in between, gives what sorting gives (SEED=${SEED})`, () => {
    const random = seeded(SEED);
    const heap = createInstantHeap();
    const left: [number, number][] = [];
    for (let index = 0; index < 100_000; index++) {
      const instant = Math.floor(random() * 50_000);
      heap.push(instant, index);
      left.push([instant, index]);
    }
    const sorted = left.toSorted(([a, i], [b, j]) => a - b || i - j);
    const first = Array.from({ length: 40_000 }, () => heap.pop());
    expect(first).toEqual(sorted.splice(0, 40_000).map(([instant, index]) => ({ instant, index })));
    heap.push(-1, 5);
    expect(all(heap)).toEqual([[-1, 5], ...sorted]);
  });
});
