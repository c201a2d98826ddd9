import { expect, test } from 'vitest';
import { nextOf } from '../due-in.ts';

const T = '2026-12-24T18:00';

test.each([
  ['is due once', { at: T }, 'UTC', '2026-11-22T00:00Z', ['2026-12-24T18:00Z']],
  ['is due when it is now', { at: T }, 'UTC', '2026-12-24T17:59:59.999Z', ['2026-12-24T18:00Z']],
  ['is never due again', { at: T }, 'UTC', '2026-12-24T18:00Z', []],
  ['is a time of its zone', { at: T }, 'Europe/Berlin', '2026-11-22T00:00Z', ['2026-12-24T17:00Z']],
  ['is the same everywhere with an offset', { at: `${T}-05:00` }, 'Europe/Berlin', '2026-11-22T00:00Z', ['2026-12-24T23:00Z']],
  ['does not move with an offset in a gap', { at: '2027-03-28T02:30+01:00' }, 'Europe/Berlin', '2026-11-22T00:00Z', ['2027-03-28T01:30Z']],
])('a moment %s', (_what, once, zone, after, expected) => {
  expect(nextOf({ once }, zone, after, 5)).toEqual(expected);
});

test('an hour for 48 hours is due 49 times, the end included', () => {
  const due = nextOf({ once: { at: T, repetitionInterval: '1h', repetitionDuration: '48h' } }, 'UTC', '2026-11-22T00:00Z', 100);
  expect(due).toHaveLength(49);
  expect([due[0], due[1], due[48]]).toEqual(['2026-12-24T18:00Z', '2026-12-24T19:00Z', '2026-12-26T18:00Z']);
});

test.each([
  ['an interval that does not divide the duration ends before it', { repetitionInterval: '7h', repetitionDuration: '15h' }, '2026-11-22T00:00Z', ['2026-12-24T18:00Z', '2026-12-25T01:00Z', '2026-12-25T08:00Z']],
  ['for ever has no end', { repetitionInterval: '60s', repeatIndefinitely: true }, '2099-01-01T00:00:30Z', ['2099-01-01T00:01Z', '2099-01-01T00:02Z', '2099-01-01T00:03Z', '2099-01-01T00:04Z', '2099-01-01T00:05Z']],
])('%s', (_what, repetition, after, expected) => {
  expect(nextOf({ once: { at: T, ...repetition } }, 'UTC', after, 5)).toEqual(expected);
});

test('a repetition follows elapsed time across a change of clocks', () => {
  const trigger = { once: { at: '2027-03-28T00:30', repetitionInterval: '1h', repetitionDuration: '3h' } };
  expect(nextOf(trigger, 'Europe/Berlin', '2027-01-01T00:00Z', 9)).toEqual(['2027-03-27T23:30Z', '2027-03-28T00:30Z', '2027-03-28T01:30Z', '2027-03-28T02:30Z']);
});
