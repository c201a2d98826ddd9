import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { randomDelay } from '@nightshift/scheduler';

const QUARTER = 900_000;
const at = (text: string): Date => new Date(text);

describe('the random delay', () => {
  // They must never change: next would show one time, and a scheduler of another version start at another.
  test.each([
    ['ops/nightly', 1, '2026-11-23T02:00:00.000Z', QUARTER, 312_016],
    ['ops/nightly', 2, '2026-11-23T02:00:00.000Z', QUARTER, 37_773],
    ['ops/nightly', 1, '2026-11-24T02:00:00.000Z', QUARTER, 203_071],
    ['ops/hourly', 1, '2026-11-23T02:00:00.000Z', QUARTER, 123_587],
    ['ops/nightly', 1, '2026-11-23T02:00:00.001Z', QUARTER, 627_404],
    ['ops/nightly', 1, '2026-11-23T02:00:00.000Z', 1, 0],
    ['ops/nightly', 1, '2026-11-23T02:00:00.000Z', 604_800_000, 146_112_016],
  ] as const)('of %s, trigger %i, due at %s, out of %i ms is always %i ms', (key, id, due, most, delay) => {
    expect(randomDelay(key, id, at(due), most)).toBe(delay);
  });

  test('is what the documented formula says', () => {
    const digest = createHash('sha256').update('ops/nightly\n1\n2026-11-23T02:00:00.000Z').digest('hex');
    expect(randomDelay('ops/nightly', 1, at('2026-11-23T02:00Z'), QUARTER)).toBe(Number(BigInt(`0x${digest.slice(0, 13)}`) % BigInt(QUARTER)));
  });

  test('is none where none was asked for', () => {
    expect(randomDelay('ops/nightly', 1, at('2026-11-23T02:00Z'), 0)).toBe(0);
  });
});

describe.each([
  ['days of one trigger', (n: number) => randomDelay('ops/nightly', 1, new Date(Date.UTC(2026, 0, 1, 3) + n * 86_400_000), QUARTER)],
  ['definitions due at one time', (n: number) => randomDelay(`ops/job${n}`, 1, at('2026-11-23T02:00Z'), QUARTER)],
  ['triggers of one definition', (n: number) => randomDelay('ops/nightly', n, at('2026-11-23T02:00Z'), QUARTER)],
] as const)('over 20,000 %s', (_what, delayOf) => {
  const delays = Array.from({ length: 20_000 }, (_, n) => delayOf(n + 1));

  test('it is always a whole number of milliseconds below the largest', () => {
    expect(delays.every((delay) => Number.isInteger(delay) && delay >= 0 && delay < QUARTER)).toBe(true);
  });

  test('it falls into each of fifteen minutes equally often', () => {
    const counts = Array.from({ length: 15 }, (_, minute) => delays.filter((delay) => Math.floor(delay / 60_000) === minute).length);
    const expected = delays.length / 15;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 14 degrees of freedom: an honest die is beyond this once in a thousand, and these delays are the same in every run.
    expect(chiSquare).toBeLessThan(36.1);
  });
});
