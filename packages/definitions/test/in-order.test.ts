import { expect, test } from 'vitest';
import { inOrder } from '../src/in-order.ts';
import { collect } from './folder.ts';

/** Acts that end when they are told to. */
function acts(): { act(item: number): Promise<number>; end(item: number): void; begun: readonly number[] } {
  const ends = new Map<number, () => void>();
  const begun: number[] = [];
  const act = async (item: number): Promise<number> => {
    begun.push(item);
    await new Promise<void>((resolve) => ends.set(item, resolve));
    return item * 10;
  };
  return { act, end: (item) => ends.get(item)?.(), begun };
}

test('results come in the order of the items, whichever ends first', async () => {
  const { act, end } = acts();
  const results = collect(inOrder([1, 2, 3], 3, act));
  await expect.poll(() => (end(3), end(2), end(1), true)).toBe(true);
  expect(await results).toEqual([10, 20, 30]);
});

test('no more are under way than wanted', async () => {
  const { act, end, begun } = acts();
  const results = inOrder([1, 2, 3, 4], 2, act);
  const first = results.next();
  expect(begun).toEqual([1, 2]);
  end(1);
  expect(await first).toEqual({ done: false, value: 10 });
  const second = results.next();
  expect(begun).toEqual([1, 2, 3]);
  end(2);
  expect(await second).toEqual({ done: false, value: 20 });
});

test('a failure is met when its turn comes, and by nobody who has left before', async () => {
  const act = (item: number): Promise<number> => (item === 2 ? Promise.reject(new Error('second')) : Promise.resolve(item));
  const results = inOrder([1, 2, 3], 3, act);
  expect(await results.next()).toEqual({ done: false, value: 1 });
  await expect(results.next()).rejects.toThrow('second');
  for await (const item of inOrder([1, 2], 2, act)) {
    expect(item).toBe(1);
    break;
  }
});
