import { expect, test } from 'vitest';
import { createStarter } from '../src/starter.ts';
import { settled, SimulatedClock } from './simulated-clock.ts';

function starting({ isWanted = () => true }: { readonly isWanted?: (one: number) => boolean } = {}) {
  const clock = new SimulatedClock('2027-03-01T12:00Z');
  const begun: number[] = [];
  const ends: ((isBegun: boolean) => void)[] = [];
  const state = { isHindered: false, pauses: 0 };
  const starter = createStarter<number>({
    clock,
    isWanted,
    begin: (one) => {
      begun.push(one);
      return new Promise((resolve) => ends.push(resolve));
    },
    isHindered: () => state.isHindered,
    onPause: () => (state.pauses += 1),
  });
  for (let one = 0; one < 10; one++) starter.add(one);
  return { clock, begun, ends, state, starter };
}

test('four are begun at a time, in the order in which they came', async () => {
  const { begun, ends, starter } = starting();
  starter.go();
  expect(begun).toEqual([0, 1, 2, 3]);
  ends.splice(0).forEach((end) => end(true));
  await settled();
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('what is not wanted any more is passed over', () => {
  const { begun, starter } = starting({ isWanted: (one) => one % 3 === 0 });
  starter.go();
  expect(begun).toEqual([0, 3, 6, 9]);
});

test('one that could not be begun comes again behind the others, a second later', async () => {
  const { clock, begun, ends, state, starter } = starting();
  starter.go();
  ends.splice(0).forEach((end, index) => end(index > 0));
  await settled();
  expect([begun.length, state.pauses, starter.nextGo()]).toEqual([4, 1, 1_000]);
  starter.go();
  expect(begun).toHaveLength(4);
  await clock.pass(1_000);
  for (let round = 0; round < 3; round++) {
    starter.go();
    ends.splice(0).forEach((end) => end(true));
    await settled();
  }
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]);
  expect(starter.nextGo()).toBe(Infinity);
});

test('nothing is begun while something hinders it, which is asked once a second', async () => {
  const { clock, begun, state, starter } = starting();
  state.isHindered = true;
  starter.go();
  starter.go();
  expect([begun, state.pauses, starter.nextGo()]).toEqual([[], 1, 1_000]);
  state.isHindered = false;
  await clock.pass(1_000);
  starter.go();
  expect(begun).toHaveLength(4);
});

test('after the end nothing is begun, and what is being begun is waited for', async () => {
  const { begun, ends, starter } = starting();
  starter.go();
  let isClosed = false;
  const closing = starter.close().then(() => (isClosed = true));
  await settled();
  expect(isClosed).toBe(false);
  ends.splice(0).forEach((end) => end(true));
  await closing;
  starter.go();
  expect(begun).toHaveLength(4);
});
