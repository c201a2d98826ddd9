import { TestClock } from '@nightshift/testing';
import { expect, test } from 'vitest';
import { createTerm, momentOf } from '../../src/worker/term.ts';

test('nothing is begun with a lease that was taken too long ago and not renewed since, whichever clock says so', async () => {
  const clock = new TestClock(new Date(Date.UTC(2026, 0, 1)));
  const term = createTerm(clock, 9_000, momentOf(clock));
  await clock.advance(5_000);
  expect(term.isGood()).toBe(true);
  await clock.advance(2_000);
  expect(term.isGood()).toBe(false);
  term.renewed(momentOf(clock));
  expect(term.isGood()).toBe(true);
  let slept = 0;
  const sleeper = createTerm({ now: () => new Date(clock.now().getTime() + slept), monotonic: () => clock.monotonic(), sleep: clock.sleep.bind(clock) }, 9_000, momentOf(clock));
  slept = 60_000;
  expect(sleeper.isGood()).toBe(false);
});
