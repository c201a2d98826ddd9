/** For a code, the line that shows it. Codes that only a broken machine produces have none. */

export interface ErrorExample {
  /** What must be there; paths from the current folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** What has been typed before; not shown. */
  readonly before?: string;
  readonly line: string;
  /** What tidies up; not shown. */
  readonly after?: string;
}

const typed = (line: string): ErrorExample => ({ line });

/** A definition that is wrong, and what `validate` says to it. */
const checked = (text: string): ErrorExample => ({ files: { 'definitions/Nightly.yaml': text }, line: 'nightshift validate' });

const JOB = 'job:\n  command: [make, all]\n';
const triggered = (trigger: string): ErrorExample => checked(`${JOB}triggers:\n  - ${trigger}\n`);

export const ERROR_EXAMPLES: Readonly<Record<string, ErrorExample>> = {
  CommandNotFoundException: typed('nightshift strat-job'),
  NamedParameterNotFound: typed('get-job --newst 5'),
  AmbiguousParameter: typed('start-job -Def Nightly'),
  PositionalParameterNotFound: typed('start-job echo hello'),
  MissingArgument: typed('get-job --name'),
  ParameterAlreadyBound: typed('start-job --name Build --name Test -- make all'),
  ParameterArgumentTransformationError: typed('get-job --id seven'),
  ParameterArgumentValidationError: typed('get-job --newest 0'),
  MissingMandatoryParameter: typed('stop-job'),
  AmbiguousParameterSet: typed('get-job 7 --name Build'),
  InvalidParameterCombination: typed('receive-job 7 --keep --wait'),
  ParameterNotSupported: typed('get-job -ErrorAction Stop'),
  RunAs32NotSupported: typed("start-job --run-as32 'make all'"),
  PSVersionNotSupported: typed("start-job --ps-version 5.1 'Get-Date'"),
  AuthenticationNotSupported: checked(`${JOB}  authentication: Kerberos\n`),
  CredentialNotSupported: typed("start-job --credential somebody-else 'make all'"),
  InvalidFilePathParameter: { files: { 'notes.txt': 'milk\n' }, line: 'start-job --file-path notes.txt' },
  StartJobFromDefinitionNamePathInvalidNotSingle: { files: { 'home/A.yaml': JOB, 'house/A.yaml': JOB }, line: "start-job --definition-name A --definition-path 'ho*'" },
  StartJobFromDefinitionNamePathInvalidNotFileSystemProvider: typed('start-job --definition-name Nightly --definition-path https://example.org/definitions'),

  CodeConfigNotSupported: { files: { 'nightshift.js': 'export default {}\n' }, line: 'nightshift validate --config nightshift.js' },
  DefinitionSyntaxError: triggered('cron: */15 * * * *'),
  DefinitionTooLarge: { ...checked(JOB), before: 'yes "# and so on" | head -n 30000 >> definitions/Nightly.yaml' },
  DefinitionEmpty: checked(''),
  DefinitionKeyUnknown: checked(`timezone: Europe/Berlin\n${JOB}`),
  DefinitionKeyMissing: checked('description: Nightly snapshot\n'),
  DefinitionKeysExclusive: checked(`${JOB}  filePath: build.sh\n`),
  DefinitionKeyForbidden: checked(`${JOB}__proto__: {}\n`),
  DefinitionValueInvalid: checked(`${JOB}enabled: yes\n`),
  DurationInvalid: checked(`${JOB}options:\n  timeout: 30\n`),
  TimeZoneInvalid: checked(`${JOB}timeZone: Europe/Berlim\n`),
  TriggerInvalid: triggered('weekly: { at: "03:00", daysOfWeek: Fryday }'),
  CronExpressionInvalid: triggered('cron: "0 25 * * *"'),
  CronNeverFires: triggered('cron: "0 0 30 2 *"'),
  InvalidMaxResultCount: checked(`${JOB}maxResultCount: 0\n`),
  CannotSerializeData: checked(`${JOB}  argumentList: [[1, 2]]\n`),
  RunElevatedNotSupported: checked(`${JOB}options:\n  runElevated: true\n`),

  JobWithSpecifiedSessionNotFound: typed('get-job 99'),
  JobWithSpecifiedInstanceIdNotFound: typed('get-job --instance-id 01900000-0000-7000-8000-000000000000'),
  JobWithSpecifiedNameNotFound: typed('receive-job Nobody'),
  StartJobFromDefinitionNameNotFound: { ...checked(JOB), line: 'start-job --definition-name Nigtly' },
  JobTypeNotFound: { ...checked(JOB), line: 'start-job --definition-name Nightly --type SceduledJob' },
  ScheduledJobDefinitionNotFoundByName: { ...checked(JOB), line: 'nightshift next Nigtly' },
  ScheduledJobTriggerNotFound: { ...triggered('daily: { at: "03:00" }'), line: 'nightshift next Nightly --trigger-id 7' },
  FilePathNotFound: typed('start-job --file-path build.sh'),
  DirectoryNotFoundException: typed("start-job --working-directory nowhere 'pwd'"),
  RuntimeNotFound: typed("start-job --env PATH=/nowhere 'echo hello'"),

  InvalidDefinitionName: typed('start-job --definition-name ../Nightly'),
  ConfigUnsafe: { files: { 'nightshift.yaml': 'hooks: { onFailure: [{ definition: TellOps }] }\n' }, line: 'nightshift validate' },
  PluginNotTrusted: { files: { 'definitions/Nightly.yaml': `type: ContainerJob\n${JOB}`, 'nightshift.yaml': 'plugins: [nightshift-plugin-container]\n' }, line: 'start-job --definition-name Nightly' },
  RuntimeFolderUnsafe: { before: 'mkdir session && chmod 755 session', line: 'NIGHTSHIFT_RUNTIME_DIR=session get-job' },
  DefinitionUnsafe: { ...checked(JOB), before: 'chmod 666 definitions/Nightly.yaml' },

  StoreUnavailable: { before: 'mkdir -p "$HOME/.local/state/nightshift" && chmod 700 "$HOME/.local/state/nightshift" && echo rubbish > "$HOME/.local/state/nightshift/jobs.db"', line: 'get-job' },

  FilePathNotSingle: { files: { 'one.sh': 'true\n', 'two.sh': 'true\n' }, line: "start-job --file-path '*.sh'" },
  JobObjectNotFinishedCannotBeRemoved: { before: 'start-job --name Sleepy -- sleep 60', line: 'remove-job Sleepy', after: 'remove-job Sleepy --force' },
  CannotRemoveJob: { before: 'start-job --wait true', line: 'remove-job 2' },
  CantRegisterScheduledJobDefinition: { ...checked(JOB), line: 'nightshift new Nightly' },
  DefinitionNameConflict: { files: { 'definitions/Nightly.yaml': JOB, 'definitions/nightly.yml': JOB }, line: 'start-job --definition-name Nightly' },

  JobTypeNotInstalled: checked(`type: ContainerJob\n${JOB}`),

  ProgramNotFound: typed('start-job --wait --env PATH=/usr/bin:/bin -- mkae all'),
  NotExecutable: { files: { 'build.sh': 'make all\n' }, line: 'start-job --wait -- ./build.sh' },
  InterpreterNotFound: { files: { build: '#!/usr/bin/nope\n' }, before: 'chmod +x build', line: 'start-job --wait -- ./build' },

  CodeConfigIgnored: { files: { 'definitions/Nightly.yaml': JOB, 'nightshift.config.js': 'export default {}\n' }, line: 'nightshift validate' },
  ProjectPluginsIgnored: { files: { 'definitions/Nightly.yaml': JOB, 'nightshift.yaml': 'plugins: [nightshift-plugin-sample]\n' }, line: 'nightshift validate' },
  InjectionVariableIgnored: typed('NODE_OPTIONS=--no-warnings start-job --wait -- echo hello'),
  TimeZoneIgnored: { before: 'start-job --wait true', line: 'TZ=Europe/Berlim get-job -o wide | cut -c 1-56' },
  TriggerInPast: triggered('once: { at: "2020-02-29T12:00" }'),
  DaylightSavingShift: triggered('once: { at: "2040-03-25T02:30" }\n    timeZone: Europe/Berlin'),
  CronDayMatch: triggered('cron: "0 0 13 * 5"'),
};
