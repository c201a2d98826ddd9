import type { JobErrorFacts } from '@nightshift/sdk';

/** One code, one exit status. Source: the catalogues of the job and of the definition reference. */
const STATUS: Readonly<Record<number, readonly string[]>> = {
  1: ['InternalError', 'ReceiveJobAutoRemovalError', 'StopJobError', 'StopJobCannotConnectToServer', 'RemoveJobError'],
  2: [
    'CommandNotFoundException', 'NamedParameterNotFound', 'AmbiguousParameter', 'PositionalParameterNotFound', 'MissingArgument', 'ParameterAlreadyBound',
    'ParameterArgumentTransformationError', 'ParameterArgumentValidationError', 'MissingMandatoryParameter', 'AmbiguousParameterSet',
    'InvalidParameterCombination', 'ParameterNotSupported', 'ArgumentInvalid', 'RunAs32NotSupported', 'PSVersionNotSupported', 'AuthenticationNotSupported',
    'CredentialNotSupported', 'RuntimeVersionNotSupported', 'ComputerNameParameterNotSupported', 'PersistNotSupported', 'InvalidFilePathParameter',
    'StartJobFromDefinitionNamePathInvalidNotSingle', 'StartJobFromDefinitionNamePathInvalidNotFileSystemProvider',
  ],
  3: [
    'CodeConfigNotSupported', 'LimitExceeded', 'DefinitionSyntaxError', 'DefinitionTooLarge', 'DefinitionEmpty', 'DefinitionKeyUnknown', 'DefinitionKeyMissing',
    'DefinitionKeysExclusive', 'DefinitionKeyForbidden', 'DefinitionValueInvalid', 'DurationInvalid', 'TimeZoneInvalid', 'TriggerInvalid',
    'CronExpressionInvalid', 'CronNeverFires', 'InvalidMaxResultCount', 'CannotSerializeData', 'RunElevatedNotSupported',
  ],
  4: [
    'JobWithSpecifiedNameNotFound', 'JobWithSpecifiedSessionNotFound', 'JobWithSpecifiedInstanceIdNotFound', 'StartJobFromDefinitionNameNotFound',
    'JobTypeNotFound', 'FilePathNotFound', 'DirectoryNotFoundException', 'RuntimeNotFound',
  ],
  5: ['InvalidDefinitionName', 'ConfirmationRequired', 'RawOutputRefused', 'ConfigUnsafe', 'RuntimeFolderUnsafe', 'PluginNotTrusted', 'RunningAsRoot', 'DefinitionUnsafe'],
  6: [
    'StoreUnavailable', 'StoreNewerSchema', 'StoreFull', 'StoreLocked', 'StoreOnNetworkFileSystem', 'ReadOnlyFileSystem', 'InputOutputError',
    'HomeNotFound', 'DefinitionPathUnreadable', 'SocketPathTooLong',
  ],
  7: [
    'FilePathNotSingle', 'StartJobFromDefinitionNameMoreThanOneMatch', 'InstanceIdAmbiguous', 'JobObjectNotFinishedCannotBeRemoved', 'CannotRemoveJob',
    'InvalidJobState', 'BlockedJobsDeadlockWithWaitJob', 'CheckpointNotPossible', 'Job2OperationNotSupportedOnJob', 'DefinitionNameConflict',
  ],
  8: ['PluginInvalid', 'PluginLoadFailed', 'PluginTimedOut', 'PluginCrashed', 'PluginMessageInvalid', 'JobTypeConflict', 'JobTypeNotInstalled'],
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
