import { expect, test } from 'vitest';
import { durationText, localTime, shortTime } from '../../src/print/time.ts';

test.each([
  [0, '0 ms'], [120, '120 ms'], [999, '999 ms'], [1_000, '1 s'], [1_500, '1 s'], [59_999, '59 s'], [60_000, '1 min'], [61_000, '1 min 1 s'], [5_400_000, '1 h 30 min'], [3_600_000, '1 h'],
  [3_601_000, '1 h'], [86_400_000, '1 d'], [90_000_000, '1 d 1 h'], [86_460_000, '1 d'], [31_536_000_000, '365 d'],
])('%i milliseconds are %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});

const now = new Date(2026, 10, 22, 14, 3, 5);

test.each([
  ['to the second of today', new Date(2026, 10, 22, 0, 0, 9), '00:00:09'],
  ['to the minute of yesterday', new Date(2026, 10, 21, 23, 59, 59), '21 Nov 23:59'],
  ['to the minute of another day of the year', new Date(2026, 0, 2, 3, 4, 5), '2 Jan 03:04'],
  ['to the day of another year', new Date(2025, 10, 22, 14, 3, 5), '2025-11-22'],
])('a time on a terminal is said %s', (_, time, text) => {
  expect(shortTime(time, now)).toBe(text);
});

test('a time elsewhere is said to the second, with its day', () => {
  expect(localTime(new Date(2026, 0, 2, 3, 4, 5))).toBe('2026-01-02 03:04:05');
});
