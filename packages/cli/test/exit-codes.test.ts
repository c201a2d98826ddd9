import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { EXIT, exitCodeOf } from '../src/exit-codes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** `code: 'X'`, a code as the first word of a call, and a code chosen by a condition. */
const NAMES_A_CODE = /\bcode: '([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)'|\b(?:usage|complain|fault)\(\s*'([A-Z][A-Za-z0-9]+)'|\bcode: [^'\n]{1,60}\? '([A-Z][A-Za-z0-9]+)' : '([A-Z][A-Za-z0-9]+)'/g;
/** They are warnings, or they are recorded on a job: nothing ends with them. */
const NO_STATUS = ['CodeConfigIgnored', 'ProjectPluginsIgnored', 'InjectionVariableIgnored', 'TimeZoneIgnored', 'OutputLost', 'LowDiskSpace', 'CronDayMatch', 'DaylightSavingShift', 'TriggerInPast'];
/** Status 1 is theirs, and also that of a code which the table does not know. */
const OTHER_FAILURE = ['InternalError', 'ReceiveJobAutoRemovalError', 'StopJobError', 'StopJobCannotConnectToServer', 'RemoveJobError'];

const thrown = new Map<string, string>();
for (const file of globSync('{packages,plugins}/*/src/**/*.ts', { cwd: root })) {
  for (const match of readFileSync(join(root, file), 'utf8').matchAll(NAMES_A_CODE)) {
    for (const code of match.slice(1)) if (code !== undefined) thrown.set(code, file);
  }
}

describe('the exit status', () => {
  test('is known of every code that the sources name', () => {
    const unknown = [...thrown].filter(([code]) => !NO_STATUS.includes(code) && !OTHER_FAILURE.includes(code) && exitCodeOf({ code }) === 1);
    expect(unknown).toEqual([]);
    expect(thrown.size).toBeGreaterThan(60);
  });

  test.each([
    ['InternalError', 1], ['StopJobError', 1], ['RemoveJobError', 1], ['ReceiveJobAutoRemovalError', 1], ['StopJobCannotConnectToServer', 1],
    ['CommandNotFoundException', 2], ['NamedParameterNotFound', 2], ['AmbiguousParameter', 2], ['PositionalParameterNotFound', 2], ['MissingArgument', 2],
    ['ParameterAlreadyBound', 2], ['ParameterArgumentTransformationError', 2], ['ParameterArgumentValidationError', 2], ['MissingMandatoryParameter', 2],
    ['AmbiguousParameterSet', 2], ['InvalidParameterCombination', 2], ['ParameterNotSupported', 2], ['ArgumentInvalid', 2], ['PersistNotSupported', 2],
    ['InvalidFilePathParameter', 2], ['StartJobFromDefinitionNamePathInvalidNotSingle', 2], ['StartJobFromDefinitionNamePathInvalidNotFileSystemProvider', 2],
    ['CodeConfigNotSupported', 3], ['LimitExceeded', 3],
    ['JobWithSpecifiedNameNotFound', 4], ['JobWithSpecifiedSessionNotFound', 4], ['JobWithSpecifiedInstanceIdNotFound', 4], ['StartJobFromDefinitionNameNotFound', 4],
    ['JobTypeNotFound', 4], ['FilePathNotFound', 4], ['DirectoryNotFoundException', 4], ['RuntimeNotFound', 4],
    ['InvalidDefinitionName', 5], ['ConfirmationRequired', 5], ['RawOutputRefused', 5], ['ConfigUnsafe', 5], ['RuntimeFolderUnsafe', 5], ['PluginNotTrusted', 5],
    ['DefinitionUnsafe', 5],
    ['StoreUnavailable', 6], ['StoreNewerSchema', 6], ['StoreFull', 6], ['StoreLocked', 6], ['ReadOnlyFileSystem', 6], ['InputOutputError', 6], ['HomeNotFound', 6],
    ['DefinitionPathUnreadable', 6], ['SocketPathTooLong', 6],
    ['FilePathNotSingle', 7], ['StartJobFromDefinitionNameMoreThanOneMatch', 7], ['InstanceIdAmbiguous', 7], ['JobObjectNotFinishedCannotBeRemoved', 7],
    ['CannotRemoveJob', 7], ['InvalidJobState', 7], ['BlockedJobsDeadlockWithWaitJob', 7], ['DefinitionNameConflict', 7],
    ['PluginInvalid', 8], ['PluginLoadFailed', 8], ['PluginTimedOut', 8], ['JobTypeConflict', 8], ['JobTypeNotInstalled', 8],
  ])('of %s is %i', (code, status) => {
    expect(exitCodeOf({ code })).toBe(status);
  });

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

  test.each(['ConfigUnsafe', 'StoreUnavailable', 'FilePathNotFound', 'JobTypeNotInstalled', 'CodeConfigNotSupported', 'DefinitionNameConflict'])('of %s is the same with and without a file', (code) => {
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
