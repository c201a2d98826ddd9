import type { AskedTrigger, DueTimeView } from '@nightshift/host';
import { describe, expect, test } from 'vitest';
import { explanation, noteOf } from '../../src/print/due-times.ts';
import { PLAIN } from '../../src/print/look.ts';

const trigger: AskedTrigger = { definition: 'Nightly', triggerId: 1, kind: 'daily', timeZone: 'Europe/Berlin', isDisabled: false, words: async () => '' };
const due = (local: string, more: Partial<DueTimeView> = {}): DueTimeView => ({ trigger, dueAt: new Date(local), local, ...more });

/** The lines under the heading. */
function linesOf(dueTimes: readonly DueTimeView[], now = '2027-03-01T00:00Z'): readonly string[] {
  return explanation([{ trigger, words: 'daily', dueTimes }], new Date(now), PLAIN).split('\n').slice(1, -1);
}

test('a note says what the clock did, when it starts and that it is disabled, in this order', () => {
  const local = '2027-03-28T03:00:00+02:00';
  expect(noteOf(due(local))).toBe('');
  expect(noteOf({ ...due(local, { clockNote: 'moved out of a DST gap', starts: '2027-03-28T03:04:11+02:00' }), trigger: { ...trigger, isDisabled: true } })).toBe('moved out of a DST gap; starts 2027-03-28T03:04:11+02:00; disabled');
});

describe('a line of an explanation', () => {
  test('shows the day of the week of another day', () => {
    expect(linesOf([due('2027-03-02T23:50:00+00:00', { starts: '2027-03-03T00:04:46+00:00' })])).toEqual(['  Tue 02 Mar 2027 23:50   starts Wed 00:04:46   in 48 h']);
    expect(linesOf([due('2027-03-02T03:00:00+05:45')])).toEqual(['  Tue 02 Mar 2027 03:00   in 21 h   Mon 21:15 UTC']);
    expect(linesOf([due('2027-03-01T20:30:00-05:00')])).toEqual(['  Mon 01 Mar 2027 20:30   in 26 h   Tue 01:30 UTC']);
  });

  test('shows seconds where there are any, and no UTC where the clock shows it anyway', () => {
    expect(linesOf([due('2027-03-01T10:00:30+00:00'), due('2027-03-01T10:01:00+00:00')])).toEqual(['  Mon 01 Mar 2027 10:00:30   in 10 h', '  Mon 01 Mar 2027 10:01      in 10 h']);
  });

  test.each([
    ['2027-03-01T00:00:00+00:00', 'in 0 s'], ['2027-03-01T00:01:29+00:00', 'in 89 s'], ['2027-03-01T00:01:30+00:00', 'in 2 min'], ['2027-03-01T01:29:00+00:00', 'in 89 min'],
    ['2027-03-01T01:30:00+00:00', 'in 2 h'], ['2027-03-02T10:00:00+00:00', 'in 34 h'], ['2027-03-03T00:00:00+00:00', 'in 2 days'], ['2027-04-30T00:00:00+00:00', 'in 60 days'],
    ['2027-02-28T23:59:00+00:00', '60 s ago'], ['2027-02-20T00:00:00+00:00', '9 days ago'],
  ])('says how far %s is away: %s', (local, distance) => {
    expect(linesOf([due(local)])[0]?.split('   ').at(-1)).toBe(distance);
  });

  test('stands under what was done to the clock before, and above what became of its wall time', () => {
    const change = { from: '2027-04-30T00:00:00+02:00', to: '2027-04-30T01:00:00+03:00' };
    expect(linesOf([due('2027-04-30T01:00:00+03:00', { change, clockNote: 'moved out of a DST gap' })])).toEqual([
      '    clocks go forward on Fri 30 Apr 2027, from 00:00 to 01:00', '  Fri 30 Apr 2027 01:00   in 60 days   Thu 22:00 UTC', '    moved out of a DST gap',
    ]);
  });
});

describe('the heading of an explanation', () => {
  const heading = (words: string, more: Partial<AskedTrigger> = {}, width?: number): readonly string[] =>
    explanation([{ trigger: { ...trigger, ...more }, words, dueTimes: [] }], new Date(0), { ...PLAIN, width }).split('\n').slice(0, -2);

  test('names definition and trigger, which an expression has not', () => {
    expect(heading('daily at 03:00')).toEqual(['Nightly, trigger 1: daily at 03:00']);
    expect(heading('at 03:00', { definition: '', triggerId: 0 })).toEqual(['at 03:00']);
  });

  test('says that a trigger is disabled', () => {
    expect(heading('daily at 03:00', { isDisabled: true })).toEqual(['Nightly, trigger 1: daily at 03:00, disabled']);
  });

  test('is broken at the width of the terminal, and not inside an expression', () => {
    expect(heading('at 02:30, every day, Europe/Berlin (30 2 * * *), random delay up to 15 min', {}, 50)).toEqual(['Nightly, trigger 1: at 02:30, every day,', '    Europe/Berlin (30 2 * * *), random delay up to', '    15 min']);
  });

  test('shows no control character of a file', () => {
    expect(heading('at each log-on of \u001b[31mmina')).toEqual(['Nightly, trigger 1: at each log-on of \\x1b[31mmina']);
  });
});
