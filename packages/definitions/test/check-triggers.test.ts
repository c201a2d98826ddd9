import { describe, expect, test } from 'vitest';
import type { CheckTrigger } from '../src/index.ts';
import { brief, errorsOf, marked, valid } from './folder.ts';

const withTriggers = (...entries: readonly string[]): string => `job: {}\ntriggers:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`;

describe('a trigger', () => {
  test.each([
    'once: { at: 2026-12-24T18:00 }',
    'once: { at: "2026-12-24T18:00+01:00", repetitionInterval: 1h, repeatIndefinitely: true, randomDelay: 1m }',
    'daily: { at: 03:00 }',
    'daily: { at: "03:00:30", daysInterval: 3 }',
    'weekly: { at: "23:00", daysOfWeek: "Monday, Friday" }',
    'weekly: { at: "23:00", daysOfWeek: [mon, 3, "5"] }',
    'weekly: { at: "23:00", daysOfWeek: "*", weeksInterval: 4 }',
    'weekly: { at: "23:00", daysOfWeek: 0 }',
    'atStartup: {}',
    'atStartup: { randomDelay: 5m }',
    'atLogOn: {}',
    'atLogOn: { user: anna }',
    'cron: "*/5 * * * *"',
    'cron: { expression: "@daily" }',
    'every: 10m',
    'every: { duration: 10m }',
    '{ every: 10m, id: 7, enabled: false, timeZone: Europe/Berlin, randomDelay: 1m }',
    '{ cron: "0 0 13 * 5", dayMatch: and }',
  ])('%s has the right shape', async (entry) => {
    expect(await errorsOf(withTriggers(entry))).toEqual([]);
  });

  test.each([
    ['{}', 'TriggerInvalid 3:5', 'no kind'],
    ['{ enabled: true }', 'TriggerInvalid 3:7', 'no kind'],
    ['atStartup', 'TriggerInvalid 3:5', 'a map with one of once, daily'],
    ['[]', 'TriggerInvalid 3:5', 'not a list'],
    ['', 'TriggerInvalid 3:5', 'not nothing'],
    ['{ daily: { at: "3:00" }, every: 5m }', 'TriggerInvalid 3:30', 'both "daily" and "every"'],
    ['daily: "03:00"', 'TriggerInvalid 3:12', 'a map, not "03:00"'],
    ['daily: {}', 'TriggerInvalid 3:5', '"at" is missing'],
    ['daily: { at: 3 }', 'TriggerInvalid 3:18', 'text, not 3'],
    ['daily: { at: "" }', 'TriggerInvalid 3:18', 'empty'],
    ['daily: { at: "3:00", daysInterval: 0 }', 'TriggerInvalid 3:40', '1 or more'],
    ['weekly: { at: "3:00" }', 'TriggerInvalid 3:5', '"daysOfWeek" is missing'],
    ['weekly: { at: "3:00", daysOfWeek: { a: 1 } }', 'TriggerInvalid 3:39', 'names of days'],
    ['weekly: { at: "3:00", daysOfWeek: [true] }', 'TriggerInvalid 3:40', 'names of days'],
    ['weekly: { at: "3:00", daysOfWeek: Monday, weeksInterval: 1.5 }', 'TriggerInvalid 3:62', 'whole number'],
    ['once: {}', 'TriggerInvalid 3:5', '"at" is missing'],
    ['once: { at: x, repetitionInterval: 60 }', 'DurationInvalid 3:40', '"60"'],
    ['once: { at: x, repeatIndefinitely: yes }', 'DefinitionValueInvalid 3:40', 'true or false'],
    ['atStartup:', 'TriggerInvalid 3:15', 'not nothing'],
    ['atLogOn: { user: 5 }', 'TriggerInvalid 3:22', 'text'],
    ['cron: 5', 'CronExpressionInvalid 3:11', 'text'],
    ['cron: {}', 'TriggerInvalid 3:5', '"expression" is missing'],
    ['every: 90', 'DurationInvalid 3:12', '"90"'],
    ['every: {}', 'TriggerInvalid 3:5', '"duration" is missing'],
    ['{ every: 5m, id: 0 }', 'DefinitionValueInvalid 3:22', 'from 1 to 2,147,483,647'],
    ['{ every: 5m, id: 12345678901234567890 }', 'DefinitionValueInvalid 3:22', 'too large'],
    ['{ every: 5m, id: "1" }', 'DefinitionValueInvalid 3:22', 'whole number'],
    ['{ every: 5m, enabled: no }', 'DefinitionValueInvalid 3:27', 'true or false'],
    ['{ every: 5m, timeZone: CET }', 'TimeZoneInvalid 3:28', '"CET"'],
    ['{ every: 5m, randomDelay: 5 }', 'DurationInvalid 3:31', '"5"'],
    ['{ every: 5m, dayMatch: and }', 'TriggerInvalid 3:18', 'cron'],
    ['{ cron: "0 0 * * *", dayMatch: xor }', 'DefinitionValueInvalid 3:36', 'or or and'],
    ['{ daily: { at: "3:00", randomDelay: 1m }, randomDelay: 2m }', 'DefinitionKeysExclusive 3:47', '"randomDelay"'],
  ])('%s is refused', async (entry, expected, words) => {
    const errors = await errorsOf(withTriggers(entry));
    expect(errors.map(brief)).toEqual([expected]);
    expect(errors[0]?.message).toContain(words);
  });

  test.each([
    ['dialy: { at: "3:00" }', 'did you mean "daily"?'],
    ['atLogon: {}', 'did you mean "atLogOn"?'],
    ['daily: { at: "3:00", dayInterval: 1 }', 'did you mean "daysInterval"?'],
    ['daily: { at: "3:00" }\n    daysInterval: 2', 'write it inside "daily", indented deeper'],
  ])('with an unknown key, %j, has the hint: %s', async (entry, hint) => {
    const errors = await errorsOf(withTriggers(entry));
    expect(errors).toEqual([expect.objectContaining({ code: 'DefinitionKeyUnknown', hint })]);
  });

  test('keeps what the file says, a word in the spelling of the reference', async () => {
    const { triggers } = await valid(withTriggers('{ cron: "0 0 13 * 5", dayMatch: AND }', 'weekly: { at: 23:00, daysOfWeek: [MONDAY, 5] }'));
    expect(triggers).toEqual([{ cron: '0 0 13 * 5', dayMatch: 'and' }, { weekly: { at: '23:00', daysOfWeek: ['MONDAY', 5] } }]);
  });
});

describe('the ids of triggers', () => {
  test.each([
    [['every: 1m', 'every: 2m', 'every: 3m'], []],
    [['{ every: 1m, id: 3 }', 'every: 2m', '{ every: 3m, id: 1 }'], []],
    [['{ every: 1m, id: 5 }', '{ every: 2m, id: 5 }'], ['TriggerInvalid 4:22']],
    [['{ every: 1m, id: 2 }', 'every: 2m'], ['TriggerInvalid 3:22']],
    [['every: 1m', '{ every: 2m, id: 1 }'], ['TriggerInvalid 4:22']],
  ])('%j: %j', async (entries, expected) => {
    expect((await errorsOf(withTriggers(...entries))).map(brief)).toEqual(expected);
  });
});

describe('the meaning of triggers', () => {
  const refuseCron: CheckTrigger = (trigger) => {
    const expression = (trigger as { cron?: unknown }).cron;
    if (typeof expression !== 'string') return { issues: [], warnings: [] };
    if (expression.startsWith('61')) return { issues: [{ code: 'CronExpressionInvalid', message: 'minute 61 is not in 0-59', hint: 'minute hour day-of-month month day-of-week', path: ['cron'] }], warnings: [] };
    return { issues: [], warnings: [{ code: 'CronDayMatch', message: 'the days differ', path: [{ key: 'cron' }] }] };
  };

  test('is asked for, and an answer gets its place', async () => {
    const [error, ...more] = await errorsOf(withTriggers('every: 5m', 'cron: "61 * * * *"'), { checkTrigger: refuseCron });
    expect(error).toMatchObject({ code: 'CronExpressionInvalid', message: 'minute 61 is not in 0-59', hint: 'minute hour day-of-month month day-of-week', line: 4, column: 11 });
    expect(marked(error ?? { code: '', message: '' })).toBe('"61 * * * *"');
    expect(more).toEqual([]);
  });

  test('may be doubtful', async () => {
    expect((await valid(withTriggers('cron: "0 0 13 * 5"'), { checkTrigger: refuseCron })).warnings?.map(brief)).toEqual(['CronDayMatch 3:11']);
  });

  test('is reported together with a wrong shape', async () => {
    const errors = await errorsOf(withTriggers('{ cron: "61 * * * *", colour: red }'), { checkTrigger: refuseCron });
    expect(errors.map(brief)).toEqual(['CronExpressionInvalid 3:13', 'DefinitionKeyUnknown 3:27']);
  });

  test.each([
    ['daily: {}', [{ message: 'daily needs at', path: ['daily'] }]],
    ['daily: {}', [{ message: 'daily needs at', path: ['daily', 'at'] }]],
    ['daily: { at: 5 }', [{ message: 'at is no time', path: ['daily', 'at'] }]],
    ['every: 90', [{ message: 'no duration', path: ['every'] }]],
    ['{}', [{ message: 'no kind' }]],
    ['{ enabled: true }', [{ message: 'no kind' }]],
    ['{ every: 5m, timeZone: CET }', [{ message: 'no zone', path: ['timeZone'] }]],
    ['{ every: 5m, colour: red }', [{ message: 'unknown', path: ['colour'], at: 'key' as const }]],
    ['{ every: 5m, cron: "0 0 * * *" }', [{ code: 'DefinitionKeysExclusive', message: 'two kinds', path: ['every'], at: 'key' as const }]],
    ['daily: { att: "03:00" }', [{ code: 'DefinitionKeyMissing', message: 'daily needs at', path: ['daily'], at: 'key' as const }]],
    ['weekly: { at: "03:00", daysOfWeek: [null] }', [{ message: 'nothing is no day', path: ['weekly', 'daysOfWeek'] }]],
  ])('does not repeat what was said of the shape: %s', async (entry, issues) => {
    expect(await errorsOf(withTriggers(entry), { checkTrigger: () => ({ issues, warnings: [] }) })).toHaveLength(1);
  });

  test('without code is TriggerInvalid, without path the trigger', async () => {
    const checkTrigger: CheckTrigger = () => ({ issues: [{ message: 'no' }], warnings: [] });
    expect((await errorsOf(withTriggers('every: 5m'), { checkTrigger })).map(brief)).toEqual(['TriggerInvalid 3:5']);
  });

  test.each([
    ['timeZone: Europe/Berlin\n', undefined, 'Europe/Berlin'],
    ['timeZone: Europe/Berlin\n', 'UTC', 'Europe/Berlin'],
    ['timeZone: Nope/Zone\n', 'UTC', 'UTC'],
    ['', 'UTC', 'UTC'],
    ['', undefined, undefined],
  ])('is asked in the zone of the file, else the given one (%#)', async (line, timeZone, expected) => {
    const asked: unknown[] = [];
    const checkTrigger: CheckTrigger = (trigger, context) => {
      asked.push([trigger, context.timeZone, context.now instanceof Date]);
      return { issues: [], warnings: [] };
    };
    await errorsOf(line + withTriggers('every: 5m'), { checkTrigger, ...(timeZone === undefined ? {} : { timeZone }) });
    expect(asked).toEqual([[{ every: '5m' }, expected, true]]);
  });
});
