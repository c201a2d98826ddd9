import { describe, expect, test } from 'vitest';
import { formatLocal, parseLocalTime } from '../src/local-time.ts';

const HOUR = 3_600_000;

describe('a time as people write it', () => {
  test.each([
    ['03:00', { time: 3 * HOUR }],
    ['3:00', { time: 3 * HOUR }],
    ['23:59:59', { time: 24 * HOUR - 1_000 }],
    ['1970-01-02T00:00', { time: 0, day: 1 }],
    ['2026-12-24 18:00', { time: 18 * HOUR, day: 20_811 }],
    ['2026-12-24T18:00Z', { time: 18 * HOUR, day: 20_811, offset: 0 }],
    ['2026-12-24t18:00:00.5z', { time: 18 * HOUR + 500, day: 20_811, offset: 0 }],
    ['2026-12-24T18:00:00.1234567+01:30', { time: 18 * HOUR + 123, day: 20_811, offset: 1.5 * HOUR }],
    ['2026-12-24T18:00-0300', { time: 18 * HOUR, day: 20_811, offset: -3 * HOUR }],
    ['2028-02-29T00:00', { time: 0, day: 21_243 }],
  ])('%s is read', (text, expected) => {
    expect(parseLocalTime(text)).toEqual(expected);
  });

  test.each(['', '3', '0300', '24:00', '12:60', '12:00:60', '2027-02-29T00:00', '2027-13-01T00:00', '2027-00-10T00:00', '2027-04-31T00:00', '1969-12-31T00:00', '2026-12-24', '2026-12-24T18', '26-12-24T18:00', '2026-12-24T18:00+24:00', '03:00 ', '٠٣:٠٠', `03:00${'0'.repeat(100_000)}`])(
    '%.30j is no time',
    (text) => {
      expect(parseLocalTime(text)).toBeUndefined();
    },
  );

  test.each([
    [undefined, '2027-03-28T03:00:00'],
    [2 * HOUR, '2027-03-28T03:00:00+02:00'],
    [-3.5 * HOUR, '2027-03-28T03:00:00-03:30'],
    [0, '2027-03-28T03:00:00+00:00'],
  ])('is written with the offset %s as %s', (offset, text) => {
    expect(formatLocal(Date.UTC(2027, 2, 28, 3), offset)).toBe(text);
  });
});
