/** A program to start. Strings are passed on as they are: no shell looks at them. */
export interface CommandLine {
  /** Program and arguments, at least one. A file with no separator is looked up in PATH. */
  readonly argv: readonly [string, ...string[]];
  /** The script text that `get-job` shows as `command`, verbatim. Default: `scriptFile`, else `commandWords`. */
  readonly commandText?: string;
  /** The words that `get-job` shows as `command`, quoted as a POSIX shell would need them, where `argv` runs something of ours before them. Default: `argv`. */
  readonly commandWords?: readonly string[];
  /** Absolute path of the script file that `argv` runs: shown as `command`, and refused when a definition names one outside its project. */
  readonly scriptFile?: string;
  /** Variables added to the caller's environment; `null` removes one. Default: none. */
  readonly environment?: Readonly<Record<string, string | null>>;
  /** Absolute. Default: the working directory of the request. */
  readonly workingDirectory?: string;
  /** Absolute path whose bytes become standard input. Not together with `input`. Default: empty input. */
  readonly inputFile?: string;
  /** Lines of standard input, then its end. Default: none. */
  readonly input?: readonly string[];
  /** Standard error goes into the file of standard output: exact order, all Output. Default false. */
  readonly mergeStreams?: boolean;
  /** Whether `::warning::text` and its like are records of their stream. Default true. */
  readonly streamCommands?: boolean;
  /**
   * Name to reference ("env:NAME", "file:PATH"), never a value. Resolved anew at the start of each attempt, in the environment
   * of whoever starts it; a relative path begins in the working directory of the request. The values become variables of the
   * program and are kept nowhere. One that is not there refuses the start. Default: none.
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Run as this user, by the system's own means. Default: the caller. */
  readonly user?: string;
  /** How standard output is cut into records: one per line, or one JSON value per line. Default 'lines'. */
  readonly outputFormat?: 'lines' | 'ndjson';
  /** Exit codes that mean Completed. Default [0]. */
  readonly successExitCodes?: readonly number[];
  /** Milliseconds after which the run is stopped as Failed (timeout). Default: never. */
  readonly timeout?: number;
  /** Milliseconds between SIGTERM and SIGKILL, at the timeout and at a stop. Default 10 s. */
  readonly gracePeriod?: number;
  /**
   * Program and arguments that end what the program has started beyond its own processes, such as a container: run after a
   * signal has ended the program (a kill, the end of a grace period), in its working directory and with its variables, within
   * four seconds and before the end is told. What it prints goes nowhere, and its exit code means nothing. Default: none.
   */
  readonly cleanUp?: readonly [string, ...string[]];
  /** A leading part of what `argv[0] --version` must report, as "22" or "3.12"; checked before a job exists. Default: any version will do. */
  readonly version?: string;
  /**
   * The program runs an initialization script first, and makes the file `initialized` in the attempt's folder
   * (`$NIGHTSHIFT_RUN_DIR/$NIGHTSHIFT_ATTEMPT/`) when that has gone well: a run that ends without it failed there. Default false.
   */
  readonly initializes?: boolean;
  /**
   * The program begins work that goes on elsewhere, and watches it: it is a *watcher*. Time limit and grace period are its own
   * affair. When it ends, or is cut off, without an outcome, the job is Disconnected. These words take the work up again then, as
   * the next attempt, whose output follows that of the last one; `input` is not given again. Default: none, the program is the work.
   *
   * What it says lies in its attempt's folder (`$NIGHTSHIFT_RUN_DIR/$NIGHTSHIFT_ATTEMPT/`), each file made in one step, by a rename:
   *
   *     host           first of all: its pid and, behind a blank, its start time (field 22 of /proc/PID/stat). It alone is signalled
   *                    then. Default: its process group
   *     started        it has reached the work: who reconnects has waited for that. Its content does not matter
   *     outcome.json   the work has ended, or could not be begun: `{ state, reason?, statusMessage?, exitCode?, signal?, at? }`, state
   *                    Completed, Failed or Stopped, `at` an ISO 8601 time. Whoever writes it has written all output before
   *     disconnected   why it does not see the work any more, one line: the statusMessage of the job
   *
   * SIGTERM asks it to end the work, with its grace period; SIGQUIT to end it at once, for which it has 2.5 s. A stop that no
   * outcome follows has Failed, since nobody knows whether the work has ended. The file `stop` is there before the signal: without
   * it this computer goes down, as it does with a SIGTERM to everybody, and the work elsewhere is no part of that.
   */
  readonly reattach?: readonly [string, ...string[]];
}
