import { expect, test } from 'vitest';
import { nextOf } from '../due-in.ts';

test.each([
  ['the first is due when it has passed once', '10m', '2026-11-22T10:00Z', ['2026-11-22T10:10Z', '2026-11-22T10:20Z']],
  ['one that is due now has been', '10m', '2026-11-22T10:10Z', ['2026-11-22T10:20Z', '2026-11-22T10:30Z']],
  ['before it was seen nothing is due', '10m', '2026-11-20T00:00Z', ['2026-11-22T10:10Z']],
  ['the anchor holds for years', '7h', '2036-01-01T00:00Z', ['2036-01-01T04:00Z', '2036-01-01T11:00Z']],
  ['any unit will do', '1500ms', '2026-11-22T10:00Z', ['2026-11-22T10:00:01.500Z', '2026-11-22T10:00:03Z']],
])('%s', (_what, every, after, expected) => {
  expect(nextOf({ every }, 'UTC', after, expected.length, '2026-11-22T10:00Z')).toEqual(expected);
});

test('a duration beyond the calendar is never due', () => {
  expect(nextOf({ every: '9000000w' }, 'UTC', '2026-11-22T10:00Z', 5)).toEqual([]);
});
