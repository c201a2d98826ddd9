import { describe, expect, test } from 'vitest';
import { flagOf, OPTION_KEYS, TRIGGER_KEYS, TRIGGER_KINDS } from '@nightshift/host/keys';
import { parse } from '../../src/options/parse.ts';
import { SCHEDULED_OPTION_OPTIONS, typedOptions } from '../../src/options/scheduled-option-options.ts';
import { kindNamed, TRIGGER_OPTIONS, typedTrigger } from '../../src/options/trigger-options.ts';

const table = (options: typeof TRIGGER_OPTIONS) => ({ name: 'sample', summary: '', examples: [], usage: [], options });
const trigger = (...argv: string[]): unknown => typedTrigger(parse(table(TRIGGER_OPTIONS), argv));
const options = (...argv: string[]): unknown => typedOptions(parse(table(SCHEDULED_OPTION_OPTIONS), argv));

describe('the options of a trigger', () => {
  test('are the kinds and keys of a definition file, but its id and whether it is enabled', () => {
    const keys = Object.values(TRIGGER_KINDS).flatMap(({ value }) => (value.is === 'map' ? Object.keys(value.keys).filter((key) => key !== value.short) : []));
    const wanted = new Set([...Object.keys(TRIGGER_KINDS), ...keys, ...Object.keys(TRIGGER_KEYS).filter((key) => key !== 'id' && key !== 'enabled')].map(flagOf));
    expect(new Set(Object.keys(TRIGGER_OPTIONS))).toEqual(wanted);
  });

  test.each([
    [['--daily', '--at', '3am'], { kinds: ['daily'], values: { at: '3am' } }],
    [['-Weekly', '-DaysOfWeek', 'Monday,', 'Friday', '-WeeksInterval:2'], { kinds: ['weekly'], values: { daysOfWeek: 'Monday,Friday', weeksInterval: '2' } }],
    [['--cron', '0 3 * * *', '--every=10m'], { kinds: ['cron', 'every'], values: { cron: '0 3 * * *', every: '10m' } }],
    [['--daily=false', '--repeat-indefinitely=false'], { kinds: [], values: { repeatIndefinitely: false } }],
    [[], { kinds: [], values: {} }],
  ])('are taken by the names of its fields: %j', (argv, typed) => {
    expect(trigger(...argv)).toEqual(typed);
  });

  test.each([
    ['daily', 'did you mean --daily?'],
    ['weekl', 'did you mean --weekly?'],
    ['AM', 'quote a text that holds blanks: --at "3:00 AM"'],
  ])('are named where a word stands alone: %s', (word, hint) => {
    expect(kindNamed(word)).toBe(hint);
  });
});

describe('the options of a definition', () => {
  test('are the keys of a definition file, in both spellings', () => {
    expect(Object.keys(SCHEDULED_OPTION_OPTIONS)).toEqual(Object.keys(OPTION_KEYS).map(flagOf));
  });

  test('are taken by their keys', () => {
    expect(options('-RequireNetwork:$false', '--wake-to-run', '--idle-timeout', '2h', '--retry', '{limit: 2}')).toEqual({ requireNetwork: false, wakeToRun: true, idleTimeout: '2h', retry: '{limit: 2}' });
  });

  test('say what holds without them', () => {
    expect(SCHEDULED_OPTION_OPTIONS['idle-timeout']?.help).toBe('how long to wait for that; default 1h');
    expect(SCHEDULED_OPTION_OPTIONS['timeout']?.help).toBe('how long a run may take; default: as long as it wants; such as 30m');
    expect(SCHEDULED_OPTION_OPTIONS['run-without-network']?.help).toMatch(/on unless =false$/);
  });
});
