/** What becomes of the keys of a service that no other file reads: data for one loop. */

/** Without these the job would do something else, or as somebody else. The texts follow on the key and its value. */
export const LOST: Readonly<Record<string, string>> = {
  User: 'it runs as whoever runs the scheduler',
  Group: 'it runs with the groups of whoever runs the scheduler',
  SupplementaryGroups: 'it runs with the groups of whoever runs the scheduler',
  DynamicUser: 'it runs as whoever runs the scheduler',
  RootDirectory: 'it sees the whole file system',
  RootImage: 'it sees the whole file system',
  EnvironmentFile: 'its variables are not set: write them under job.environment, or secrets under job.secrets',
  PassEnvironment: 'write the variables under job.environment',
  UnsetEnvironment: 'variables of the scheduler stay set',
  ExecCondition: 'it runs whatever this command would have answered',
  ExecStop: 'this command is not run when the job is stopped',
  ExecStopPost: 'this command is not run after the job',
  StandardInput: 'standard input is empty: see job.inputObject',
  StandardInputText: 'standard input is empty: see job.inputObject',
  StandardInputData: 'standard input is empty: see job.inputObject',
  RuntimeDirectory: 'the folder is not made, and its variable not set',
  StateDirectory: 'the folder is not made, and its variable not set',
  CacheDirectory: 'the folder is not made, and its variable not set',
  LogsDirectory: 'the folder is not made, and its variable not set',
  ConfigurationDirectory: 'the folder is not made, and its variable not set',
  LoadCredential: 'the credential is not there: see job.secrets',
  LoadCredentialEncrypted: 'the credential is not there: see job.secrets',
  SetCredential: 'the credential is not there: see job.secrets',
  ImportCredential: 'the credential is not there: see job.secrets',
  BindPaths: 'these paths are not mounted',
  BindReadOnlyPaths: 'these paths are not mounted',
  TemporaryFileSystem: 'these paths are not mounted',
  PAMName: 'there is no PAM session',
  Personality: 'it runs with the personality of the scheduler',
};

/** Read elsewhere, or without a meaning for a job: no word about them. */
export const SILENT: readonly string[] = [
  'Type', 'ExecStart', 'ExecStartPre', 'ExecStartPost', 'ExecReload', 'Environment', 'WorkingDirectory', 'TimeoutStartSec', 'TimeoutSec', 'RuntimeMaxSec', 'TimeoutStopSec',
  'SuccessExitStatus', 'Restart', 'RestartSec', 'StartLimitBurst', 'StartLimitInterval', 'StartLimitIntervalSec', 'RemainAfterExit', 'SyslogIdentifier', 'BusName', 'PIDFile', 'GuessMainPID', 'NonBlocking',
];

/** Keys of [Unit] that order things or explain them. Conditions are read one by one. */
export const SILENT_IN_UNIT: readonly string[] = [
  'Description', 'Documentation', 'After', 'Before', 'Wants', 'Requires', 'Requisite', 'BindsTo', 'PartOf', 'DefaultDependencies', 'RefuseManualStart', 'RefuseManualStop', 'StartLimitBurst', 'StartLimitInterval',
  'StartLimitIntervalSec', 'StopWhenUnneeded', 'IgnoreOnIsolate', 'CollectMode', 'SourcePath',
];

/** Types of a service that runs on: what a timer starts should end. */
export const LONG_RUNNING: readonly string[] = ['forking', 'dbus', 'notify', 'notify-reload', 'idle'];

/** Names that SuccessExitStatus= takes for numbers: sysexits.h and the LSB. systemd.exec(5), "Process Exit Codes". */
export const EXIT_NAMES: Readonly<Record<string, number>> = {
  SUCCESS: 0, FAILURE: 1, INVALIDARGUMENT: 2, NOTIMPLEMENTED: 3, NOPERMISSION: 4, NOTINSTALLED: 5, NOTCONFIGURED: 6, NOTRUNNING: 7, USAGE: 64, DATAERR: 65, NOINPUT: 66, NOUSER: 67,
  NOHOST: 68, UNAVAILABLE: 69, SOFTWARE: 70, OSERR: 71, OSFILE: 72, CANTCREAT: 73, IOERR: 74, TEMPFAIL: 75, PROTOCOL: 76, NOPERM: 77, CONFIG: 78,
};
