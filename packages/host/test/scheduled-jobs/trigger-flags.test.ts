import { describe, expect, test } from 'vitest';
import { changedEntry, newEntry, type TypedTrigger } from '../../src/scheduled-jobs/trigger-flags.ts';

const context = { timeZone: 'Europe/Berlin', now: new Date('2026-11-23T23:30:00Z') };
const changed = (entry: object, kinds: readonly string[], values: TypedTrigger['values']): unknown => changedEntry(entry as Record<string, unknown>, { kinds, values }, context).entry;

function errorOf(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('a new trigger', () => {
  test.each([
    [['daily'], { at: '3am' }, { daily: { at: '03:00' } }],
    [['weekly'], { at: '9:30 PM', daysOfWeek: '1,friday', weeksInterval: '2' }, { weekly: { at: '21:30', daysOfWeek: ['Monday', 'Friday'], weeksInterval: 2 } }],
    [['cron'], { cron: '0 3 * * *', timeZone: 'UTC', randomDelay: '5m' }, { cron: '0 3 * * *', timeZone: 'UTC', randomDelay: '5m' }],
    [['every'], { every: '10m' }, { every: '10m' }],
    [['once'], { at: '2027-01-01', repetitionInterval: '1h', repeatIndefinitely: true }, { once: { at: '2027-01-01T00:00', repetitionInterval: '1h', repeatIndefinitely: true } }],
  ])('is an entry as a file has it: %j %j', (kinds, values, entry) => {
    expect(newEntry({ kinds, values: values as TypedTrigger['values'] }, context).entry).toEqual(entry);
  });

  test('that is due once needs a date: today is offered by the zone of its times, and not taken', () => {
    expect(errorOf(() => newEntry({ kinds: ['once'], values: { at: '3am' } }, context))).toMatchObject({ code: 'ParameterArgumentValidationError', hint: 'for today: --at 2026-11-24T03:00' });
  });

  test('without a kind is offered those that its values fit', () => {
    expect(errorOf(() => newEntry({ kinds: [], values: { at: '3am', daysInterval: '2' } }, context))).toMatchObject({ code: 'MissingMandatoryParameter', hint: 'add --daily' });
  });

  test('tells its mistakes in the words of a command line', () => {
    expect(errorOf(() => newEntry({ kinds: ['once'], values: { at: '2027-01-01', repetitionInterval: '1h' } }, context))).toMatchObject({
      message: '--repetition-interval needs --repetition-duration, or --repeat-indefinitely',
      hint: 'for two days every hour: --repetition-interval=1h, --repetition-duration=2d',
    });
  });

  test('tells all of them', () => {
    expect(errorOf(() => newEntry({ kinds: ['daily'], values: { at: 'x', daysInterval: '0', user: 'bob' } }, context))).toMatchObject({ errors: [{}, {}, {}] });
  });
});

describe('a changed trigger', () => {
  test('of the same kind changes in what is given, and stays as it is written otherwise', () => {
    expect(changed({ daily: { at: '3:00', randomDelay: '5m' }, id: 4, enabled: false }, [], { at: '4am' })).toEqual({ daily: { at: '04:00', randomDelay: '5m' }, id: 4, enabled: false });
    expect(changed({ daily: { at: '3:00' }, randomDelay: '5m' }, ['daily'], { randomDelay: '6m' })).toEqual({ daily: { at: '3:00' }, randomDelay: '6m' });
    expect(changed({ cron: { expression: '0 3 * * *' } }, ['cron'], { cron: '0 4 * * *' })).toEqual({ cron: { expression: '0 4 * * *' } });
    expect(changed({ atStartup: null }, [], { randomDelay: '1m' })).toEqual({ atStartup: { randomDelay: '1m' } });
  });

  test('keeps its date where a time alone is given', () => {
    expect(changed({ once: { at: '2027-01-01T10:00+01:00' } }, [], { at: '4pm' })).toEqual({ once: { at: '2027-01-01T16:00+01:00' } });
    expect(changed({ daily: { at: '2027-01-01T10:00', daysInterval: 2 } }, [], { at: '16:00' })).toEqual({ daily: { at: '2027-01-01T16:00', daysInterval: 2 } });
  });

  test.each([
    ['daily to weekly', { daily: { at: '03:00', daysInterval: 3 }, id: 7, enabled: false, timeZone: 'UTC' }, ['weekly'], { daysOfWeek: 'Monday' }, { weekly: { at: '03:00', daysOfWeek: ['Monday'], weeksInterval: 3 }, id: 7, enabled: false, timeZone: 'UTC' }],
    ['weekly to daily', { weekly: { at: '03:00', daysOfWeek: ['Monday'], weeksInterval: 2, randomDelay: '5m' } }, ['daily'], {}, { daily: { at: '03:00', daysInterval: 2, randomDelay: '5m' } }],
    ['daily to cron', { daily: { at: '03:00', randomDelay: '5m' } }, ['cron'], { cron: '0 3 * * *' }, { cron: '0 3 * * *', randomDelay: '5m' }],
    ['cron to at-startup', { cron: '0 3 * * *', randomDelay: '5m', dayMatch: 'or' }, ['atStartup'], {}, { atStartup: { randomDelay: '5m' } }],
    ['log-on to daily', { atLogOn: { user: 'bob' }, id: 2 }, ['daily'], { at: '3am' }, { daily: { at: '03:00' }, id: 2 }],
  ])('of another kind keeps what that knows: %s', (_, entry, kinds, values, result) => {
    expect(changed(entry, kinds, values as TypedTrigger['values'])).toEqual(result);
  });

  const HOURLY = { once: { at: '2027-01-01T00:00', repetitionInterval: '1h', repetitionDuration: '2d' } };

  test.each([
    [{ repetitionInterval: '0', repetitionDuration: '0s' }, { at: '2027-01-01T00:00' }],
    [{ repetitionInterval: 'PT0S', repetitionDuration: '0' }, { at: '2027-01-01T00:00' }],
    [{ repetitionInterval: '90m' }, { at: '2027-01-01T00:00', repetitionInterval: '90m', repetitionDuration: '2d' }],
    [{ repeatIndefinitely: true }, { at: '2027-01-01T00:00', repetitionInterval: '1h', repeatIndefinitely: true }],
  ])('repeats as it is told: %j', (values, own) => {
    expect(changed(HOURLY, [], values as unknown as TypedTrigger['values'])).toEqual({ once: own });
  });

  test.each([
    ['two kinds', HOURLY, ['daily', 'weekly'], {}],
    ['a foreign value', { daily: { at: '03:00' } }, [], { user: 'bob' }],
    ['a value that is missing', { atStartup: {} }, ['daily'], {}],
    ['a date that is missing', { daily: { at: '03:00' } }, ['once'], {}],
    ['one zero', HOURLY, [], { repetitionInterval: '0' }],
    ['the other zero', HOURLY, [], { repetitionDuration: '0' }],
    ['an interval that is too long', HOURLY, [], { repetitionInterval: '3d' }],
    ['a range', { daily: { at: '03:00' } }, [], { daysInterval: '0' }],
  ])('is refused: %s', (_, entry, kinds, values) => {
    expect(errorOf(() => changed(entry, kinds, values as TypedTrigger['values']))).toMatchObject({ code: 'SetJobTriggerParameterValidationError' });
  });

  test.each([
    [{ randomDelay: '00:20:00' }, 'DurationInvalid'],
    [{ timeZone: 'Mars' }, 'TimeZoneInvalid'],
  ])('is refused for a value that is wrong by itself with the code of that: %j', (values, code) => {
    expect(errorOf(() => changed({ daily: { at: '03:00' } }, [], values as unknown as TypedTrigger['values']))).toMatchObject({ code });
  });
});
