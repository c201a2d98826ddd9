/**
 * What every code means, for people: the reference page of errors is made of this list. The exit statuses are in
 * exit-codes.ts, which every start loads; these sentences are loaded by nothing that is in a hurry.
 * A code is here when a source can produce it; codes of steps to come are not.
 */

export interface CodeMeaning {
  /** What has happened, in a sentence. */
  readonly when: string;
  /** What to do next, in a sentence. */
  readonly advice: string;
}

export type Meanings = Readonly<Record<string, CodeMeaning>>;

/** The exit statuses of every verb (command line contract, section 5). */
export const STATUSES: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'another failure',
  2: 'usage: an unknown option, options that exclude each other, a bad value',
  3: 'an invalid definition or configuration',
  4: 'not found: a job, a definition, a type, a file, a program, a folder',
  5: 'refused for safety or for lack of permission',
  6: 'trouble with a store or the file system',
  7: 'a conflict: ambiguous, there already, wrong state, not possible for this job',
  8: 'trouble with a plugin',
  10: 'a job has failed and has no exit code of its own (`start-job --wait`, `wait-job --exit-status`); otherwise the code of the job',
  124: 'the time is up (`wait-job --timeout`)',
  130: 'interrupted by Ctrl-C; the job goes on',
};

/** Codes that end a verb with an exit status of their own. */
export const ERRORS: Meanings = {
  InternalError: { when: 'Nightshift itself has made a mistake.', advice: 'Run the same line again with `--debug` and report what it prints.' },
  StopJobCannotConnectToServer: { when: 'The job was started on another machine or in another container, and its processes cannot be reached from here.', advice: 'Stop it where it was started.' },
  ReceiveJobAutoRemovalError: { when: 'A job was received and could not be removed afterwards.', advice: 'The message says why; `remove-job` tries again.' },
  StopJobError: { when: 'Processes of the job are still there after the kill.', advice: 'Look at the process ids that the message names: a process in uninterruptible sleep ends when its disk or network answers.' },
  ServiceManagerFailed: { when: 'The system refused the service of the scheduler, or did not start it; what was there before is there again.', advice: 'The message holds the words of the system, the hint shows the log.' },
  ServiceNotSupported: { when: 'The system has services of a kind that `nightshift scheduler install` does not write.', advice: 'The hint says what its own tools are to run.' },

  CommandNotFoundException: { when: 'The word after `nightshift` is not a verb.', advice: 'Take the suggestion, or look into `nightshift --help`.' },
  NamedParameterNotFound: { when: 'The verb has no option of this name.', advice: 'Take the suggestion, or look into `VERB --help`.' },
  AmbiguousParameter: { when: "A shortened option in PowerShell's spelling fits several options.", advice: 'Write more letters of it.' },
  PositionalParameterNotFound: { when: 'There is a word more than the verb can use.', advice: 'Quote a text that holds blanks, or write `--` before a program and its arguments.' },
  MissingArgument: { when: 'An option that needs a value stands without one.', advice: 'Write the value behind it; one that begins with a dash goes behind `=`.' },
  ParameterAlreadyBound: { when: 'An option is given twice with different values.', advice: 'Give it once.' },
  ParameterArgumentTransformationError: { when: 'A value has the wrong form, such as text where a number belongs.', advice: 'The message says which form is wanted.' },
  ParameterArgumentValidationError: { when: 'A value has the right form and is not allowed: out of range, empty, or not a word of the list.', advice: 'The message says what is allowed.' },
  MissingMandatoryParameter: { when: 'Something that the verb cannot do without is missing, such as the job that is meant.', advice: 'The message says what; `VERB --help` begins with examples.' },
  AmbiguousParameterSet: { when: 'Options are used together that belong to different ways of calling the verb.', advice: 'Keep one of those that the message names.' },
  InvalidParameterCombination: { when: 'Two options exclude each other, or one needs another.', advice: 'Leave one out, or add what the message names.' },
  ParameterNotSupported: { when: "The parameter belongs to PowerShell's own host, such as `-ErrorAction`.", advice: 'The hint says what does its work here.' },
  ArgumentInvalid: { when: 'An argument or a variable is longer than the system can hand to a program, or holds a NUL byte.', advice: 'Pass long texts through a file.' },
  RunAs32NotSupported: { when: 'A 32-bit process is asked for.', advice: 'Leave out `--run-as32`, in a definition `runAs32`.' },
  PSVersionNotSupported: { when: 'Windows PowerShell is asked for on another system.', advice: 'Use `--shell pwsh` where PowerShell 7 is installed.' },
  AuthenticationNotSupported: { when: 'A local job is to authenticate in another way than `Default`.', advice: 'Leave out `--authentication`, in a definition `authentication`.' },
  CredentialNotSupported: { when: 'The user that a job is to run as does not exist, or the system does not let you become that user without a password.', advice: 'Root uses `runuser`; everybody else needs a rule for `sudo -n`.' },
  RuntimeVersionNotSupported: { when: 'The program of `--runtime NAME@VERSION` reports another version, or none.', advice: 'Put the wanted version first in PATH, or leave out `@VERSION`.' },
  ComputerNameParameterNotSupported: { when: '`receive-job --computer-name` names a job whose type knows no computers.', advice: 'Leave out `--computer-name` for this job.' },
  SetJobTriggerParameterValidationError: { when: 'What `set-job-trigger` was told does not fit the trigger: two kinds, an option of another kind, one that is missing, or a rule between them that is broken. The file is as it was.', advice: 'The message says what; a time, a duration or an expression that is wrong by itself has a code of its own.' },
  PersistNotSupported: { when: 'Jobs of this type cannot be kept in the durable store.', advice: 'Leave out `--persist`.' },
  InvalidFilePathParameter: { when: 'It is not known how to run the file, or the path of a definition means no file or several.', advice: 'Give the file a known ending (`.sh .bash .py .ps1 .js .mjs .cjs .ts`), make it executable, or name exactly one.' },
  StartJobFromDefinitionNamePathInvalidNotSingle: { when: 'The pattern of `--definition-path` matches no folder, or several.', advice: 'Write the path of one folder.' },
  StartJobFromDefinitionNamePathInvalidNotFileSystemProvider: { when: '`--definition-path` is an address of another kind, such as a URL.', advice: 'Write the path of a folder.' },
  InvalidFilePathParameterForRegisterScheduledJobDefinition: { when: '`--file-path` of a definition means no file or several, or one that nobody knows how to run.', advice: 'Name exactly one script file of the project, with a known ending (`.sh .bash .py .ps1 .js .mjs .cjs .ts`) or executable.' },
  InvalidMaxResultCountParameterForRegisterScheduledJobDefinition: { when: '`--max-result-count` is not a whole number from 1 up.', advice: 'Write how many finished runs are to be kept.' },
  CannotSerializeDataWhenRegisteringScheduledJobDefinition: { when: 'A program registers a definition with an argument that is neither text nor a number nor true or false.', advice: 'Hand structured values over as a text in JSON, or in a file.' },

  CodeConfigNotSupported: { when: 'The configuration file that was named is a program.', advice: 'Write it as YAML or JSON: a configuration is data.' },
  LimitExceeded: { when: 'A folder holds more than 10,000 definitions, or a line that `import --runs` reads is longer than 4 MiB.', advice: 'Spread them over several folders and list these under `definitionPath`; give a file that `get-job -o jsonl` has written.' },
  DefinitionSyntaxError: { when: 'The text of a file is not YAML as it is read here, or a line of runs is no JSON.', advice: 'The caret shows the place. Most often a value needs quotes: `"*/5 * * * *"`.' },
  DefinitionTooLarge: { when: 'A file has too many bytes, values, or keys in one map.', advice: 'Split it; the limits are in the [reference of definitions](definition.md#limits).' },
  DefinitionEmpty: { when: 'A file holds nothing.', advice: 'Write a definition into it, or remove it.' },
  DefinitionKeyUnknown: { when: 'A key is not known at this place.', advice: 'Take the suggestion; the keys are in the [reference of definitions](definition.md).' },
  DefinitionKeyMissing: { when: 'A key that must be there is missing.', advice: 'Add it; the hint shows how.' },
  DefinitionKeysExclusive: { when: 'Two keys stand together of which only one may be there.', advice: 'Keep one of them.' },
  DefinitionKeyForbidden: { when: 'A key is `__proto__`, `constructor` or `prototype`.', advice: 'Rename it.' },
  DefinitionValueInvalid: { when: 'The value of a key is of the wrong kind or out of range, or asks for something that this version cannot do.', advice: 'The message says what the key takes.' },
  DurationInvalid: { when: 'A duration has no unit, is negative, or cannot be read.', advice: 'Write `250ms`, `90s`, `5m`, `1h30m`, `2d`, `1w`, or ISO 8601 such as `PT5M`.' },
  TimeZoneInvalid: { when: 'No time zone has this name; offsets and abbreviations are no names.', advice: 'Write an IANA name such as `Europe/Berlin`, or `UTC`.' },
  TriggerInvalid: { when: 'A trigger has a value that makes no sense, or an id that another one has.', advice: 'The message says what it takes; the kinds are in the [reference of definitions](definition.md#triggers).' },
  CronExpressionInvalid: { when: 'A cron expression has another number of fields, or a field holds something outside its range.', advice: 'The message names the field and its range.' },
  CronNeverFires: { when: 'A cron expression has no due time within eight years, such as the 30th of February.', advice: 'Change the day or the month.' },
  InvalidMaxResultCount: { when: '`maxResultCount` is not a whole number from 1 up.', advice: 'Write how many finished runs are to be kept.' },
  CannotSerializeData: { when: 'An argument is neither text nor a number nor true or false.', advice: 'Hand structured values over as a text in JSON, or in a file.' },
  RunElevatedNotSupported: { when: 'A definition sets `runElevated: true`.', advice: 'Remove it: a run has the rights of its user.' },

  JobWithSpecifiedSessionNotFound: { when: 'No job has this id.', advice: '`get-job --all` lists every job.' },
  JobWithSpecifiedInstanceIdNotFound: { when: 'No job has this instance id.', advice: '`get-job --all -o json` shows the instance ids.' },
  JobWithSpecifiedNameNotFound: { when: 'No job has this name.', advice: "`get-job --all` lists every job; a pattern such as `'web*'` is quiet when nothing matches." },
  StartJobFromDefinitionNameNotFound: { when: 'No definition has this name, in the folder that was searched and of the type that was asked for.', advice: 'Take the suggestion; the message names the folder.' },
  JobTypeNotFound: { when: 'No job type has this name.', advice: '`get-job-type` lists them.' },
  FilePathNotFound: { when: 'There is no such file.', advice: 'Check the path; a relative one begins at the current folder.' },
  DebugJobCannotFindJobWithName: { when: 'No job has the name that debug-job was given.', advice: '`get-job` lists the jobs.' },
  DebugJobCannotFindJobWithId: { when: 'No job has the id that debug-job was given.', advice: '`get-job` lists the jobs.' },
  DebugJobCannotFindJobWithInstanceId: { when: 'No job has the instance id that debug-job was given.', advice: '`get-job -o json` shows instance ids.' },
  DirectoryNotFoundException: { when: 'There is no such folder, or it is not a folder.', advice: 'Check the path; a relative one begins at the current folder.' },
  ScheduledJobDefinitionNotFoundByName: { when: 'No definition has this name.', advice: 'Take the suggestion; the message names the folder that was searched.' },
  ScheduledJobDefinitionNotFoundById: { when: 'No definition has this id; ids are positions in the listing and change with it.', advice: '`get-scheduled-job` lists them; a name stays.' },
  ScheduledJobTriggerNotFound: { when: 'The definition has no trigger with this id.', advice: 'The hint names those that there are.' },
  RuntimeNotFound: { when: 'The shell that is to read the text is not installed.', advice: 'Install it, or name another one with `--shell`.' },

  ConfirmationRequired: { when: '`--confirm` is to ask and there is no terminal to ask at.', advice: 'Add `--yes`, or leave out `--confirm`.' },
  RawOutputRefused: { when: '`receive-job --raw` would write raw bytes to a terminal, which obeys what is in them.', advice: 'Write them into a pipe or a file.' },
  RunNowNotAllowed: { when: 'The definition is disabled, says `doNotAllowDemandStart`, or asks for something that the machine does not offer now.', advice: 'The message names it; `start-job --definition-name NAME` runs the definition all the same.' },
  InvalidDefinitionName: { when: 'The name of a definition or a namespace breaks the rule of names.', advice: 'Begin with a letter, use letters, digits, `.`, `_` and `-`, at most 64 characters.' },
  ConfigUnsafe: { when: 'Somebody else could have written the configuration file, or it asks for something that only a trusted project may.', advice: 'Make the file yours (`chmod go-w FILE`), or trust the project with `nightshift trust`.' },
  PluginNotTrusted: { when: 'A definition needs a job type that the plugins of the project may bring, and nobody has trusted them as they are now.', advice: 'If you know whose project it is, trust it with `nightshift trust`.' },
  RunningAsRoot: { when: 'Root would run a definition that somebody else has written.', advice: 'Start it as its owner; or, if you know whose it is, trust its project with `nightshift trust`.' },
  RuntimeFolderUnsafe: { when: 'The folder of the session store is not yours, or others may look into it.', advice: '`chmod 700` it, or name another one in `NIGHTSHIFT_RUNTIME_DIR`.' },
  DefinitionUnsafe: { when: 'Somebody else could have written the definition, it is not a regular file, or it leads out of its project.', advice: 'Make the file yours (`chmod go-w FILE`), or keep what it names inside the project.' },
  UnauthorizedAccessToRegisterScheduledJobDefinition: { when: 'Nothing may be written where the definition is to go.', advice: 'Let this user write to the folder, or name another one with `--definition-path`.' },
  NoAccessFailureOnSetJobDefinition: { when: 'The file of a definition may not be changed, renamed or removed; it is as it was.', advice: 'Let this user write to its folder.' },

  StoreUnavailable: { when: 'A store of jobs cannot be opened or read.', advice: '`nightshift doctor` says what is wrong; `nightshift doctor --repair` builds a damaged index anew from the run folders.' },
  StoreNewerSchema: { when: 'The store was written by a newer version of Nightshift.', advice: 'Install that version.' },
  StoreFull: { when: 'The disk is full, or the quota is used up.', advice: 'Make room: `remove-job --state Completed` removes finished jobs with their output.' },
  StoreLocked: { when: 'Another process has held the store for more than five seconds.', advice: 'Try again; if it stays, look for a process that hangs.' },
  ReadOnlyFileSystem: { when: 'The file system cannot be written.', advice: 'For the store, name a folder that can in `NIGHTSHIFT_STATE_DIR`.' },
  InputOutputError: { when: 'The disk reported an input/output error.', advice: 'Look into the log of the system: a disk may be failing.' },
  HomeNotFound: { when: 'There is no home folder to keep jobs in.', advice: 'Set `NIGHTSHIFT_STATE_DIR` to a folder of yours.' },
  StoreOnNetworkFileSystem: { when: 'The state folder lies on a network file system, on which a database may be damaged; the scheduler refuses it.', advice: 'Name a local folder in `NIGHTSHIFT_STATE_DIR`, or insist with `nightshift scheduler run --force`.' },
  CantLoadScheduledJobDefinitionFromStore: { when: 'The folder of a run cannot be read as what it should be: it was damaged, replaced or closed. Told once.', advice: 'What there is of it is kept beside it as `<run>.corrupt-<time>`, the end of the job is recorded, and nothing needs to be done. Look into the disk and who else writes there.' },
  DefinitionPathUnreadable: { when: 'A folder or a file of definitions may not be read.', advice: 'Check its owner and mode.' },
  IOFailureOnSetJobDefinition: { when: 'The file of a definition could not be changed, renamed or removed, as on a full disk; it is as it was.', advice: 'The message holds the reason.' },
  CantSetEnableOnScheduledJobDefinition: { when: 'A definition could not be enabled or disabled, since its file cannot be written; it is as it was.', advice: 'The message holds the reason.' },
  CantAddJobTriggersToScheduledJobDefinition: { when: 'Triggers could not be added to a definition, since its file cannot be written; it is as it was.', advice: 'The message holds the reason.' },
  CantRemoveTriggersFromScheduledJobDefinition: { when: 'Triggers could not be removed from a definition, since its file cannot be written; it is as it was.', advice: 'The message holds the reason.' },
  CantSetPropertiesOnJobTrigger: { when: 'Triggers could not be changed, enabled or disabled, since the file of their definition cannot be written; it is as it was.', advice: 'The message holds the reason.' },

  FilePathNotSingle: { when: 'The pattern of `--file-path` matches several files.', advice: 'Name one of them.' },
  StartJobFromDefinitionNameMoreThanOneMatch: { when: 'Several job types have a definition of this name.', advice: 'Say which one with `--type`.' },
  InstanceIdAmbiguous: { when: 'The part of an instance id fits several jobs.', advice: 'Give more of its characters: jobs of the same minute share the first 8.' },
  JobObjectNotFinishedCannotBeRemoved: { when: 'The job is not finished.', advice: 'Stop it first, or use `remove-job --force`.' },
  CannotRemoveJob: { when: 'A child job was to be removed.', advice: 'Remove its parent, which takes its children with it.' },
  InvalidJobState: { when: 'A job is in a state in which this cannot be done. As a warning of `wait-job`: a job is Suspended or Disconnected, not finished.', advice: '`get-job` shows the state.' },
  BlockedJobsDeadlockWithWaitJob: { when: 'A job waits for an answer and would be waited for for ever.', advice: '`receive-job --wait` asks for the answer.' },
  DebugJobFoundMultipleJobsWithName: { when: 'Several jobs have the name that debug-job was given.', advice: 'Name one of them by its id.' },
  DebugJobNoDebuggableJobsFound: { when: 'The job does not run, or none of its processes is a Node that opens its inspector.', advice: 'Debug a running job that is a Node program.' },
  CheckpointNotPossible: { when: 'The job has no checkpoints, such as a workflow with `checkpoint: false`: it cannot be suspended, and says so when it is made.', advice: 'Wait for its end, or cut it off with `suspend-job --force`: resumed, it begins again.' },
  Job2OperationNotSupportedOnJob: { when: 'Jobs of this type can be neither suspended nor resumed.', advice: '`get-job-type` shows what each type can.' },
  DefinitionNameConflict: { when: 'Two files define the same name; upper and lower case and the ending of a file do not count.', advice: 'Rename or remove one of them.' },
  SchedulerAlreadyRunning: { when: 'Another scheduler works for the same definitions and the same store; or it has taken over from this one, which ends.', advice: '`nightshift scheduler status` shows it. One is enough.' },
  CantRegisterScheduledJobDefinition: { when: 'A file is in the way of the new definition; it is untouched, and nothing was written.', advice: 'Choose another name, or move the file away.' },
  ServiceNameTaken: { when: 'A file that Nightshift did not write stands where the file of the service would be; it is left alone.', advice: 'Take another name with `--name`.' },
  PortInUse: { when: 'Another program listens on the port of `--metrics-port`.', advice: 'Take another port; 0 means any that is free.' },
  CantUnregisterScheduledJobDefinition: { when: 'A run of the definition is in progress; nothing was changed.', advice: 'Wait for it, or use `unregister-scheduled-job --force`, which stops it first.' },
  CantSetPropertiesToScheduledJobDefinition: { when: 'The new name is another definition\'s, or runs of an earlier one of that name are kept; nothing was changed.', advice: 'Choose another name.' },
  RunNowOverlap: { when: 'Runs of the definition are unfinished, and its `multipleInstancePolicy` lets no other begin.', advice: 'Wait for them or stop them; or allow more with `multipleInstancePolicy`.' },

  PluginInvalid: { when: 'A plugin breaks the contract of job types.', advice: 'The message says where; tell the author.' },
  PluginLoadFailed: { when: 'A job type could not look for definitions. It is a warning: the other types are asked.', advice: 'The message says what went wrong in it.' },
  PluginTimedOut: { when: 'A plugin did not answer in time: 30 s for a call, 10 s to let go at the end, the grace period of the job for a stop. Mostly it stands in the `statusMessage` of a job.', advice: 'The message names the plugin and the likely cause; other jobs are not affected.' },
  PluginCrashed: { when: 'A plugin has ended the process of its job before the job had an end. It stands in the `statusMessage` of the job.', advice: 'Tell the author of the plugin: a job ends with an outcome, never with `process.exit()`.' },
  PluginMessageInvalid: { when: 'A plugin has handed over what is no record, no outcome or no answer, or is too large: a record has at most 1 MiB.', advice: 'The message says what; tell the author of the plugin.' },
  JobTypeConflict: { when: 'Two plugins bring job types of the same name.', advice: 'Name one of them under `plugins` in the configuration.' },
  JobTypeNotInstalled: { when: 'A definition names a job type that no plugin offers.', advice: 'Check its spelling, or install the plugin.' },
};

/** Codes that stand in the `statusMessage` of a job: the start has succeeded, the job is Failed with the reason `spawn`. */
export const RECORDED: Meanings = {
  ProgramNotFound: { when: 'No program has this name in the PATH of the job.', advice: 'Check the name; the message shows the PATH that was searched.' },
  NotExecutable: { when: 'The file is there and may not be executed, or it is a folder.', advice: '`chmod +x` it, or run it with `--file-path` by its ending.' },
  InterpreterNotFound: { when: 'The program that is to run the script is not there.', advice: 'Install it, or correct the first line of the script.' },
  RecordNotSerializable: { when: 'A plugin has written a record that JSON cannot hold: a function, a BigInt, a value that refers to itself.', advice: 'Tell the author of the plugin.' },
  StreamClosed: { when: 'A plugin has written a record, or started something, after the end of its job.', advice: 'Tell the author of the plugin: `start()` must wait for everything that writes.' },
  SpawnFailed: { when: 'The system could not start a process or make the files of the run.', advice: 'The message holds the reason of the system, such as a full disk.' },
};

/** Codes of warnings, which have no influence on the exit status. */
export const WARNINGS: Meanings = {
  CodeConfigIgnored: { when: 'There is a configuration file that is a program; it is not read.', advice: 'Write it as `nightshift.yaml`.' },
  ProjectPluginsIgnored: { when: 'The project names plugins and is not trusted; they are not loaded.', advice: 'If you know whose project it is, trust it with `nightshift trust`.' },
  InjectionVariableIgnored: { when: 'A variable that makes programs load foreign code, such as `NODE_OPTIONS` or `LD_PRELOAD`, does not reach the job.', advice: 'If it is meant, pass it on with `--env`.' },
  TimeZoneIgnored: { when: '`TZ` names no time zone that is known here; times are shown in UTC.', advice: 'Set `TZ` to an IANA name.' },
  DefinitionPathNotWatched: { when: 'The system cannot report changes in a folder of definitions; the scheduler looks at it every second instead.', advice: 'Nothing; or raise `fs.inotify.max_user_instances` and `max_user_watches`.' },
  LowDiskSpace: { when: 'Less than 200 MB, or 1 %, of the disk with the state folder are free: due jobs wait. `NIGHTSHIFT_MIN_FREE` changes the bound, in bytes.', advice: 'Make room: `remove-job --state Completed` removes finished jobs with their output.' },
  ClockImplausible: { when: 'The clock shows a year before 2024 or after 2090; the scheduler starts nothing until it is right.', advice: 'Set the clock.' },
  TelemetryUnavailable: { when: 'The package `@opentelemetry/api` is installed beside Nightshift and does not work; the scheduler goes on and traces nothing.', advice: 'The message holds its words; install it anew, or remove it.' },
  TriggerInPast: { when: 'The time of a `once` trigger has passed; it never fires.', advice: 'Change the time, or remove the trigger.' },
  DaylightSavingShift: { when: 'A local time does not exist on that day because the clocks are put forward; it is due at the first instant after.', advice: 'Nothing, or choose another time.' },
  CronDayMatch: { when: 'Day-of-month and day-of-week are both restricted: a day is due if either fits.', advice: 'Write `dayMatch: or` to say that it is meant, `dayMatch: and` to ask for both.' },
};
