import { describe, expect, test } from 'vitest';
import { EXIT, exitCodeOf } from '../src/exit-codes.ts';

// The status of every single code: error-catalogue.test.ts.
describe('the exit status', () => {
  test.each(['DefinitionSyntaxError', 'DefinitionValueInvalid', 'DurationInvalid', 'TimeZoneInvalid', 'CronExpressionInvalid', 'CronNeverFires', 'TriggerInvalid'])(
    'of %s is 3 in a file and 2 in an option', (code) => {
      expect(exitCodeOf({ code, file: 'Nightly.yaml' })).toBe(3);
      expect(exitCodeOf({ code })).toBe(2);
    },
  );

  test.each(['InvalidFilePathParameter', 'RunAs32NotSupported', 'AuthenticationNotSupported', 'ParameterArgumentValidationError'])('of %s is 2 in an option and 3 in a file', (code) => {
    expect(exitCodeOf({ code })).toBe(2);
    expect(exitCodeOf({ code, file: 'Nightly.yaml' })).toBe(3);
  });

  test.each(['ConfigUnsafe', 'StoreUnavailable', 'FilePathNotFound', 'JobTypeNotInstalled', 'CodeConfigNotSupported', 'LimitExceeded', 'DefinitionNameConflict'])('of %s is the same with and without a file', (code) => {
    expect(exitCodeOf({ code, file: 'x' })).toBe(exitCodeOf({ code }));
  });

  test('of a code that nobody knows is 1', () => {
    expect(exitCodeOf({ code: 'Whatever' })).toBe(1);
    expect(exitCodeOf({ code: 'Whatever', file: 'x' })).toBe(1);
  });

  test('without an error is 0, 10, 124 or 130', () => {
    expect(EXIT).toEqual({ done: 0, jobFailed: 10, timedOut: 124, interrupted: 130 });
  });
});
