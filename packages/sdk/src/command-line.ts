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
  /** Name to reference ("env:NAME", "file:PATH"), never a value; resolved at the start. Default: none. */
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
  /** A leading part of what `argv[0] --version` must report, as "22" or "3.12"; checked before a job exists. Default: any version will do. */
  readonly version?: string;
  /**
   * The program runs an initialization script first, and makes the file `initialized` in the attempt's folder
   * (`$NIGHTSHIFT_RUN_DIR/$NIGHTSHIFT_ATTEMPT/`) when that has gone well: a run that ends without it failed there. Default false.
   */
  readonly initializes?: boolean;
}
