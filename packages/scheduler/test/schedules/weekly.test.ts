import { expect, test } from 'vitest';
import { nextOf } from '../due-in.ts';

// 22 November 2026 is a Sunday, the first day of a week.
test.each([
  ['one day', { at: '23:00', daysOfWeek: 'Monday' }, ['2026-11-23T23:00Z', '2026-11-30T23:00Z']],
  ['names in any case and order', { at: '23:00', daysOfWeek: ['FRIDAY', 'monday'] }, ['2026-11-23T23:00Z', '2026-11-27T23:00Z', '2026-11-30T23:00Z']],
  ['a text with commas', { at: '23:00', daysOfWeek: 'Monday, Friday' }, ['2026-11-23T23:00Z', '2026-11-27T23:00Z', '2026-11-30T23:00Z']],
  ['numbers', { at: '23:00', daysOfWeek: [1, 3, 5] }, ['2026-11-23T23:00Z', '2026-11-25T23:00Z', '2026-11-27T23:00Z', '2026-11-30T23:00Z']],
  ['a text of numbers', { at: '23:00', daysOfWeek: '0,6' }, ['2026-11-22T23:00Z', '2026-11-28T23:00Z', '2026-11-29T23:00Z']],
  ['every day', { at: '23:00', daysOfWeek: '*' }, ['2026-11-22T23:00Z', '2026-11-23T23:00Z']],
  ['a day given twice', { at: '23:00', daysOfWeek: [1, 'Monday'] }, ['2026-11-23T23:00Z', '2026-11-30T23:00Z']],
  ['every second week', { at: '23:00', daysOfWeek: [1, 5], weeksInterval: 2 }, ['2026-11-23T23:00Z', '2026-11-27T23:00Z', '2026-12-07T23:00Z', '2026-12-11T23:00Z']],
  ['weeks counted from a date', { at: '2026-12-02T23:00', daysOfWeek: [1, 5], weeksInterval: 2 }, ['2026-12-04T23:00Z', '2026-12-14T23:00Z', '2026-12-18T23:00Z']],
  ['every second week on its first day', { at: '11:00', daysOfWeek: 0, weeksInterval: 2 }, ['2026-12-06T11:00Z', '2026-12-20T11:00Z']],
])('%s', (_what, weekly, expected) => {
  expect(nextOf({ weekly }, 'UTC', '2026-11-22T12:00Z', expected.length)).toEqual(expected);
});

test('a trigger first seen on a Saturday counts the week that ends with it', () => {
  expect(nextOf({ weekly: { at: '12:00', daysOfWeek: 'Saturday', weeksInterval: 3 } }, 'UTC', '2026-11-28T13:00Z', 2)).toEqual(['2026-12-19T12:00Z', '2027-01-09T12:00Z']);
});

test('the count goes on from the week first seen, however late it is asked', () => {
  const trigger = { weekly: { at: '12:00', daysOfWeek: 'Monday', weeksInterval: 4 } };
  expect(nextOf(trigger, 'UTC', '2027-11-01T00:00Z', 1, '2026-11-22T00:00Z')).toEqual(['2027-11-22T12:00Z']);
});
