import { describe, expect, test } from 'vitest';
import { TestClock } from '../src/index.ts';

describe('a clock that the test moves', () => {
  test('begins on the first morning of 2026, or when it is told', () => {
    expect(new TestClock().now()).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(new TestClock(new Date(7)).now()).toEqual(new Date(7));
  });

  test('wakes everybody at the moment asked for, in the order of these moments', async () => {
    const clock = new TestClock();
    const seen: string[] = [];
    const sleep = async (name: string, milliseconds: number): Promise<void> => {
      await clock.sleep(milliseconds);
      seen.push(`${name} ${clock.monotonic()}`);
    };
    void sleep('late', 300);
    void sleep('early', 100);
    void sleep('also late', 300);
    await clock.advance(1_000);
    expect(seen).toEqual(['early 100', 'late 300', 'also late 300']);
    expect([clock.monotonic(), clock.now()]).toEqual([1_000, new Date('2026-01-01T00:00:01Z')]);
  });

  test('wakes who goes to sleep while time goes by', async () => {
    const clock = new TestClock();
    const seen: number[] = [];
    void (async () => {
      for (let round = 0; round < 3; round++) {
        await clock.sleep(1_000);
        seen.push(clock.monotonic());
      }
    })();
    await clock.advance(2_500);
    expect(seen).toEqual([1_000, 2_000]);
    expect(clock.sleepers).toBe(1);
  });

  test('lets nobody wake early, and everybody who sleeps no time at once', async () => {
    const clock = new TestClock();
    let isAwake = false;
    void clock.sleep(1_000).then(() => (isAwake = true));
    await clock.advance(999);
    expect(isAwake).toBe(false);
    await clock.sleep(0);
    await clock.sleep(-1);
  });

  test('wakes with the reason of a signal, before or during the sleep, and forgets the sleeper', async () => {
    const clock = new TestClock();
    const cut = new AbortController();
    const sleep = clock.sleep(1_000, cut.signal);
    cut.abort('stopped');
    await expect(sleep).rejects.toBe('stopped');
    await expect(clock.sleep(1_000, cut.signal)).rejects.toBe('stopped');
    expect(clock.sleepers).toBe(0);
  });

  test('goes on step by step when it is moved twice at once', async () => {
    const clock = new TestClock();
    await Promise.all([clock.advance(1_000), clock.advance(500)]);
    expect(clock.monotonic()).toBe(1_500);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('cannot be moved by %s', (milliseconds) => {
    expect(() => new TestClock().advance(milliseconds)).toThrow(RangeError);
  });
});
