import type { Instance } from '@nightshift/sdk';

/** A job of a definition, and the child of it that runs. */
export interface JobRun {
  /** Key of its definition. */
  readonly definition: string;
  readonly job: Instance;
  readonly run: Instance;
}

/** What the scheduler asks of those who start and look after runs. */
export interface RunEngine {
  /** Every unfinished job of the scheduler's namespaces, or only those of these definitions, in id order. */
  unfinished(definitions?: readonly string[]): Promise<readonly JobRun[]>;
  /** The run as it is now: what has happened to it is written down, and a next attempt if there is to be one. Undefined when it was removed. */
  settle(run: Instance): Promise<Instance | undefined>;
  /** Starts a run that waits. Undefined when it does not wait any more. `ended` is called when its process has gone. */
  start(run: Instance, ended: () => void): Promise<Instance | undefined>;
  /** Says in the row of a run that waits why it does. */
  explain(run: JobRun, why: string): Promise<void>;
  /** Stops a job: to make room for another, or because of the machine. */
  stop(job: Instance, reason: 'overlap' | 'condition'): Promise<void>;
  /** Puts a job into the store that takes up the work of another, which is about to be stopped because the machine came into use. */
  startAgain(one: JobRun): Promise<JobRun>;
  /** Whether such a job is still wanted, once the other has ended; one that is not is removed. */
  isStillWanted(one: JobRun): Promise<boolean>;
  /** False: others start runs and look after them, and nobody calls `ended`. Default: true. */
  readonly keepsRuns?: boolean;
  /** Whether somebody else has written to the store since this was last asked: a run that was started now is met soon then. Default: nobody knows. */
  othersWrote?(): boolean;
}
