import { expect, test } from 'vitest';
import { dueIn, nextOf } from '../due-in.ts';

test('every 3 days at 04:15, first seen at 10:00 of a day: the next one is three days later', () => {
  expect(nextOf({ daily: { at: '04:15', daysInterval: 3 } }, 'UTC', '2026-11-22T10:00Z', 3)).toEqual(['2026-11-25T04:15Z', '2026-11-28T04:15Z', '2026-12-01T04:15Z']);
});

test.each([
  ['first seen before its time: the same day', { at: '04:15', daysInterval: 3 }, '2026-11-22T02:00Z', ['2026-11-22T04:15Z', '2026-11-25T04:15Z']],
  ['counted from its date', { at: '2026-12-01T04:15', daysInterval: 10 }, '2026-11-22T02:00Z', ['2026-12-01T04:15Z', '2026-12-11T04:15Z']],
  ['not before its date', { at: '2026-12-01T04:15' }, '2026-11-22T02:00Z', ['2026-12-01T04:15Z', '2026-12-02T04:15Z']],
  ['counted from a date long past', { at: '2020-01-01T04:15', daysInterval: 2 }, '2026-11-22T02:00Z', ['2026-11-23T04:15Z', '2026-11-25T04:15Z']],
  ['to the second', { at: '23:59:59' }, '2026-11-22T02:00Z', ['2026-11-22T23:59:59Z', '2026-11-23T23:59:59Z']],
])('%s', (_what, daily, after, expected) => {
  expect(nextOf({ daily }, 'UTC', after, expected.length)).toEqual(expected);
});

test('the day on which a trigger is first seen is a day of its zone', () => {
  // 23:30 UTC on the 22nd is already the 23rd in Kathmandu.
  expect(nextOf({ daily: { at: '12:00', daysInterval: 2 } }, 'Asia/Kathmandu', '2026-11-22T23:30Z', 2)).toEqual(['2026-11-23T06:15Z', '2026-11-25T06:15Z']);
});

test('the count goes on from the day first seen, however late it is asked', () => {
  const trigger = { daily: { at: '04:15', daysInterval: 3 } };
  expect(nextOf(trigger, 'UTC', '2036-11-23T10:00Z', 1, '2026-11-22T10:00Z')).toEqual(['2036-11-26T04:15Z']);
});

test('days are days of the calendar across a change of clocks', () => {
  expect(dueIn({ daily: { at: '12:00', daysInterval: 2 } }, 'Europe/Berlin', '2027-03-26T00:00Z', '2027-04-01T00:00Z')).toEqual(['2027-03-26T11:00Z', '2027-03-28T10:00Z', '2027-03-30T10:00Z']);
});

test('an interval beyond the calendar is due once at most', () => {
  expect(nextOf({ daily: { at: '2026-12-01T00:00', daysInterval: Number.MAX_SAFE_INTEGER } }, 'UTC', '2026-11-22T00:00Z', 5)).toEqual(['2026-12-01T00:00Z']);
});
