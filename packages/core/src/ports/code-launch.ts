import type { CodeFacts } from '@nightshift/sdk';

/** Where a host finds a job type: in Nightshift itself, or in a module. Plain data: it is written down with the job. */
export interface TypeReference {
  readonly type: string;
  readonly plugin: string;
  readonly version: string;
  /** Absolute path of what is imported. Default: the type is built in. */
  readonly module?: string;
}

/** A run of JavaScript: what a launch needs in place of a program. */
export interface CodeLaunch {
  readonly reference: TypeReference;
  /** As it was written: the type's schema judges it once more where it runs, for what it makes of it may not survive JSON. */
  readonly spec: unknown;
  readonly argumentList: readonly unknown[];
  readonly can: NonNullable<CodeFacts['can']>;
}
