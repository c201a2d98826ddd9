import { describe, expect, test } from 'vitest';
import { systemClock } from '../src/system-clock.ts';

describe('the clock', () => {
  test('says what the system says', () => {
    expect(Math.abs(systemClock.now().getTime() - Date.now())).toBeLessThan(1_000);
  });

  test.each([0, 1, 20, 51.5])('never wakes early: %d ms', async (milliseconds) => {
    const before = performance.now();
    await systemClock.sleep(milliseconds);
    expect(performance.now() - before).toBeGreaterThanOrEqual(milliseconds);
  });

  test.each([2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER, Infinity])('sleeps longer than a timer can count: %d ms', async (milliseconds) => {
    const complaints: string[] = [];
    const complain = ({ name }: Error): void => void complaints.push(name);
    process.on('warning', complain);
    const cut = new AbortController();
    let over = false;
    const sleeping = systemClock.sleep(milliseconds, cut.signal).then(() => (over = true));
    await systemClock.sleep(20);
    process.off('warning', complain);
    expect([over, complaints]).toEqual([false, []]);
    cut.abort();
    await expect(sleeping).rejects.toThrow('abort');
  });

  test('ends at once when it is aborted, also before', async () => {
    await expect(systemClock.sleep(60_000, AbortSignal.abort())).rejects.toThrow('abort');
    await expect(systemClock.sleep(0, AbortSignal.abort())).rejects.toThrow('abort');
  });

  test('is over at once for what lies behind', async () => {
    await systemClock.sleep(-5);
    await systemClock.sleep(0);
  });
});
