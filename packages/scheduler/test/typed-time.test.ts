import { describe, expect, test } from 'vitest';
import { readTypedTime } from '../src/typed-time.ts';

describe('a typed time', () => {
  test.each([
    ['3:00', '03:00'],
    ['03:00', '03:00'],
    ['03:00:00', '03:00'],
    ['15:00:30', '15:00:30'],
    ['3am', '03:00'],
    ['3 AM', '03:00'],
    ['3:10AM', '03:10'],
    ['3:00 p.m.', '15:00'],
    ['12:01AM', '00:01'],
    ['12:00 AM', '00:00'],
    ['12pm', '12:00'],
    ['0am', '00:00'],
    [' 11:00  PM ', '23:00'],
    ['2026-12-24', '2026-12-24T00:00'],
    ['2026-12-24T18:00', '2026-12-24T18:00'],
    ['2026-12-24 8:00', '2026-12-24T08:00'],
    ['2026-12-24T18:00:00+01:00', '2026-12-24T18:00+01:00'],
    ['2026-12-24t18:00:00.000z', '2026-12-24T18:00Z'],
    ['2026-12-24 6 PM', '2026-12-24T18:00'],
    ['1/20/2027 3:00 AM', '2027-01-20T03:00'],
    ['20/1/2027 3:00', '2027-01-20T03:00'],
    ['9/21/2027 0am', '2027-09-21T00:00'],
    ['3/3/2027', '2027-03-03T00:00'],
    ['1.2.2027 18:00', '2027-02-01T18:00'],
    ['April 19, 2027 15:00', '2027-04-19T15:00'],
    ['Dec 24 2026, 6pm', '2026-12-24T18:00'],
    ['24 December 2026 18:00:30', '2026-12-24T18:00:30'],
    ['24th Dec 2026', '2026-12-24T00:00'],
  ])('%j is %s', (typed, written) => {
    expect(readTypedTime(typed)).toEqual({ value: written });
  });

  test.each(['25:00', '13:00 PM', '3', '12/31', 'soon', '', '2026-02-30 3am', '99/99/2026 3am', 'Foo 3, 2026 3am', '3:60', '3:00 AM PM', `${' '.repeat(9)}${'1'.repeat(99)}am`])('%j is none', (typed) => {
    expect(readTypedTime(typed)).toMatchObject({ faults: [{ code: 'TriggerInvalid', message: expect.stringContaining('is not a time that exists'), hint: expect.stringContaining('3:00 PM') }] });
  });

  test('is refused where America and Europe read two dates, and both are offered', () => {
    expect(readTypedTime('09/12/2027 1:00:00')).toMatchObject({ faults: [{ hint: 'write 2027-09-12T01:00 or 2027-12-09T01:00' }] });
  });
});
