import { describe, expect, test } from 'vitest';
import { readInstant, writeInstant } from '@nightshift/scheduler';

describe('a time that a person writes', () => {
  test.each([
    ['2027-03-27T02:30:00Z', 'Europe/Berlin', '2027-03-27T02:30:00.000Z'],
    ['2027-03-27T02:30+05:30', 'Europe/Berlin', '2027-03-26T21:00:00.000Z'],
    ['2027-03-27T02:30:15.250Z', 'UTC', '2027-03-27T02:30:15.250Z'],
    ['2027-03-27T02:30', 'Europe/Berlin', '2027-03-27T01:30:00.000Z'],
    ['2027-03-27 02:30', 'UTC', '2027-03-27T02:30:00.000Z'],
    ['2027-03-27', 'Europe/Berlin', '2027-03-26T23:00:00.000Z'],
    ['2027-03-27', 'America/New_York', '2027-03-27T04:00:00.000Z'],
    // In a gap the first instant after it, of two the first one.
    ['2027-03-28T02:30', 'Europe/Berlin', '2027-03-28T01:00:00.000Z'],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2027-04-30', 'Africa/Cairo', '2027-04-29T22:00:00.000Z'],
  ])('%s in %s is %s', (text, zone, instant) => {
    expect(readInstant(text, zone)?.toISOString()).toBe(instant);
  });

  test.each(['', 'now', 'tomorrow', '02:30', '2027', '2027-03', '2027-02-29', '2027-13-01', '2027-03-27T25:00', '2027-03-27Z', '27.03.2027', '1790000000', `2027-03-27${' '.repeat(100_000)}`])('%.20j is none', (text) => {
    expect(readInstant(text, 'UTC')).toBeUndefined();
  });
});

test.each([
  ['2027-03-28T01:00:00Z', 'Europe/Berlin', '2027-03-28T03:00:00+02:00'],
  ['2027-03-28T01:00:00.999Z', 'UTC', '2027-03-28T01:00:00+00:00'],
  ['2026-07-01T00:00:00Z', 'America/St_Johns', '2026-06-30T21:30:00-02:30'],
])('%s is shown in %s as %s', (instant, zone, text) => {
  expect(writeInstant(new Date(instant), zone)).toBe(text);
});
