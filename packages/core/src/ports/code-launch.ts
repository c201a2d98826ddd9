import type { CodeFacts } from '@nightshift/sdk';

/** Where a host finds a job type: in Nightshift itself, in the folder of a plugin, or in a module. Plain data: it is written down with the job. */
export interface TypeReference {
  readonly type: string;
  readonly plugin: string;
  readonly version: string;
  /** Real path of the plugin's folder, which holds a package or a program with a manifest. Default: the type is built in, or in `module`. */
  readonly folder?: string;
  /** Absolute path of what is imported. Default: the type is built in, or in `folder`. */
  readonly module?: string;
}

/** A run of JavaScript: what a launch needs in place of a program. */
export interface CodeLaunch extends Pick<CodeFacts, 'cannotSuspend' | 'locations' | 'hidesLocations'> {
  readonly reference: TypeReference;
  /** As it was written: the type's schema judges it once more where it runs, for what it makes of it may not survive JSON. */
  readonly spec: unknown;
  readonly argumentList: readonly unknown[];
  /** What the run is given as its input, for each of its hosts. Default: the lines of the standard input that was kept for it, if any. */
  readonly input?: readonly unknown[];
  readonly can: NonNullable<CodeFacts['can']>;
  /** References of secrets that its children will need, which inherit nothing of whoever starts it. Default: none. */
  readonly below?: readonly string[];
}
