import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ERRORS, RECORDED, STATUSES, WARNINGS } from '../src/error-catalogue.ts';
import { EXIT, exitCodeOf, STATUS } from '../src/exit-codes.ts';

/** The whole catalogue of the specification: no other code may be used, and each has this status. */
const SPECIFIED: Readonly<Record<number | 'recorded' | 'warning', string>> = {
  1: 'InternalError ReceiveJobAutoRemovalError StopJobError StopJobCannotConnectToServer RemoveJobError ServiceManagerFailed ServiceNotSupported',
  2: `CommandNotFoundException NamedParameterNotFound AmbiguousParameter PositionalParameterNotFound MissingArgument ParameterAlreadyBound
    ParameterArgumentTransformationError ParameterArgumentValidationError MissingMandatoryParameter AmbiguousParameterSet InvalidParameterCombination
    ParameterNotSupported ArgumentInvalid RunAs32NotSupported PSVersionNotSupported AuthenticationNotSupported CredentialNotSupported
    RuntimeVersionNotSupported ComputerNameParameterNotSupported PersistNotSupported InvalidFilePathParameter
    StartJobFromDefinitionNamePathInvalidNotSingle StartJobFromDefinitionNamePathInvalidNotFileSystemProvider
    InvalidFilePathParameterForRegisterScheduledJobDefinition InvalidMaxResultCountParameterForRegisterScheduledJobDefinition
    CannotSerializeDataWhenRegisteringScheduledJobDefinition SetJobTriggerParameterValidationError`,
  3: `CodeConfigNotSupported LimitExceeded DefinitionSyntaxError DefinitionTooLarge DefinitionEmpty DefinitionKeyUnknown DefinitionKeyMissing
    DefinitionKeysExclusive DefinitionKeyForbidden DefinitionValueInvalid DurationInvalid TimeZoneInvalid TriggerInvalid CronExpressionInvalid
    CronNeverFires InvalidMaxResultCount CannotSerializeData RunElevatedNotSupported`,
  4: `JobWithSpecifiedNameNotFound JobWithSpecifiedSessionNotFound JobWithSpecifiedInstanceIdNotFound StartJobFromDefinitionNameNotFound JobTypeNotFound
    FilePathNotFound DirectoryNotFoundException RuntimeNotFound DebugJobCannotFindJobWithName DebugJobCannotFindJobWithId
    DebugJobCannotFindJobWithInstanceId ScheduledJobDefinitionNotFoundById ScheduledJobDefinitionNotFoundByName ScheduledJobTriggerNotFound`,
  5: `InvalidDefinitionName ConfirmationRequired RawOutputRefused ConfigUnsafe RuntimeFolderUnsafe PluginNotTrusted RunningAsRoot BindRefused
    DefinitionUnsafe RunNowNotAllowed UnauthorizedAccessToRegisterScheduledJobDefinition NoAccessFailureOnSetJobDefinition`,
  6: `StoreUnavailable StoreNewerSchema StoreVersionNotSupported StoreFull StoreLocked StoreOnNetworkFileSystem ReadOnlyFileSystem InputOutputError HomeNotFound
    DefinitionPathUnreadable SocketPathTooLong IOFailureOnSetJobDefinition CantSetEnableOnScheduledJobDefinition
    CantAddJobTriggersToScheduledJobDefinition CantRemoveTriggersFromScheduledJobDefinition CantSetPropertiesOnJobTrigger
    CantLoadScheduledJobDefinitionFromStore`,
  7: `FilePathNotSingle StartJobFromDefinitionNameMoreThanOneMatch InstanceIdAmbiguous DebugJobFoundMultipleJobsWithName
    JobObjectNotFinishedCannotBeRemoved CannotRemoveJob InvalidJobState BlockedJobsDeadlockWithWaitJob CheckpointNotPossible
    DebugJobNoDebuggableJobsFound Job2OperationNotSupportedOnJob DefinitionNameConflict CantRegisterScheduledJobDefinition
    CantUnregisterScheduledJobDefinition CantSetPropertiesToScheduledJobDefinition SchedulerAlreadyRunning WorkerAlreadyRunning RunNowOverlap ServiceNameTaken PortInUse`,
  8: 'PluginInvalid PluginLoadFailed PluginTimedOut PluginCrashed PluginMessageInvalid JobTypeConflict StdioProtocolUnsupported JobTypeNotInstalled EngineNotFound',
  recorded: `ProgramNotFound NotExecutable InterpreterNotFound SpawnFailed ThreadJobError ContainerParentJobStartError StdioProtocolViolation
    RecordNotSerializable StreamClosed`,
  warning: `CodeConfigIgnored ProjectPluginsIgnored InjectionVariableIgnored TimeZoneIgnored OutputLost LowDiskSpace TriggerInPast
    DaylightSavingShift CronDayMatch ClockImplausible DefinitionPathNotWatched TelemetryUnavailable NotSupportedOnEngine`,
};

const specified = Object.entries(SPECIFIED).flatMap(([status, codes]) => codes.split(/\s+/).map((code) => [code, status] as const));
const statusOf = new Map(specified);
const known = Object.keys({ ...ERRORS, ...RECORDED, ...WARNINGS });

/** `code: 'X'`, a code as the first word of a call, a code chosen by a condition, and one at the beginning of a message. */
const NAMES_A_CODE = /\bcode: '([A-Z]\w*[a-z]\w*)'|\b(?:usage|complain|fault|refusal)\(\s*'([A-Z]\w+)'|\bcode: [^'\n]{1,60}\? '([A-Z]\w+)' : '([A-Z]\w+)'|\b(?:failed: `|warning: )([A-Z]\w+):/g;
const LISTS = ['packages/cli/src/exit-codes.ts', 'packages/cli/src/error-catalogue.ts'];
const root = fileURLToPath(new URL('../../..', import.meta.url));
const sources = globSync('{packages,plugins}/*/src/**/*.ts', { cwd: root }).filter((file) => !LISTS.includes(file));
const texts = sources.map((file) => [file, withoutComments(readFileSync(join(root, file), 'utf8'))] as const);
const named = new Map(texts.flatMap(([file, text]) => [...text.matchAll(NAMES_A_CODE)].flatMap((match) => match.slice(1).flatMap((code) => (code === undefined ? [] : [[code, file] as const])))));

describe('the catalogue of errors', () => {
  test('explains every code that a source names', () => {
    expect([...named].filter(([code]) => !known.includes(code))).toEqual([]);
    expect(named.size).toBeGreaterThan(60);
  });

  test('explains every code of the specification that stands in a source, in whatever form', () => {
    const unexplained = specified.filter(([code]) => !known.includes(code) && texts.some(([, text]) => new RegExp(`['"\`]${code}\\b`).test(text)));
    expect(unexplained).toEqual([]);
  });

  test.each(known)('has %s because a source names it', (code) => {
    expect(texts.some(([, text]) => new RegExp(`\\b${code}\\b`).test(text))).toBe(true);
  });

  test('explains exactly the codes that have an exit status', () => {
    expect(Object.keys(ERRORS).toSorted()).toEqual(Object.values(STATUS).flat().toSorted());
  });

  test('has every code once', () => {
    const all = [ERRORS, RECORDED, WARNINGS].flatMap((meanings) => Object.keys(meanings));
    expect(all.filter((code, index) => all.indexOf(code) !== index)).toEqual([]);
  });

  test.each(Object.keys(ERRORS))('gives %s the status of the specification', (code) => {
    expect(STATUS[Number(statusOf.get(code))]).toContain(code);
    // Named in a file, a mistake of a file has its own status.
    expect(String(exitCodeOf({ code, ...(statusOf.get(code) === '3' ? { file: 'Nightly.yaml' } : {}) }))).toBe(statusOf.get(code));
  });

  test.each([['recorded', RECORDED], ['warning', WARNINGS]] as const)('has under "%s" what the specification has there', (status, meanings) => {
    expect(Object.keys(meanings).filter((code) => statusOf.get(code) !== status)).toEqual([]);
  });

  test.each(Object.entries({ ...ERRORS, ...RECORDED, ...WARNINGS }))('says in sentences when %s happens and what to do', (_, { when, advice }) => {
    expect(when).toMatch(/^[A-Z`].*[.]$/);
    expect(advice).toMatch(/^[A-Z`].*[.]$/);
  });

  test('names every exit status there is', () => {
    const statuses = [...Object.keys(STATUS).map(Number), ...Object.values(EXIT)].toSorted((a, b) => a - b);
    expect(Object.keys(STATUSES).map(Number)).toEqual(statuses);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
