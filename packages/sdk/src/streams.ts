/** What one record of each of the seven streams is. Values must survive JSON; functions and cycles are refused: `RecordNotSerializable`. */
export interface StreamRecords {
  output: unknown;
  error: ErrorRecord;
  warning: string;
  verbose: string;
  debug: string;
  information: InformationRecord;
  progress: ProgressRecord;
}

/** The name of one of the seven streams. */
export type StreamName = keyof StreamRecords;

/** The seven streams, in PowerShell's order. */
export const STREAM_NAMES: readonly StreamName[] = ['output', 'error', 'warning', 'verbose', 'debug', 'information', 'progress'];

/** `write` resolves when the record is accepted: awaiting it is the back-pressure. Rejects with `StreamClosed` after the end. */
export type JobStreams = { readonly [Name in StreamName]: { write(record: StreamRecords[Name]): Promise<void> } };

/** A failure worth reading; it ends nothing unless `terminating`. */
export interface ErrorRecord {
  readonly message: string;
  /** PascalCase, for example "DirectoryNotFoundException". */
  readonly code?: string;
  readonly stack?: string;
  /** True for the one that ended the job. Default false: an error record alone fails nothing. */
  readonly terminating?: boolean;
}

/** Something worth telling; `message` is any JSON value. */
export interface InformationRecord {
  readonly message: unknown;
  readonly tags?: readonly string[];
}

/** `percent` is 0 to 100; absent means unknown. `completed` takes the bar away. */
export interface ProgressRecord {
  readonly activity: string;
  readonly status?: string;
  readonly percent?: number;
  readonly completed?: boolean;
}
