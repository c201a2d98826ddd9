import type { Clock, CommandLine, Definition, DefinitionSource, Instance, JobStore, SourceFiles } from '@nightshift/sdk';
import type { JobLauncher } from './ports/job-launcher.ts';
import type { Registry } from './registry.ts';

/** What core is assembled from; the host builds it. */
export interface CoreParts {
  readonly stores: Stores;
  readonly launcher: JobLauncher;
  readonly clock: Clock;
  readonly types: Registry;
  /** Takes in the job types that are not known without running somebody's code. Called before a start that may need one, any number of times. Default: every type is known. */
  readonly loadTypes?: () => Promise<void>;
  /** What takes the secrets of a run out of a text that somebody is to read; undefined: none of them is to be had. Best effort. Called for runs with secrets. Default: nothing does. */
  readonly masking?: (run: Instance) => Promise<((text: string) => string) | undefined>;
  /** A UUIDv7. */
  readonly newInstanceId: () => string;
  /** Definition files; loaded at the first question. */
  readonly definitions: () => Promise<DefinitionFiles>;
  /** Whether somebody will start a further attempt of this job (the one that get-job lists), if one is scheduled now. Default: of a triggered one. */
  readonly hasRetries?: (job: Instance) => boolean | Promise<boolean>;
}

/** The source that types without one of their own share. */
export interface DefinitionFiles {
  readonly source: DefinitionSource;
  /** What the sources of job types read with. */
  readonly files: SourceFiles;
  /** Throws `DefinitionUnsafe` for a script or a working directory outside the definition's project. */
  checkPaths(definition: Definition, command: CommandLine): Promise<void>;
}

/** Both stores of a user. Opening may throw `StoreUnavailable` and its like. */
export interface Stores {
  /** Opened, and made if need be, at the first call. Cursors of both stores' jobs live here. */
  session(): JobStore;
  /** Undefined when nothing was ever kept: looking does not make it. */
  durable(): JobStore | undefined;
  /** Makes it if need be. */
  openDurable(): JobStore;
  /** Whether every job goes there whose type can be kept: an engine may be told to take what people start, too. Default: what asks for it. */
  takesAll?(): boolean;
}
