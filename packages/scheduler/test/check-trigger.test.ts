import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { checkTrigger } from '@nightshift/scheduler';

const NOW = new Date('2026-11-22T18:00:00Z');

/** Code and path of everything that is wrong with a trigger, and of every warning. */
function check(trigger: unknown, timeZone: string | undefined = 'UTC'): { readonly issues: readonly string[]; readonly warnings: readonly string[] } {
  const { issues, warnings } = checkTrigger(trigger, { timeZone, now: NOW });
  const told = (list: typeof issues): readonly string[] => list.map(({ code, path, at }) => [code, [...(path ?? [])].map(String).join('.'), at].filter(Boolean).join(' '));
  return { issues: told(issues), warnings: told(warnings) };
}

const FINE = { issues: [], warnings: [] };

describe('a trigger as a file has it', () => {
  test.each([
    { daily: { at: '03:00', daysInterval: 1, randomDelay: '15m' } },
    { daily: { at: '3:00' }, id: 7, enabled: false, timeZone: 'Europe/Berlin', randomDelay: 0 },
    { daily: { at: '2027-01-01T03:00' } },
    { weekly: { at: '23:00', daysOfWeek: ['Monday', 'friday'], weeksInterval: 2 } },
    { weekly: { at: '23:00', daysOfWeek: 'Monday, Friday' } },
    { weekly: { at: '23:00', daysOfWeek: [1, 3, 5] } },
    { weekly: { at: '23:00', daysOfWeek: 0 } },
    { weekly: { at: '23:00', daysOfWeek: '*' } },
    { once: { at: '2026-12-24T18:00', repetitionInterval: '1h', repetitionDuration: '2d' } },
    { once: { at: '2026-12-24T18:00+01:00', repetitionInterval: '60s', repeatIndefinitely: true } },
    { once: { at: '2026-12-24T18:00', repetitionInterval: '1h', repetitionDuration: '1h', repeatIndefinitely: false } },
    { atStartup: { randomDelay: '5m' } },
    { atStartup: {} },
    { atStartup: null },
    { atLogOn: { user: '*' } },
    { atLogOn: null },
    { cron: '*/15 8-18 * * 1-5' },
    { cron: { expression: '@daily' }, dayMatch: 'AND' },
    { every: '10m', enabled: false },
    { every: { duration: 'PT10M' }, randomDelay: '1m' },
    Object.assign(Object.create(null) as object, { every: '10m' }),
  ])('%o is accepted', (trigger) => {
    expect(check(trigger)).toEqual(FINE);
  });
});

describe('a trigger is refused', () => {
  test.each([
    ['that is no map', 'daily', ['TriggerInvalid']],
    ['that is empty', null, ['TriggerInvalid']],
    ['that is a list', [], ['TriggerInvalid']],
    ['without a kind', { enabled: true }, ['DefinitionKeyMissing']],
    ['with two kinds', { daily: { at: '03:00' }, every: '10m' }, ['DefinitionKeysExclusive every key']],
    ['with a misspelt kind', { dayly: { at: '03:00' } }, ['DefinitionKeyUnknown dayly key']],
    ['with an unknown key', { every: '10m', enabeld: true }, ['DefinitionKeyUnknown enabeld key']],
    ['with an unknown key of its kind', { daily: { at: '03:00', interval: 2 } }, ['DefinitionKeyUnknown daily.interval key']],
    ['with keys that mean something to objects', JSON.parse('{"every": "10m", "__proto__": 1, "constructor": 2}'), ['DefinitionKeyUnknown __proto__ key', 'DefinitionKeyUnknown constructor key']],
    ['without its mandatory time', { daily: {} }, ['DefinitionKeyMissing daily key']],
    ['without its mandatory days', { weekly: { at: '23:00' } }, ['DefinitionKeyMissing weekly key']],
    ['whose kind is empty', { once: null }, ['DefinitionKeyMissing once key']],
    ['whose expression is empty', { cron: null }, ['DefinitionKeyMissing cron key']],
    ['whose kind has a plain value', { daily: '03:00' }, ['DefinitionValueInvalid daily']],
    ['with an id that is too large (Y28)', { every: '10m', id: Number('12345678901234567890') }, ['DefinitionValueInvalid id']],
    ['with an id of zero', { every: '10m', id: 0 }, ['DefinitionValueInvalid id']],
    ['with an id in words', { every: '10m', id: 'two' }, ['DefinitionValueInvalid id']],
    ['with yes for true', { every: '10m', enabled: 'yes' }, ['DefinitionValueInvalid enabled']],
    ['with an hour that does not exist', { daily: { at: '24:00' } }, ['TriggerInvalid daily.at']],
    ['with a number for a time', { daily: { at: 180 } }, ['DefinitionValueInvalid daily.at']],
    ['with a time of day that has an offset', { daily: { at: '2027-01-01T03:00Z' } }, ['TriggerInvalid daily.at']],
    ['with a date that does not exist', { once: { at: '2027-02-29T03:00' } }, ['TriggerInvalid once.at']],
    ['with a moment that has no date', { once: { at: '03:00' } }, ['TriggerInvalid once.at']],
    ['with an interval of no days', { daily: { at: '03:00', daysInterval: 0 } }, ['TriggerInvalid daily.daysInterval']],
    ['with half a week', { weekly: { at: '03:00', daysOfWeek: '*', weeksInterval: 0.5 } }, ['TriggerInvalid weekly.weeksInterval']],
    ['with an interval in words', { daily: { at: '03:00', daysInterval: 'two' } }, ['DefinitionValueInvalid daily.daysInterval']],
    ['with an unknown day', { weekly: { at: '03:00', daysOfWeek: ['Mondey'] } }, ['TriggerInvalid weekly.daysOfWeek']],
    ['with two unknown days', { weekly: { at: '03:00', daysOfWeek: 'Mon, 7' } }, ['TriggerInvalid weekly.daysOfWeek', 'TriggerInvalid weekly.daysOfWeek']],
    ['without any day', { weekly: { at: '03:00', daysOfWeek: [] } }, ['TriggerInvalid weekly.daysOfWeek']],
    ['with a map for days', { weekly: { at: '03:00', daysOfWeek: {} } }, ['DefinitionValueInvalid weekly.daysOfWeek']],
    ['with a bare number for a duration', { every: 10 }, ['DurationInvalid every']],
    ['with a negative duration', { every: '-10m' }, ['DurationInvalid every']],
    ['with an infinite duration', { daily: { at: '03:00', randomDelay: Infinity } }, ['DurationInvalid daily.randomDelay']],
    ['with an empty duration', { every: { duration: null } }, ['DurationInvalid every.duration']],
    ['every nothing', { every: '0' }, ['TriggerInvalid every']],
    ['with an unknown zone (Y37)', { every: '10m', timeZone: 'Nope/Zone' }, ['TimeZoneInvalid timeZone']],
    ['with an offset for a zone (Y37)', { every: '10m', timeZone: 'UTC+5' }, ['TimeZoneInvalid timeZone']],
    ['with an empty zone (Y37)', { every: '10m', timeZone: '' }, ['TimeZoneInvalid timeZone']],
    ['with a zone that is no text', { every: '10m', timeZone: null }, ['TimeZoneInvalid timeZone']],
    ['with an impossible minute (Y29)', { cron: '61 * * * *' }, ['CronExpressionInvalid cron']],
    ['with four fields (Y29)', { cron: { expression: '* * * *' } }, ['CronExpressionInvalid cron.expression']],
    ['with seven fields (Y29)', { cron: '* * * * * * *' }, ['CronExpressionInvalid cron']],
    ['with two wrong fields', { cron: '61 24 * * *' }, ['CronExpressionInvalid cron', 'CronExpressionInvalid cron']],
    ['with a number for an expression', { cron: 5 }, ['CronExpressionInvalid cron']],
    ['that never fires (Y30)', { cron: '0 0 30 2 *' }, ['CronNeverFires cron']],
    ['that would fire on a leap day that is a Monday', { cron: '0 0 29 2 1', dayMatch: 'and' }, ['CronNeverFires cron']],
    ['that would fire in gaps only', { cron: '*/30 2 * 3 sunL', timeZone: 'Europe/Berlin' }, ['CronNeverFires cron']],
    ['with an unknown dayMatch', { cron: '* * * * *', dayMatch: 'xor' }, ['DefinitionValueInvalid dayMatch']],
    ['with dayMatch beside another kind', { every: '10m', dayMatch: 'or' }, ['DefinitionKeyUnknown dayMatch key']],
    ['with a delay in two places', { daily: { at: '03:00', randomDelay: '1m' }, randomDelay: '2m' }, ['DefinitionKeysExclusive randomDelay key']],
    ['with an empty user', { atLogOn: { user: '' } }, ['DefinitionValueInvalid atLogOn.user']],
    ['with true for an event', { atStartup: true }, ['DefinitionValueInvalid atStartup']],
  ])('%s', (_what, trigger, issues) => {
    expect(check(trigger)).toEqual({ issues, warnings: [] });
  });

  test('with everything that is wrong at once', () => {
    const trigger = { daily: { at: '25:00', daysInterval: 0, tiem: 1 }, cron: '61 * * * *', enabled: 'no', timeZone: 'CET' };
    expect(check(trigger).issues.toSorted()).toEqual([
      'CronExpressionInvalid cron',
      'DefinitionKeyUnknown daily.tiem key',
      'DefinitionKeysExclusive cron key',
      'DefinitionValueInvalid enabled',
      'TimeZoneInvalid timeZone',
      'TriggerInvalid daily.at',
      'TriggerInvalid daily.daysInterval',
    ]);
  });
});

describe('a value of any kind in any place', () => {
  const ODD = [undefined, null, true, Number.NaN, -1, 0, 1.5, Infinity, 10n, '', 'x', '03:00', '1h', '*', [], [null], [[]], {}, { a: {} }, new Date(0), Object.create(null)];
  const TRIGGERS = {
    once: ['at', 'randomDelay', 'repetitionInterval', 'repetitionDuration', 'repeatIndefinitely'],
    daily: ['at', 'daysInterval', 'randomDelay'],
    weekly: ['at', 'daysOfWeek', 'weeksInterval', 'randomDelay'],
    atStartup: ['randomDelay'],
    atLogOn: ['user', 'randomDelay'],
    cron: ['expression'],
    every: ['duration'],
  };

  test.each(Object.entries(TRIGGERS))('of %s is accepted or complained about, each complaint with a code, a place and one line of text', (kind, keys) => {
    const beside = ['id', 'enabled', 'timeZone', 'randomDelay', 'dayMatch'];
    const triggers = ODD.flatMap((odd) => [odd, { [kind]: odd }, ...keys.map((key) => ({ [kind]: { [key]: odd } })), ...beside.map((key) => ({ [kind]: {}, [key]: odd }))]);
    for (const trigger of triggers) {
      const { issues, warnings } = checkTrigger(trigger, { timeZone: 'UTC', now: NOW });
      for (const { code, path, message } of [...issues, ...warnings]) {
        expect(code).toMatch(/^[A-Z][A-Za-z]+$/);
        expect(path).toBeInstanceOf(Array);
        expect(message).toMatch(/^.+$/);
      }
    }
  });
});

describe('a repetition is refused', () => {
  const at = '2026-12-24T18:00';
  test.each([
    ['without a duration', { at, repetitionInterval: '1h' }, 'repetitionInterval', 'needs repetitionDuration'],
    ['without an interval', { at, repetitionDuration: '1h' }, 'repetitionDuration', 'needs repetitionInterval'],
    ['for ever without an interval', { at, repeatIndefinitely: true }, 'repeatIndefinitely', 'needs repetitionInterval'],
    ['for ever and for a while', { at, repetitionInterval: '1h', repetitionDuration: '2h', repeatIndefinitely: true }, 'repeatIndefinitely', 'exclude each other'],
    ['after 59 seconds', { at, repetitionInterval: '59s', repetitionDuration: '2h' }, 'repetitionInterval', 'shorter than one minute'],
    ['after no time, for ever', { at, repetitionInterval: 0, repeatIndefinitely: true }, 'repetitionInterval', 'shorter than one minute'],
    ['for no time', { at, repetitionInterval: '1h', repetitionDuration: '0' }, 'repetitionDuration', 'is zero'],
    ['whose interval is longer than its duration', { at, repetitionInterval: '2h', repetitionDuration: '1h' }, 'repetitionInterval', 'longer than'],
  ])('%s', (_what, once, key, words) => {
    const { issues } = checkTrigger({ once }, { timeZone: 'UTC', now: NOW });
    expect(issues).toMatchObject([{ code: 'TriggerInvalid', path: ['once', key], message: expect.stringContaining(words) }]);
  });

  test('for a wrong value alone when one of its values is wrong', () => {
    expect(check({ once: { at, repetitionInterval: 60 } }).issues).toEqual(['DurationInvalid once.repetitionInterval']);
  });
});

describe('what the author of a file reads', () => {
  test.each([
    [{ cron: '61 * * * *' }, 'minute 61 is not in 0-59', 'minute hour day-of-month month day-of-week'],
    [{ every: '10m', timezone: 'UTC' }, 'unknown key "timezone"', 'did you mean "timeZone"?'],
    [{ dayly: {} }, 'unknown key "dayly"', 'did you mean "daily"?'],
    [{ daily: { at: '03:00', timeZone: 'UTC' } }, 'unknown key "timeZone"', 'it stands beside "daily", not in it'],
    [{ every: '10m', enabled: 'yes' }, '"yes" is neither true nor false', 'write true'],
    [{ every: '10m', enabled: 'constructor' }, '"constructor" is neither true nor false', 'write true or false'],
    [{ weekly: { at: '03:00', daysOfWeek: 'Mondey' } }, '"Mondey" is not a day', 'did you mean "Monday"?'],
    [{ weekly: { at: '03:00', daysOfWeek: 'wed' } }, '"wed" is not a day', 'did you mean "Wednesday"?'],
    [{ every: 90 }, '"90" is not a duration', 'write a number with a unit: 250ms, 90s, 5m, 1h30m, 2d, 1w, or ISO 8601 such as PT5M'],
    [{ daily: '03:00' }, 'daily is "03:00", but needs a map', 'write daily: { at: "03:00" }'],
    [{ cron: '@reboot' }, '@reboot is a trigger of its own kind', 'write the trigger as  atStartup: {}'],
    [{ cron: '@every 5m' }, '@every is a trigger of its own kind', 'write the trigger as  every: 5m'],
  ])('about %o is "%s"', (trigger, message, hint) => {
    expect(checkTrigger(trigger, { timeZone: 'UTC', now: NOW }).issues).toMatchObject([{ message, hint }]);
  });

  test('is short and escaped, however long and strange the text in the file', () => {
    const long = `\u001b[31m${'x'.repeat(100_000)}`;
    const { issues } = checkTrigger({ [long]: 1, timeZone: long, cron: long, weekly: { at: long, daysOfWeek: long } }, { timeZone: undefined, now: NOW });
    expect(issues).toHaveLength(6);
    for (const { message, hint = '' } of issues) {
      expect(message.length).toBeLessThan(200);
      expect(hint.length).toBeLessThan(200);
      expect(message + hint).not.toContain('\u001b');
    }
  });
});

describe('a warning', () => {
  test.each([
    ['of days that mean two things', { cron: '0 0 13 * 5' }, ['CronDayMatch cron']],
    ['of a 31st and Mondays (Y35)', { cron: '0 2 31 * MON' }, ['CronDayMatch cron']],
    ['of a step, which is a restriction', { cron: '0 0 */2 * 1' }, ['CronDayMatch cron']],
    ['not where one of them is every day', { cron: '0 0 ? * 5' }, []],
    ['not where both name the same days', { cron: '0 0 1-31 * 0-6' }, []],
    ['not where the author has chosen', { cron: '0 0 13 * 5', dayMatch: 'or' }, []],
    ['of a time that has passed (Y38)', { once: { at: '2020-01-01T00:00' } }, ['TriggerInPast once.at']],
    ['not of a time that is now', { once: { at: '2026-11-22T18:00Z' } }, []],
    ['not of a repetition that goes on', { once: { at: '2020-01-01T00:00', repetitionInterval: '1h', repeatIndefinitely: true } }, []],
    ['of a repetition that has ended', { once: { at: '2020-01-01T00:00', repetitionInterval: '1h', repetitionDuration: '2d' } }, ['TriggerInPast once.at']],
    ['of a time that does not exist (Y39)', { once: { at: '2027-03-28T02:30' }, timeZone: 'Europe/Berlin' }, ['DaylightSavingShift once.at']],
    ['not of the same time with an offset', { once: { at: '2027-03-28T02:30+01:00' }, timeZone: 'Europe/Berlin' }, []],
    ['not of a time that comes twice', { once: { at: '2027-10-31T02:30' }, timeZone: 'Europe/Berlin' }, []],
    ['not of a daily time in a gap', { daily: { at: '02:30' }, timeZone: 'Europe/Berlin' }, []],
  ])('%s', (_what, trigger, warnings) => {
    expect(check(trigger)).toEqual({ issues: [], warnings });
  });

  test('of a time that does not exist says when it is due instead', () => {
    const { warnings } = checkTrigger({ once: { at: '2027-03-28T02:30' } }, { timeZone: 'Europe/Berlin', now: NOW });
    expect(warnings[0]?.message).toBe('2027-03-28T02:30:00 does not exist in Europe/Berlin; it is due at 2027-03-28T03:00:00+02:00');
  });
});

describe('the zone of a check', () => {
  const once = { at: '2027-03-28T02:30' };

  test('is that of the trigger, then that of the file, then that of the machine', () => {
    expect(check({ once, timeZone: 'UTC' }, 'Europe/Berlin').warnings).toEqual([]);
    expect(check({ once }, 'Europe/Berlin').warnings).toEqual(['DaylightSavingShift once.at']);
    expect(checkTrigger({ once }, { timeZone: undefined, now: NOW }).issues).toEqual([]);
  });

  test('is UTC on a machine whose TZ names none', () => {
    const script = `import { checkTrigger } from ${JSON.stringify(new URL('../src/check-trigger.ts', import.meta.url).href)}; console.log(checkTrigger({ once: { at: '2027-03-28T02:30' } }, { timeZone: undefined, now: new Date(0) }))`;
    expect(execFileSync(process.execPath, ['--conditions=source', '--input-type=module', '-e', script], { env: { TZ: 'Nope/Zone' }, encoding: 'utf8' })).toBe('{ issues: [], warnings: [] }\n');
  });

  test('of a file that is wrong is not complained about once per trigger', () => {
    expect(check({ once }, 'UTC+5')).toEqual(FINE);
  });
});
