import { describe, expect, test } from 'vitest';
import { readTriggerText } from '../../src/scheduled-jobs/trigger-text.ts';
import { triggerView } from '../../src/scheduled-jobs/trigger-view.ts';

const context = { timeZone: 'Europe/Berlin', now: new Date('2026-11-23T12:00:00Z') };
const entriesOf = (text: string): readonly unknown[] => readTriggerText(text, context).map(({ entry }) => entry);
const ENTRIES = [
  { once: { at: '2026-12-24T18:00', repetitionInterval: '1h', repetitionDuration: '2d' } },
  { once: { at: '2026-12-24T18:00', repetitionInterval: '1h', repeatIndefinitely: true } },
  { daily: { at: '03:00', daysInterval: 3, randomDelay: '15m' } },
  { weekly: { at: '23:00', daysOfWeek: ['Monday', 'Friday'], weeksInterval: 2 }, enabled: false },
  { atStartup: {} },
  { atLogOn: { user: 'backup' } },
  { cron: '0 3 13 * 5', dayMatch: 'and', timeZone: 'UTC' },
  { every: '10m', randomDelay: '1m' },
];

function errorOf(text: string): unknown {
  try {
    readTriggerText(text, context);
    return undefined;
  } catch (error) {
    return error instanceof AggregateError ? error.errors[0] : error;
  }
}

describe('triggers as text', () => {
  test.each(ENTRIES.map((entry) => [JSON.stringify(entry), entry] as const))('are entries of a file: %s', (text, entry) => {
    expect(entriesOf(text)).toEqual([entry]);
  });

  test.each(ENTRIES.map((entry) => [JSON.stringify(entry), entry] as const))('are what the verbs print, without what is the default: %s', (_, entry) => {
    expect(entriesOf(JSON.stringify({ apiVersion: 1, ...triggerView(entry, 7, 'Backup') }))).toEqual([entry]);
  });

  test('are what a listing prints, all of them and without their ids', () => {
    const text = JSON.stringify({ apiVersion: 1, triggers: ENTRIES.map((entry, index) => triggerView(entry, index + 1, 'Backup')) });
    expect(entriesOf(text)).toEqual(ENTRIES);
    expect(entriesOf('[{id: 3, daily: {at: "03:00"}}]')).toEqual([{ daily: { at: '03:00' } }]);
  });

  test.each([
    ['{Frequency: Weekly, At: "23:00", DaysOfWeek: [Monday], Interval: 2}', { weekly: { at: '23:00', daysOfWeek: ['Monday'], weeksInterval: 2 } }],
    ['{frequency: DAILY, at: "3:00 AM", interval: 3}', { daily: { at: '03:00', daysInterval: 3 } }],
    ['{Frequency: AtLogon, User: "*"}', { atLogOn: {} }],
    ['{Frequency: AtStartup, RandomDelay: 5m, Enabled: false}', { atStartup: { randomDelay: '5m' }, enabled: false }],
    ['{Frequency: Once, At: "12/24/2026 6 PM", RepetitionInterval: 1h, RepeatIndefinitely: true, DaysOfWeek: [], User: "", Interval: 1}', { once: { at: '2026-12-24T18:00', repetitionInterval: '1h', repeatIndefinitely: true } }],
  ])("are PowerShell's hash tables: %s", (text, entry) => {
    expect(entriesOf(text)).toEqual([entry]);
  });

  test.each([
    ['{daily: {at: 25:00}}', 'TriggerInvalid', 1, 14],
    ['{dayly: {at: "03:00"}}', 'TriggerInvalid', 1, 2],
    ['{daily: {}}', 'TriggerInvalid', 1, 2],
    ['{daily: {at: "03:00"}, weekly: {at: "03:00", daysOfWeek: 1}}', 'TriggerInvalid', 1, 24],
    ['{}', 'TriggerInvalid', 1, 1],
    ['{cron: "61 * * * *"}', 'CronExpressionInvalid', 1, 8],
    ['{every: 10}', 'DurationInvalid', 1, 9],
    ['{every: 10m, timeZone: CET+1}', 'TimeZoneInvalid', 1, 24],
    ['{Frequency: Daily, At: "3am", RandomDelay: "00:20:00"}', 'DurationInvalid', 1, 44],
    ['{kind: daily, at: "03:00", user: bob}', 'TriggerInvalid', 1, 28],
    ['{Frequency: Hourly}', 'TriggerInvalid', 1, 13],
    ['[{atStartup: {}},\n {daily: {at: soon}}]', 'TriggerInvalid', 2, 15],
    ['{daily: {at: "03:00"}', 'TriggerInvalid', 1, 22],
  ])('are complained about where the mistake stands: %s', (text, code, line, column) => {
    expect(errorOf(text)).toMatchObject({ code, line, column });
    expect(errorOf(text)).not.toHaveProperty('file');
  });

  test.each(['', '@{Frequency="Daily"}', 'System.Collections.Hashtable'])("are no %j, and the form that is meant is shown", (text) => {
    expect(errorOf(text)).toMatchObject({ code: 'TriggerInvalid', hint: expect.stringContaining('{Frequency: Weekly') });
  });

  test('warn of what never fires', () => {
    expect(readTriggerText('{once: {at: "2020-01-01T00:00"}}', context)[0]?.warnings).toMatchObject([{ code: 'TriggerInPast' }]);
  });
});
