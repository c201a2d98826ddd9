import { expect, test } from 'vitest';
import { clockChange } from '@nightshift/scheduler';

test.each([
  ['Europe/Berlin', '2027-03-27T12:00Z', '2027-03-28T12:00Z', '2027-03-28T02:00:00+01:00', '2027-03-28T03:00:00+02:00'],
  ['Europe/Berlin', '2026-10-24T12:00Z', '2026-10-25T12:00Z', '2026-10-25T03:00:00+02:00', '2026-10-25T02:00:00+01:00'],
  ['Europe/Berlin', '2027-03-28T00:59:59Z', '2027-03-28T01:00Z', '2027-03-28T02:00:00+01:00', '2027-03-28T03:00:00+02:00'],
  ['Africa/Cairo', '2027-04-29T12:00Z', '2027-04-30T12:00Z', '2027-04-30T00:00:00+02:00', '2027-04-30T01:00:00+03:00'],
  ['Australia/Lord_Howe', '2027-10-01T00:00Z', '2027-10-04T00:00Z', '2027-10-03T02:00:00+10:30', '2027-10-03T02:30:00+11:00'],
  // Of three the last one, which leads to what the clock shows at the end.
  ['Europe/Berlin', '2027-01-01T00:00Z', '2028-07-01T00:00Z', '2028-03-26T02:00:00+01:00', '2028-03-26T03:00:00+02:00'],
])('in %s between %s and %s the clock is put from %s to %s', (zone, after, until, from, to) => {
  expect(clockChange(zone, new Date(after), new Date(until))).toEqual({ from, to });
});

test.each([
  ['Europe/Berlin', '2027-03-28T01:00Z', '2027-06-01T00:00Z'],
  ['Europe/Berlin', '2027-01-01T00:00Z', '2028-01-01T00:00Z'],
  ['UTC', '2027-01-01T00:00Z', '2028-07-01T00:00Z'],
])('in %s between %s and %s nothing has to be explained', (zone, after, until) => {
  expect(clockChange(zone, new Date(after), new Date(until))).toBeUndefined();
});
