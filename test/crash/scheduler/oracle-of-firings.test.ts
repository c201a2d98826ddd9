// The oracle is believed by every other test here: what it says is held against the specification's own examples.

import { describe, expect, test } from 'vitest';
import { DAY, dueTimes, HOUR, MINUTE, type Schedule } from './due-times.ts';
import { expect as expectation, wordsFor, type Rule, type Step } from './oracle-of-firings.ts';

const daily = (zone: string, at: string): Schedule => ({ kind: 'daily', at, zone });
const quarter = (zone: string): Schedule => ({ kind: 'minutes', step: 15, zone });
const every10: Schedule = { kind: 'every', interval: 10 * MINUTE };

describe('due times of the oracle', () => {
  test.each([
    [daily('Europe/Berlin', '02:30'), '2026-03-29T00:00Z', '2026-03-29T23:00Z', ['2026-03-29T01:00Z']],
    [daily('Europe/Berlin', '02:30'), '2026-10-24T12:00Z', '2026-10-25T12:00Z', ['2026-10-25T00:30Z']],
    [daily('America/New_York', '02:30'), '2027-03-14T00:00Z', '2027-03-14T12:00Z', ['2027-03-14T07:00Z']],
    [daily('America/New_York', '01:30'), '2026-11-01T00:00Z', '2026-11-01T12:00Z', ['2026-11-01T05:30Z']],
    [daily('Africa/Cairo', '00:00'), '2027-04-29T12:00Z', '2027-04-30T12:00Z', ['2027-04-29T22:00Z']],
    [daily('Australia/Lord_Howe', '02:15'), '2027-10-02T06:00Z', '2027-10-03T06:00Z', ['2027-10-02T15:30Z']],
    [daily('UTC', '04:15'), '2026-05-01T04:15Z', '2026-05-03T04:15Z', ['2026-05-02T04:15Z', '2026-05-03T04:15Z']],
    [every10, '2026-05-01T00:00Z', '2026-05-01T00:20Z', ['2026-05-01T00:05Z', '2026-05-01T00:15Z']],
  ])('%j between %s and %s', (schedule, after, until, due) => {
    expect(dueTimes(schedule, Date.parse(after), Date.parse(until), Date.parse('2026-04-30T23:55Z'))).toEqual(due.map((one) => Date.parse(one)));
  });

  test.each([['Europe/Berlin', '2026-10-24T23:00Z'], ['America/New_York', '2026-11-01T04:00Z'], ['Europe/Berlin', '2027-03-28T00:00Z']])('a quarter-hour schedule runs 16 times in four real hours: %s from %s', (zone, from) => {
    const after = Date.parse(from) - 1;
    expect(dueTimes(quarter(zone), after, after + 4 * HOUR, 0)).toHaveLength(16);
  });
});

describe('words of the oracle', () => {
  const due = [10, 11, 12, 13, 14].map((minute) => minute * MINUTE);
  test.each([
    ['skip', {}, 'misfire misfire misfire Started Started'],
    ['latest', {}, 'misfire misfire Started Started Started'],
    ['latest', { window: 90_000 }, 'misfire misfire misfire Started Started'],
    ['latest', { window: 2 * MINUTE }, 'misfire misfire Started Started Started'],
    ['all', {}, 'Started Started Started Started Started'],
    ['all', { limit: 2 }, 'misfire Started Started Started Started'],
    ['all', { window: 3 * MINUTE }, 'misfire Started Started Started Started'],
  ] as const)('five due times, three of them missed, catch-up %s %j: %s', (policy, more, words) => {
    expect(wordsFor({ policy, ...more }, due, 14 * MINUTE).map(([, word]) => word).join(' ')).toBe(words);
  });
});

const RULE: Rule = { schedule: { kind: 'minutes', step: 1, zone: 'UTC' }, catchUp: { policy: 'latest' } };
const T = Date.UTC(2026, 4, 1, 12, 0, 30);
const settled = (minutes: number, more: Partial<Step> = {}): Step => ({ wall: T + minutes * MINUTE, scheduler: 'settled', ...more });

/** Minutes after twelve, and what became of them. */
function told(steps: readonly Step[], rule = RULE): Record<string, string> {
  const { words, voided } = expectation(rule, steps);
  const minute = (due: number): string => String((due - T - 30_000) / MINUTE + 1);
  return Object.fromEntries([...[...words].map(([due, possible]) => [minute(due), [...possible].toSorted().join('|')]), ...voided.map((due) => [`void ${minute(due)}`, 'Started'])]);
}

describe('the oracle', () => {
  test('knows nothing that was due before the trigger was seen', () => {
    expect(told([settled(0), settled(1)])).toEqual({ 1: 'Started' });
  });

  test('does not know what a killed scheduler had decided', () => {
    const steps: Step[] = [settled(0), { wall: T + MINUTE, scheduler: 'perhaps' }, settled(4)];
    expect(told(steps)).toEqual({ 1: 'Started|misfire', 2: 'misfire', 3: 'Started', 4: 'Started' });
  });

  test('lets no due time fire again that was recorded up to an hour ahead', () => {
    expect(told([settled(0), settled(2), settled(1), settled(2), settled(3)])).toEqual({ 1: 'Started', 2: 'Started', 3: 'Started' });
  });

  test('lets due times fire again that were recorded more than an hour ahead', () => {
    const words = told([settled(0), settled(1), settled(122), settled(1), settled(2), settled(62)]);
    expect(words).toMatchObject({ 'void 122': 'Started', 1: 'Started', 2: 'Started', 61: 'Started', 62: 'Started' });
    expect(words['122']).toBeUndefined();
  });

  test('lets due times up to an hour ahead stay that were started themselves', () => {
    const every = { schedule: { kind: 'minutes', step: 30, zone: 'UTC' }, catchUp: { policy: 'all' } } as const;
    expect(told([settled(0), settled(31), settled(62), settled(91), settled(1), settled(31)], every)).toEqual({ 30: 'Started', 60: 'Started', 'void 90': 'Started' });
  });

  test('lets nothing fire in 1970 or in 2098', () => {
    const [early, late] = [-T, Date.UTC(2098, 0) - T];
    expect(told([settled(0), settled(early / MINUTE), settled(late / MINUTE), settled(1)])).toEqual({ 1: 'Started' });
  });

  test('skips what was due while the trigger was switched off, and what was pending at an edit', () => {
    const off = settled(1, { change: { enabled: false } });
    const on = settled(4, { change: { enabled: true } });
    const edit = settled(6, { change: { to: RULE } });
    expect(told([settled(0), off, on, settled(5), edit, settled(7)])).toEqual({ 1: 'Started', 2: 'disabled', 3: 'disabled', 4: 'disabled', 5: 'Started', 6: 'edited', 7: 'Started' });
  });

  test('is not fooled by a day: the window of "all" is one', () => {
    const words = told([settled(0), settled(DAY / MINUTE + 10)], { ...RULE, catchUp: { policy: 'all', limit: 10_000 } });
    expect([words['9'], words['10'], words['11']]).toEqual(['misfire', 'misfire', 'Started']);
  });
});
