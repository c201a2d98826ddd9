import type { JobErrorFacts } from '@nightshift/sdk';

/**
 * One code, one exit status: every code that a source can produce. What each means, for people, is in error-catalogue.ts; a
 * test holds both against the sources and the specification. Source: the catalogues of the job and of the definition reference.
 */
export const STATUS: Readonly<Record<number, readonly string[]>> = {
  1: ['InternalError', 'ReceiveJobAutoRemovalError', 'StopJobError', 'StopJobCannotConnectToServer', 'ServiceManagerFailed', 'ServiceNotSupported'],
  2: [
    'CommandNotFoundException', 'NamedParameterNotFound', 'AmbiguousParameter', 'PositionalParameterNotFound', 'MissingArgument', 'ParameterAlreadyBound',
    'ParameterArgumentTransformationError', 'ParameterArgumentValidationError', 'MissingMandatoryParameter', 'AmbiguousParameterSet',
    'InvalidParameterCombination', 'ParameterNotSupported', 'ArgumentInvalid', 'RunAs32NotSupported', 'PSVersionNotSupported', 'AuthenticationNotSupported',
    'CredentialNotSupported', 'PersistNotSupported', 'InvalidFilePathParameter', 'StartJobFromDefinitionNamePathInvalidNotSingle',
    'StartJobFromDefinitionNamePathInvalidNotFileSystemProvider', 'RuntimeVersionNotSupported', 'ComputerNameParameterNotSupported',
    'SetJobTriggerParameterValidationError',
    'InvalidFilePathParameterForRegisterScheduledJobDefinition', 'InvalidMaxResultCountParameterForRegisterScheduledJobDefinition',
    'CannotSerializeDataWhenRegisteringScheduledJobDefinition',
  ],
  3: [
    'CodeConfigNotSupported', 'LimitExceeded', 'DefinitionSyntaxError', 'DefinitionTooLarge', 'DefinitionEmpty', 'DefinitionKeyUnknown',
    'DefinitionKeyMissing', 'DefinitionKeysExclusive', 'DefinitionKeyForbidden', 'DefinitionValueInvalid', 'DurationInvalid', 'TimeZoneInvalid',
    'TriggerInvalid', 'CronExpressionInvalid', 'CronNeverFires', 'InvalidMaxResultCount', 'CannotSerializeData', 'RunElevatedNotSupported',
  ],
  4: [
    'JobWithSpecifiedNameNotFound', 'JobWithSpecifiedSessionNotFound', 'JobWithSpecifiedInstanceIdNotFound', 'StartJobFromDefinitionNameNotFound',
    'JobTypeNotFound', 'FilePathNotFound', 'DirectoryNotFoundException', 'RuntimeNotFound', 'ScheduledJobDefinitionNotFoundById', 'ScheduledJobDefinitionNotFoundByName',
    'ScheduledJobTriggerNotFound', 'DebugJobCannotFindJobWithName', 'DebugJobCannotFindJobWithId', 'DebugJobCannotFindJobWithInstanceId',
  ],
  5: [
    'InvalidDefinitionName', 'ConfigUnsafe', 'RuntimeFolderUnsafe', 'PluginNotTrusted', 'RunningAsRoot', 'DefinitionUnsafe',
    'UnauthorizedAccessToRegisterScheduledJobDefinition', 'ConfirmationRequired', 'RawOutputRefused', 'BindRefused', 'RunNowNotAllowed',
    'NoAccessFailureOnSetJobDefinition',
  ],
  6: [
    'StoreUnavailable', 'StoreNewerSchema', 'StoreVersionNotSupported', 'StoreFull', 'StoreLocked', 'ReadOnlyFileSystem', 'InputOutputError', 'HomeNotFound', 'DefinitionPathUnreadable',
    'StoreOnNetworkFileSystem', 'CantLoadScheduledJobDefinitionFromStore', 'IOFailureOnSetJobDefinition', 'CantSetEnableOnScheduledJobDefinition',
    'CantAddJobTriggersToScheduledJobDefinition', 'CantRemoveTriggersFromScheduledJobDefinition', 'CantSetPropertiesOnJobTrigger',
  ],
  7: [
    'FilePathNotSingle', 'StartJobFromDefinitionNameMoreThanOneMatch', 'InstanceIdAmbiguous', 'JobObjectNotFinishedCannotBeRemoved', 'CannotRemoveJob',
    'InvalidJobState', 'BlockedJobsDeadlockWithWaitJob', 'DefinitionNameConflict', 'CantRegisterScheduledJobDefinition', 'SchedulerAlreadyRunning', 'WorkerAlreadyRunning',
    'DebugJobFoundMultipleJobsWithName', 'DebugJobNoDebuggableJobsFound', 'Job2OperationNotSupportedOnJob', 'CheckpointNotPossible',
    'ServiceNameTaken', 'PortInUse',
    'CantUnregisterScheduledJobDefinition', 'CantSetPropertiesToScheduledJobDefinition', 'RunNowOverlap',
  ],
  8: ['PluginInvalid', 'PluginLoadFailed', 'PluginTimedOut', 'PluginCrashed', 'PluginMessageInvalid', 'StdioProtocolUnsupported', 'JobTypeConflict', 'JobTypeNotInstalled', 'EngineNotFound'],
};

/** Statuses that are no error of ours. */
export const EXIT = { done: 0, jobFailed: 10, timedOut: 124, interrupted: 130 } as const;

const BY_CODE = new Map(Object.entries(STATUS).flatMap(([status, codes]) => codes.map((code) => [code, Number(status)] as const)));

/** A mistake in an option ends with 2, the same mistake in a file with 3. */
export function exitCodeOf({ code, file }: Pick<JobErrorFacts, 'code' | 'file'>): number {
  const status = BY_CODE.get(code) ?? 1;
  if (status === 2 && file !== undefined) return 3;
  if (status === 3 && file === undefined) return code === 'LimitExceeded' || code === 'CodeConfigNotSupported' ? 3 : 2;
  return status;
}
