/**
 * The JSON API of the dashboard: what the server answers and the pages read. Types only, and only of the SDK, so that both
 * sides can import them.
 *
 *     GET  /login/CODE                              the address that is printed, once: sets the cookie and leads to /
 *     GET  /api/session                             Session
 *     GET  /api/now                                 Now
 *     GET  /api/definitions                         DefinitionsPage    ?text=&folder=&only=&sort=&order=&cursor=&limit=
 *     GET  /api/definitions/NAMESPACE/NAME          DefinitionDetails
 *     GET  /api/definitions/NAMESPACE/NAME/missed   MissedPage         ?from=&to=&cursor=&limit=      the preview
 *     GET  /api/jobs                                JobsPage           ?text=&definition=&state=&type=&origin=&since=&cursor=&limit=
 *     GET  /api/jobs/ID                             Run                ID: an id or an instance id
 *     GET  /api/jobs/ID/log                         LogPiece           ?attempt=&channel=&from=|before=&bytes=
 *     GET  /api/jobs/ID/log/search                  LogMatches         ?attempt=&channel=&text=&from=&limit=
 *     GET  /api/jobs/ID/log/raw                     the bytes, as a file to keep  ?attempt=&channel=
 *     GET  /api/jobs/ID/records                     RecordsPage        ?streams=output,error&cursor=&limit=
 *     GET  /api/calendar                            Calendar           ?from=2027-03-01&days=31&definition=&text=&timeZone=&cursor=&limit=
 *     GET  /api/calendar/due                        DueTimesPage       ?from=ISO&to=ISO&definition=&outcome=&cursor=&limit=
 *     GET  /api/system                              System
 *     GET  /api/search                              SearchAnswer       ?text=&limit=
 *     GET  /api/events                              ServerEvent …      ?follow=ID   server-sent events
 *     POST /api/definitions/NAMESPACE/NAME/enable, …/disable   Written     body {}
 *     POST /api/definitions/NAMESPACE/NAME/start               Written     body {}   as its trigger would: run now
 *     POST /api/definitions/NAMESPACE/NAME/run-missed          Written     body RunMissed
 *     POST /api/jobs/ID/stop                                   Written     body {}
 *     POST /api/jobs/ID/start-again                            Written     body {}   its definition; of a command without one the same command
 *
 * Every question needs the cookie, or `Authorization: Bearer TOKEN` with the token of the file. A POST carries
 * `Content-Type: application/json` and the header `X-CSRF-Token` with the word of `Session.csrf`. Every refusal and every
 * failure is an `ErrorAnswer`.
 *
 * Times are ISO 8601 UTC with milliseconds; durations are milliseconds (`Ms`). What a listing leaves out begins at its
 * `cursor`: null at the end, opaque, and good only for the same question. Text of jobs is text: never markup, and control
 * characters are in it as the job wrote them, so the page escapes them or reads the colours out of it. Secrets are masked.
 */
import type { JobReason, JobState, StreamName } from '@nightshift/sdk';

/** ISO 8601 UTC with milliseconds. */
export type Instant = string;

/** Where a listing goes on; null: that was all. */
export type PageCursor = string | null;

/** Of a refusal or a failure, with the keys of `-o json` on the command line. */
export interface ErrorAnswer {
  readonly error: ErrorFacts;
}

/** What is wrong, where, and what to do next. */
export interface ErrorFacts {
  /** PascalCase: as on the command line, or of a refused request what its status is called, such as `Forbidden`. */
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The source line and a caret below the place. */
  readonly excerpt?: string;
  readonly hint?: string;
}

/** What the page must know before anything else. */
export interface Session {
  readonly apiVersion: 1;
  readonly version: string;
  /** For the header `X-CSRF-Token` of every POST. */
  readonly csrf: string;
  /** False: every POST is refused with 403; the page offers commands to copy in place of buttons. */
  readonly writes: boolean;
  /** IANA name: of the configuration, else of the machine. Local times are shown in it. */
  readonly timeZone: string;
  /** The project's folder, or the definition path where there is no project. */
  readonly project: string;
  readonly user: string;
  readonly hostName: string;
}

/** A job as `get-job -o json` prints it: the same 18 keys. `attempts` only in `Run`. */
export interface Job {
  readonly id: number;
  readonly instanceId: string;
  readonly name: string;
  readonly type: string;
  readonly state: JobState;
  readonly reason: JobReason | null;
  readonly statusMessage: string;
  readonly hasMoreData: boolean;
  readonly location: string;
  readonly command: string;
  readonly beginTime: Instant | null;
  readonly endTime: Instant | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly childJobs: readonly number[];
  readonly definition: { readonly name: string; readonly path: string } | null;
  readonly origin: JobOriginView;
  readonly attempt: number;
  readonly attempts?: readonly AttemptView[];
}

/** Why a job exists. */
export type JobOriginView =
  | { readonly kind: 'demand'; readonly runNow: boolean }
  | { readonly kind: 'trigger'; readonly triggerId: string; readonly dueAt: Instant; readonly catchUp: boolean }
  | { readonly kind: 'parent'; readonly parentId: number };

/** One closed attempt, as `get-job --include-attempts` prints it. */
export type AttemptView = Pick<Job, 'attempt' | 'beginTime' | 'endTime' | 'reason' | 'statusMessage' | 'exitCode' | 'signal'>;

/** Which definition: the parts of its key, for addresses, and its name as it is spelled. */
export interface DefinitionRef {
  /** `<namespace>/<name in lower case>`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
}

// ---------------------------------------------------------------------------------------------------------------- Now

/** The screen Now. */
export interface Now {
  readonly apiVersion: 1;
  readonly at: Instant;
  readonly scheduler: SchedulerState;
  /** Definitions are still being read: lists and due times are not complete yet. Null: all are known. */
  readonly loading: Loading | null;
  readonly counts: Counts;
  /** Newest first, at most 100; `counts.running` says how many there are. */
  readonly running: readonly RunningJob[];
  /** Those that start first come first, at most 100. */
  readonly waiting: readonly WaitingJob[];
  /** Failed in the last 24 h, newest first, at most 50; more by `/api/jobs?state=Failed&since=…`. */
  readonly failed: readonly JobRow[];
  readonly due: DueAhead;
}

export interface Counts {
  readonly running: number;
  readonly waiting: number;
  /** Suspended, Disconnected, Blocked or AtBreakpoint: waits for a person. Counted in `running` too. */
  readonly needsAttention: number;
  readonly failed24h: number;
  readonly completed24h: number;
  readonly definitions: number;
  readonly brokenDefinitions: number;
  /** Due times that passed without a run (misfire) in the last 24 h, and those that passed and nobody has decided. */
  readonly missed24h: number;
}

export interface Loading {
  readonly done: number;
  readonly total: number;
}

export interface SchedulerState {
  readonly state: 'ready' | 'starting' | 'stopped';
  readonly pid: number | null;
  readonly since: Instant | null;
  readonly nextDueAt: Instant | null;
  /** By how much the last due time was late when it was decided. */
  readonly lagMs: number;
}

/** A job in a list, with what lists show besides. */
export interface JobRow extends Job {
  readonly definitionKey: string | null;
  /** The first line of what it said at its end: its last error record, else its status message. Cut at 200 characters. */
  readonly message: string;
}

/** A job that has begun and not ended. */
export interface RunningJob extends JobRow {
  /** The last record of the progress stream; null: none was written. */
  readonly progress: Progress | null;
  /** The last line of output, without its line end, cut at 400 characters; null: none yet. */
  readonly lastLine: string | null;
  /** The median of its definition's last Completed runs; null: there is none. */
  readonly usualMs: number | null;
  /** `usualMs` less what it has run, at least 0; or from `progress`; null: not known. */
  readonly leftMs: number | null;
}

/** `percent` is 0 to 100; null: not known. */
export interface Progress {
  readonly activity: string;
  readonly status: string | null;
  readonly percent: number | null;
}

/** A job that has not begun, and why. */
export interface WaitingJob extends JobRow {
  readonly why: WhyWaiting;
}

export type WhyWaiting =
  /** Another job of its definition is unfinished. `behind`: its id, null: it has just ended. */
  | { readonly is: 'queued'; readonly behind: number | null }
  | { readonly is: 'random-delay'; readonly until: Instant }
  /** `attempt`: the one that begins then. */
  | { readonly is: 'retry'; readonly attempt: number; readonly until: Instant }
  /** The ids of the jobs whose end it needs. */
  | { readonly is: 'needs'; readonly jobs: readonly number[] }
  /** The machine is to be idle first. */
  | { readonly is: 'idle' }
  /** Somebody is taking it up, or no scheduler is there to do it. */
  | { readonly is: 'start'; readonly schedulerRuns: boolean };

/** The next 24 h on one line. */
export interface DueAhead {
  readonly from: Instant;
  readonly to: Instant;
  /** 96 pieces of 15 minutes: how many due times lie in each. */
  readonly perQuarter: readonly number[];
  /** The first 50, oldest first. */
  readonly first: readonly DueTime[];
}

export interface DueTime {
  readonly definition: DefinitionRef;
  readonly triggerId: number;
  readonly dueAt: Instant;
  /** With its random delay; equal to `dueAt` without one. */
  readonly startsAt: Instant;
}

// --------------------------------------------------------------------------------------------------------------- Jobs

/** The screen Jobs: definitions, broken ones first whatever the order. */
export interface DefinitionsPage {
  readonly apiVersion: 1;
  readonly loading: Loading | null;
  /** How many match, in all pages. */
  readonly total: number;
  /** Every folder with a definition that matches `text` and `only`, relative to the project where it lies in it (`''` is the project itself), in order. */
  readonly folders: readonly FolderCount[];
  readonly definitions: readonly DefinitionRow[];
  readonly cursor: PageCursor;
}

export interface FolderCount {
  readonly folder: string;
  readonly definitions: number;
  readonly broken: number;
}

/** What to list. `text`: words that all occur in name, description, folder, type or command, without case. */
export interface DefinitionsQuestion {
  readonly text?: string;
  readonly folder?: string;
  readonly only?: 'broken' | 'disabled' | 'enabled' | 'failed' | 'running';
  /** Default `name`: by folder, then name. `next`: the next due time; `last`: the end of the last run. */
  readonly sort?: 'name' | 'next' | 'last';
  readonly order?: 'ascending' | 'descending';
  readonly cursor?: string;
  /** 1 to 200. Default 50. */
  readonly limit?: number;
}

/** One definition. Of a broken one `errors` says why, and what could not be read is null. */
export interface DefinitionRow extends DefinitionRef {
  readonly folder: string;
  /** Absolute; `shown` is relative to the project. */
  readonly file: string;
  readonly shown: string;
  /** Where its text begins, or where its first error is. */
  readonly line: number;
  readonly type: string | null;
  readonly description: string;
  readonly command: string | null;
  /** False also while all of its triggers are disabled: see `triggers`. */
  readonly enabled: boolean;
  readonly triggers: readonly TriggerSummary[];
  readonly errors: readonly ErrorFacts[];
  readonly warnings: readonly ErrorFacts[];
  /** Of the triggers that are enabled; null: never, or not to be foreseen. */
  readonly nextDueAt: Instant | null;
  /** Its last 20 runs, oldest first. */
  readonly results: readonly Result[];
  /** Unfinished jobs that a trigger or run-now started. */
  readonly running: number;
  /** The median of the Completed among `results`; null: none. */
  readonly usualMs: number | null;
}

export interface TriggerSummary {
  readonly id: number;
  readonly enabled: boolean;
  readonly kind: string;
  /** When it is due, as part of an English sentence: `daily at 03:00, Europe/Berlin`. */
  readonly words: string;
}

/** One square of the strip. */
export interface Result {
  readonly id: number;
  readonly state: JobState;
  readonly reason: JobReason | null;
  readonly endTime: Instant;
  readonly durationMs: number | null;
}

/** One definition in full. */
export interface DefinitionDetails extends DefinitionRow {
  readonly apiVersion: 1;
  /** Every option under its name, defaults included, as `get-scheduled-job-option` prints them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly maxResultCount: number | null;
  readonly due: readonly DueTime[];
  /** The newest runs. More by `/api/jobs?definition=KEY`. */
  readonly jobs: readonly JobRow[];
  /** What to type in place of the buttons. */
  readonly commands: Commands;
}

/** Commands to copy, each one line. Absent: not possible. */
export interface Commands {
  readonly start?: string;
  readonly stop?: string;
  readonly enable?: string;
  readonly disable?: string;
  readonly receive?: string;
  readonly runMissed?: string;
}

/** Jobs, newest (highest id) first. */
export interface JobsPage {
  readonly apiVersion: 1;
  readonly jobs: readonly JobRow[];
  readonly cursor: PageCursor;
}

/** Which jobs. Values of a list are separated by commas and widen; members narrow. */
export interface JobsQuestion {
  /** A name, with wildcards `* ? [ ]`; without one a part of the name. */
  readonly text?: string;
  /** Key of a definition. */
  readonly definition?: string;
  readonly state?: string;
  readonly type?: string;
  readonly origin?: 'demand' | 'trigger';
  /** Ended at or after, or not yet ended. */
  readonly since?: Instant;
  readonly cursor?: string;
  /** 1 to 200. Default 50. */
  readonly limit?: number;
}

// ---------------------------------------------------------------------------------------------------------------- Run

/** The screen Run. */
export interface Run {
  readonly apiVersion: 1;
  readonly job: JobRow;
  readonly definition: DefinitionRef | null;
  /** Moments that are known, oldest first: not every state has left one. */
  readonly path: readonly PathStep[];
  /** Those that are over and the present one, oldest first. */
  readonly attempts: readonly AttemptView[];
  readonly parent: JobRow | null;
  /** In ascending id order, at most 200. */
  readonly children: readonly JobRow[];
  readonly progress: Progress | null;
  readonly usualMs: number | null;
  readonly leftMs: number | null;
  readonly why: WhyWaiting | null;
  /** What can be read: of the job itself and of the children that run for it, every attempt. */
  readonly logs: readonly LogPlace[];
  /** Values that it wrote to the output stream, where they are more than plain lines; at most 100, and 256 KiB. */
  readonly values: readonly ResultValue[];
  /** True when there are more values than `values` shows. */
  readonly moreValues: boolean;
  /** Of a job with a definition, once it has ended other than Completed; null: nothing to compare with. */
  readonly sinceSuccess: Difference | null;
  readonly can: { readonly stop: boolean; readonly startAgain: boolean };
  readonly commands: Commands;
}

export interface PathStep {
  /** `due` is the due time, `created` the moment of its record. */
  readonly what: 'due' | 'created' | 'attempt' | 'retry' | JobState;
  readonly at: Instant;
  /** Such as the exit code, the reason or the number of the attempt. */
  readonly text: string;
}

export interface ResultValue {
  readonly jobId: number;
  readonly seq: number;
  readonly time: Instant | null;
  readonly value: unknown;
}

/** What differs from the last Completed run of the same definition. */
export interface Difference {
  readonly success: JobRow;
  /** Each changed fact, in words for both sides. `what` is one of the words below. */
  readonly changes: readonly {
    readonly what: 'command' | 'exit code' | 'reason' | 'duration' | 'attempts' | 'origin' | 'location' | 'type' | 'output size' | 'definition file';
    readonly before: string;
    readonly now: string;
  }[];
  /** Runs that failed since then, this one included. */
  readonly failuresSince: number;
}

/** A file of a run, or of a stream of records of it. */
export interface LogPlace {
  readonly jobId: number;
  readonly jobName: string;
  readonly attempt: number;
  /** `records`: lines of a job of JavaScript, each with its stream. `stderr` is the error stream unless the job merges them. */
  readonly channel: 'stdout' | 'stderr' | 'records';
  readonly bytes: number;
  /** It will not grow any more. */
  readonly ended: boolean;
  /** Why it cannot be read. */
  readonly error?: ErrorFacts;
}

/**
 * Whole lines between two places of one channel. `from`: begins with the first line that starts at or after it; `before`: ends
 * with the last line that begins before it; neither: the end. A line longer than 64 KiB comes in pieces (`cut`), and each begins at its own place.
 * A link to a line is its `at`: it never changes.
 */
export interface LogPiece {
  readonly apiVersion: 1;
  readonly jobId: number;
  readonly attempt: number;
  readonly channel: LogPlace['channel'];
  /** Bytes there are now. */
  readonly size: number;
  readonly ended: boolean;
  /** The bytes that the lines stand for: [from, to). `from` 0 is the beginning; `to === size` the end so far. */
  readonly from: number;
  readonly to: number;
  readonly lines: readonly LogLine[];
}

/** How to ask for a piece. `bytes`: 1 KiB to 1 MiB, default 64 KiB. */
export interface LogQuestion {
  readonly attempt?: number;
  readonly channel?: LogPlace['channel'];
  readonly from?: number;
  readonly before?: number;
  readonly bytes?: number;
}

export interface LogLine {
  /** Offset of its first byte. */
  readonly at: number;
  readonly stream: StreamName;
  /** Without its line end; what is no UTF-8 is shown as U+FFFD. Of a record its text, or its value as JSON on one line. */
  readonly text: string;
  readonly time: Instant | null;
  /** It goes on in the next one. Default false. */
  readonly cut?: true;
  /** It has no line end yet. Default false. */
  readonly open?: true;
}

/** Lines in which a text occurs, without case (ASCII), oldest first. Looks through at most 64 MiB a question. */
export interface LogMatches {
  readonly apiVersion: 1;
  readonly matches: readonly { readonly at: number; readonly text: string }[];
  /** Ask again with `from` of this place to go on; null: the end was reached. */
  readonly next: number | null;
  readonly size: number;
}

/** Records as `receive-job -o jsonl` prints them, in order. Nothing is consumed by looking. */
export interface RecordsPage {
  readonly apiVersion: 1;
  readonly records: readonly RecordView[];
  /** Where to go on. Never null: a run that goes on writes more. */
  readonly cursor: string;
  /** False: that is all there is now. */
  readonly more: boolean;
}

export interface RecordView {
  readonly jobId: number;
  readonly seq: number;
  readonly time: Instant | null;
  readonly stream: StreamName;
  readonly channel?: 'stdout' | 'stderr';
  readonly value: unknown;
}

// ----------------------------------------------------------------------------------------------------------- Calendar

/** What became of a due time. */
export type Outcome =
  /** Started, at most a minute late (a random delay is not late). */
  | 'on-time'
  | 'late'
  /** Started after a misfire, on purpose. */
  | 'caught-up'
  | 'overlap'
  | 'condition'
  | 'disabled'
  | 'edited'
  /** Skipped because nobody was there to fire it, and not caught up. */
  | 'misfire'
  /** A misfire that a person has run since; `job` is that run. */
  | 'run-later'
  /** It has passed and nobody has decided it: the scheduler is down, or behind. */
  | 'undecided'
  /** It waits for an idle machine. */
  | 'waiting'
  /** Made by a wrong clock. */
  | 'void'
  /** To come. */
  | 'due';

/** Expected against actual: one row per definition, one cell per day. */
export interface Calendar {
  readonly apiVersion: 1;
  readonly timeZone: string;
  /** Local dates `2027-03-01`, in order: the columns. */
  readonly days: readonly CalendarDay[];
  /** By name; definitions that were due, are due, or have triggers. */
  readonly rows: readonly CalendarRow[];
  readonly total: number;
  readonly loading: Loading | null;
  readonly cursor: PageCursor;
}

export interface CalendarDay {
  readonly date: string;
  /** Its midnight and the next one: not always 24 h apart. */
  readonly from: Instant;
  readonly to: Instant;
  /** The clock is changed on this day, in words: `clocks go forward 1 h at 02:00`. */
  readonly clockChange: string | null;
}

export interface CalendarRow {
  readonly definition: DefinitionRef;
  readonly enabled: boolean;
  /** As many as `days`. */
  readonly cells: readonly CalendarCell[];
}

/** Of one definition on one day. */
export interface CalendarCell {
  /** How many due times of each outcome; those of none are left out. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Runs of this day's due times that ended Failed. */
  readonly failed: number;
  /** The worst of it in one sentence; empty where nothing is due. */
  readonly reason: string;
  /** Due times whose wall time a clock change moved. */
  readonly moved: number;
}

/** Due times one by one, oldest first. A run of consecutive ones skipped for one reason is one entry. */
export interface DueTimesPage {
  readonly apiVersion: 1;
  readonly due: readonly DueTimeRow[];
  readonly cursor: PageCursor;
}

export interface DueTimeRow {
  readonly definition: DefinitionRef;
  readonly triggerId: number;
  readonly dueAt: Instant;
  /** The last of consecutive ones; equal to `dueAt` of a single one. */
  readonly lastDueAt: Instant;
  readonly count: number;
  readonly outcome: Outcome;
  /** One sentence: why. */
  readonly reason: string;
  /** How a clock change moved it; null: it did not. */
  readonly moved: string | null;
  readonly decidedAt: Instant | null;
  /** When its job began, and by how much that was late. */
  readonly beganAt: Instant | null;
  readonly lateMs: number | null;
  /** The job that was started, or the one in the way; null: none, or gone. */
  readonly job: { readonly id: number; readonly state: JobState } | null;
  /** The command that would run it now; only of a misfire. */
  readonly command?: string;
}

/** Due times that were missed and could be run now, oldest first: what `run-missed` would do. */
export interface MissedPage {
  readonly apiVersion: 1;
  readonly definition: DefinitionRef;
  readonly missed: readonly MissedDueTime[];
  /** Of the oldest 10,000: further nobody looks. */
  readonly total: number;
  /** How many may be run by one `run-missed`. */
  readonly most: number;
  /** What each of them would start. */
  readonly command: string | null;
  readonly cursor: PageCursor;
}

export interface MissedDueTime {
  readonly triggerId: number;
  readonly dueAt: Instant;
  readonly outcome: 'misfire' | 'undecided';
  readonly reason: string;
}

/** One job is made for each, with this due time (`NIGHTSHIFT_DUE_AT`), oldest first, one after the other or as its policy says. */
export interface RunMissed {
  readonly dueTimes: readonly { readonly triggerId: number; readonly dueAt: Instant }[];
}

// ------------------------------------------------------------------------------------------------------------- System

/** The screen System. */
export interface System {
  readonly apiVersion: 1;
  readonly at: Instant;
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly scheduler: SchedulerState & {
    /** When it was last heard of; null: never. */
    readonly heartbeatAt: Instant | null;
    readonly definitions: number;
    readonly triggers: number;
    readonly runningJobs: number;
    /** Due times that wait for an idle machine. */
    readonly waiting: number;
    /** What hooks have still to tell, and could not. */
    readonly telling: { readonly waiting: number; readonly failed: number };
  };
  /** Hosts of an engine, or this machine alone. */
  readonly hosts: readonly HostRow[];
  readonly plugins: readonly PluginRow[];
  readonly jobTypes: readonly JobTypeRow[];
  readonly stores: readonly StoreRow[];
  /** Files that cannot be used: broken definitions, damaged indexes and runs that were set aside. At most 200. */
  readonly quarantined: readonly { readonly file: string; readonly why: string; readonly at: Instant | null }[];
  readonly trust: readonly TrustRow[];
  readonly clock: {
    readonly now: Instant;
    readonly timeZone: string;
    /** Offset of the zone now, in minutes east of UTC. */
    readonly offsetMinutes: number;
    readonly nextChange: { readonly at: Instant; readonly words: string } | null;
    /** Version of the time zone data. */
    readonly tzdata: string;
  };
  /** True: sizes or findings are still being looked at, and are missing here; ask again in a few seconds. */
  readonly looking: boolean;
  /** What `nightshift doctor` says, without its look at every run. */
  readonly findings: readonly { readonly subject: string; readonly verdict: 'ok' | 'doubtful' | 'bad'; readonly text: string; readonly fix: string | null }[];
}

export interface HostRow {
  readonly name: string;
  readonly routes: readonly string[];
  readonly slots: number | null;
  readonly running: number;
  readonly lastSeen: Instant | null;
}

export interface PluginRow {
  readonly name: string;
  readonly version: string | null;
  /** Of the contract that it was made for; null: not known before it is loaded. */
  readonly contract: number | null;
  readonly path: string | null;
  readonly state: 'built in' | 'trusted' | 'not trusted' | 'changed' | 'lost';
  readonly types: readonly string[];
  /** Why it is not to be had. */
  readonly problem: string | null;
}

export interface JobTypeRow {
  readonly name: string;
  readonly plugin: string;
  readonly description: string;
  readonly form: 'command' | 'delegate' | 'code';
  /** Names of what it can, such as `suspend`. */
  readonly capabilities: readonly string[];
}

export interface StoreRow {
  readonly kind: 'session' | 'durable';
  /** A folder, or what an engine says of itself. */
  readonly place: string;
  readonly exists: boolean;
  /** Index and output, as far as the index knows; null: cannot be told. */
  readonly indexBytes: number | null;
  readonly outputBytes: number | null;
  readonly finishedJobs: number;
  readonly unfinishedJobs: number;
  /** In words, one rule each. */
  readonly retention: readonly string[];
}

export interface TrustRow {
  readonly folder: string;
  readonly standing: 'trusted' | 'changed' | 'untrusted';
  readonly words: string;
}

// ------------------------------------------------------------------------------------------------- Palette, events, writes

/** What the start palette finds: definitions, jobs, files and pages, the best first. */
export interface SearchAnswer {
  readonly apiVersion: 1;
  readonly found: readonly Found[];
}

export type Found =
  | { readonly is: 'definition'; readonly definition: DefinitionRef; readonly folder: string; readonly enabled: boolean; readonly broken: boolean; readonly running: number }
  | { readonly is: 'job'; readonly job: JobRow };

/**
 * `data:` of one event, always of the kind `message`. Nothing is kept for a client that was away: after `hello` it asks for
 * what it shows. At most ten a second.
 */
export type ServerEvent =
  /** First, after every connection. A changed `version` or `csrf` is a reason to load the page anew. */
  | { readonly is: 'hello'; readonly at: Instant; readonly version: string }
  /** These jobs are new or have changed; at most 100 of them. `more`: so many that lists are to be asked for again. */
  | { readonly is: 'jobs'; readonly jobs: readonly JobRow[]; readonly removed: readonly number[]; readonly more: boolean }
  /** Counts or the scheduler have changed. */
  | { readonly is: 'now'; readonly counts: Counts; readonly scheduler: SchedulerState }
  /** Keys of definitions that appeared, changed or went; empty with `more`: very many. */
  | { readonly is: 'definitions'; readonly keys: readonly string[]; readonly more: boolean; readonly loading: Loading | null }
  /** A log of a job that `follow` names (its children included) has grown or ended. */
  | { readonly is: 'log'; readonly log: LogPlace }
  /** Last, when the server ends. */
  | { readonly is: 'bye' };

/** What a POST has done. Some may have failed and others not. */
export interface Written {
  readonly apiVersion: 1;
  /** Jobs that were started or stopped. */
  readonly jobs: readonly Job[];
  readonly definitions: readonly DefinitionRow[];
  readonly errors: readonly ErrorFacts[];
}
