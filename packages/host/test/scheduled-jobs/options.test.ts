import { describe, expect, test } from 'vitest';
import { optionEdits } from '../../src/scheduled-jobs/option-verbs.ts';
import { readTypedOptions } from '../../src/scheduled-jobs/options-flags.ts';
import { readOptionText } from '../../src/scheduled-jobs/options-text.ts';
import { OPTION_NAMES, optionView } from '../../src/scheduled-jobs/options-view.ts';

function errorOf(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof AggregateError ? error.errors[0] : error;
  }
}

describe('options as they are printed', () => {
  test('are all of them, each under its property name', () => {
    expect(Object.keys(optionView(undefined))).toEqual(OPTION_NAMES);
    expect(OPTION_NAMES).not.toContain('requireNetwork');
    expect(optionView({ retry: { limit: 2 }, idleDuration: 0 }, 'N')).toMatchObject({ definition: 'N', retry: { limit: 2, delay: '10s' }, idleDuration: '0', timeout: null, catchUp: { policy: 'latest', window: null, limit: 100 } });
  });
});

describe('options as they are typed', () => {
  test('turn the opposite of a property round', () => {
    expect(readTypedOptions({ requireNetwork: true, startIfOnBattery: true, hideInTaskScheduler: false })).toEqual({ runWithoutNetwork: false, startIfOnBatteries: true, showInTaskScheduler: true });
  });

  test.each([
    [{ requireNetwork: true, runWithoutNetwork: false }, 'InvalidParameterCombination'],
    [{ runElevated: true }, 'RunElevatedNotSupported'],
    [{ multipleInstancePolicy: 'None' }, 'ParameterArgumentValidationError'],
    [{ idleTimeout: '-1h' }, 'DurationInvalid'],
    [{ retry: '{limit: -1}' }, 'ParameterArgumentValidationError'],
    [{ catchUp: '{policy: all' }, 'ParameterArgumentValidationError'],
  ])('are refused: %j', (typed, code) => {
    expect(errorOf(() => readTypedOptions(typed as unknown as Parameters<typeof readTypedOptions>[0]))).toMatchObject({ code });
  });
});

describe('options as text', () => {
  test.each([
    ['as a file has them', '{wakeToRun: false, retry: {limit: 2}}', { wakeToRun: false, retry: { limit: 2 } }],
    ['in the words of PowerShell, without case', '{RequireNetwork: true, IDLEDURATION: 20m}', { runWithoutNetwork: false, idleDuration: '20m' }],
    ['as they are printed, without what is the default', JSON.stringify({ apiVersion: 1, ...optionView({ wakeToRun: true, catchUp: { policy: 'latest', window: '2h' } }, 'N') }), { wakeToRun: true, catchUp: { policy: 'latest', window: '2h' } }],
    ['as a listing prints them', JSON.stringify({ apiVersion: 1, options: [optionView({ timeout: '1h' }, 'N')] }), { timeout: '1h' }],
    ['all by default', JSON.stringify(optionView(undefined)), {}],
  ])('are read %s', (_, text, options) => {
    expect(readOptionText(text)).toEqual(options);
  });

  test.each([
    ['{wakeTorun: yes}', 'ParameterArgumentValidationError', 13],
    ['{wake: true}', 'ParameterArgumentValidationError', 2],
    ['{idleDuration: 20}', 'DurationInvalid', 16],
    ['{runElevated: true}', 'RunElevatedNotSupported', 15],
    ['{requireNetwork: true, runWithoutNetwork: true}', 'ParameterArgumentValidationError', 24],
    ['{a', 'ParameterArgumentValidationError', 1],
  ])('are complained about where the mistake stands: %s', (text, code, column) => {
    expect(errorOf(() => readOptionText(text))).toMatchObject({ code, line: 1, column });
  });

  test.each(['', '@{WakeToRun=$true}', '[{}, {}]', '[]'])('are no %j', (text) => {
    expect(errorOf(() => readOptionText(text))).toMatchObject({ code: 'ParameterArgumentValidationError' });
  });
});

describe('a change of options', () => {
  const edits = (options: object | undefined, changes: object): unknown => optionEdits({ values: options === undefined ? {} : { options } }, changes as Record<string, unknown>);

  test.each([
    ['is a key of its own where there was none', undefined, { runWithoutNetwork: false }, [[['options', 'runWithoutNetwork'], false]]],
    ['keeps the spelling of the file', { requireNetwork: true }, { runWithoutNetwork: true }, [[['options', 'requireNetwork'], false]]],
    ['leaves one of two spellings', { requireNetwork: true, runWithoutNetwork: true }, { runWithoutNetwork: false }, [[['options', 'requireNetwork'], true], [['options', 'runWithoutNetwork'], undefined]]],
    ['keeps the other keys of a map', { retry: { delay: '1m' } }, { retry: { limit: 3 } }, [[['options', 'retry', 'delay'], '1m'], [['options', 'retry', 'limit'], 3]]],
    ['says what a map cannot do without', {}, { catchUp: { window: '1h' } }, [[['options', 'catchUp'], { policy: 'latest', window: '1h' }]]],
  ])('%s', (_, options, changes, wanted) => {
    expect(edits(options, changes)).toEqual(wanted.map(([path, value]) => ({ path, value })));
  });
});
