import { expect, test } from 'vitest';
import { createWallWatch } from '../src/wall-watch.ts';
import { SimulatedClock } from './simulated-clock.ts';

const START = Date.parse('2027-03-01T12:00Z');

function watched() {
  const clock = new SimulatedClock('2027-03-01T12:00Z');
  return { clock, watch: createWallWatch(clock) };
}

test.each([
  [2_000, 0],
  [-2_000, 0],
  [2_001, 2_001],
  [-2_001, -2_001],
  [31_536_000_000, 31_536_000_000],
  [-START, -START],
])('a wall clock that is put on by %i ms has moved by %i', (by, step) => {
  const { clock, watch } = watched();
  clock.set(START + by);
  expect(watch.step()).toBe(step);
});

test('time that goes by is no move', async () => {
  const { clock, watch } = watched();
  await clock.pass(86_400_000);
  expect(watch.step()).toBe(0);
});

test('a clock that is kept right by little and little has not moved', () => {
  const { clock, watch } = watched();
  for (let second = 1; second <= 10; second++) {
    clock.set(START + second * 1_000);
    expect(watch.step()).toBe(0);
  }
});

test('a move is told until it is accepted', () => {
  const { clock, watch } = watched();
  clock.set(START + 5_000);
  expect([watch.step(), watch.step()]).toEqual([5_000, 5_000]);
  watch.accept();
  expect(watch.step()).toBe(0);
});
