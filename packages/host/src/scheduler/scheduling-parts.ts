import type { CoreParts } from '@nightshift/core';
import type { Report, SchedulerRequest } from '@nightshift/scheduler';
import type { JobError } from '@nightshift/sdk';
import type { Config } from '../config/read-config.ts';
import type { HostStores } from '../stores.ts';
import type { AttemptEnd } from './attempt-ends.ts';

/** What a scheduler is told. */
export interface RunSchedulerRequest extends SchedulerRequest {
  /** Folders in place of the configured ones; relative to the working directory. Default: the configuration's. */
  readonly definitionPaths?: readonly string[];
  /** Milliseconds to wait at the end for running jobs; they go on by themselves. Default 0. */
  readonly drain?: number;
  /** Ends as Failed (interrupted) what another machine left unfinished. Default false. */
  readonly takeOver?: boolean;
  /** Plugins could not be loaded: definitions that are missing may be theirs, and keep their clocks. Default false. */
  readonly lacksPlugins?: boolean;
  /** Accepts a store on a network file system. Default false. */
  readonly force?: boolean;
  /** Port of 127.0.0.1 where Prometheus finds metrics; 0: any that is free. The event `ready` says where. Default: nowhere. */
  readonly metricsPort?: number;
  /** Told of each attempt that is over. Default: nobody. */
  readonly onAttemptEnd?: (end: AttemptEnd) => void;
  readonly report: Report;
}

/** What schedulers are made of. */
export interface SchedulingParts {
  readonly core: CoreParts;
  readonly stores: HostStores;
  readonly config: Config;
  readonly workingDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly warn: (warning: JobError) => void;
  /** Root of the file system whose sessions and mounts are looked at. */
  readonly system: string;
}
