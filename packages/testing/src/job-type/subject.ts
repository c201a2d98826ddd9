import type { AnyJobType, JobTypePlugin } from '@nightshift/sdk';

/** A job type that is put to the test, and specs of it with which something is known to happen. */
export interface JobTypeSubject {
  readonly type: AnyJobType;
  /** A spec that ends Completed within 5 s. */
  readonly completes: unknown;
  /** A spec that ends Failed within 5 s. */
  readonly fails: unknown;
  /** A spec that runs until it is stopped. */
  readonly runsUntilStopped: unknown;
  /** Specs that the schema must refuse; at least one. */
  readonly invalid: readonly [unknown, ...unknown[]];
  /** Of a type with the capability `input`: a spec that becomes Blocked, and ends Completed after the answer. Default: `completes`. */
  readonly asks?: unknown;
  /** What it is answered. Default "yes". */
  readonly answer?: unknown;
  /** Of a type with the capability `suspend`: a spec that can be suspended soon after its beginning and runs until it is stopped. Default: `runsUntilStopped`. */
  readonly suspends?: unknown;
  /** Other plugins whose types the type delegates to, or starts children of. Default: none. */
  readonly plugins?: readonly JobTypePlugin[];
  /** Milliseconds within which what must happen has to happen. Default 5 s. */
  readonly patience?: number;
}

/** Milliseconds in which what must not happen would have happened. */
export const QUIET = 25;

/** What a type may take its time for. */
export const PATIENCE = 5_000;
