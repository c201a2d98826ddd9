import { createTroubles } from '@nightshift/scheduler';
import type { Clock } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { tellingLate } from '../../src/engine/telling-late.ts';

/** A clock of which the test says when a sleep is over. */
function handClock(): { readonly clock: Clock; wake(): void; readonly asked: number[] } {
  const asked: number[] = [];
  let wake = (): void => {};
  const clock: Clock = {
    now: () => new Date(0),
    monotonic: () => 0,
    sleep: (milliseconds, signal) => new Promise((resolve, reject) => {
      asked.push(milliseconds);
      wake = resolve;
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
    }),
  };
  return { clock, asked, wake: () => wake() };
}

test('an answer that takes more than five seconds is missed aloud, and waited for', async () => {
  const events: object[] = [];
  const troubles = createTroubles((event) => events.push(event), []);
  const { clock, wake, asked } = handClock();
  const answer = Promise.withResolvers<string>();
  const asking = tellingLate(troubles, clock, 'renew', () => answer.promise);
  wake();
  await expect.poll(() => events).toMatchObject([{ event: 'trouble', error: { code: 'StoreUnavailable', message: 'the engine has not answered for 5 seconds' } }]);
  expect(asked).toEqual([5_000]);
  answer.resolve('here');
  expect(await asking).toBe('here');
  troubles.pass('renew');
  expect(events.at(-1)).toEqual({ event: 'recovered', code: 'StoreUnavailable' });
});

test('an answer that comes in time, and a refusal, are no trouble of its own', async () => {
  const events: object[] = [];
  const troubles = createTroubles((event) => events.push(event), []);
  const { clock } = handClock();
  expect(await tellingLate(troubles, clock, 'renew', async () => 'here')).toBe('here');
  await expect(tellingLate(troubles, clock, 'renew', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(events).toEqual([]);
});
