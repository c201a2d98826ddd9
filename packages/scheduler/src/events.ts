import type { Instance, JobErrorFacts, SkipReason } from '@nightshift/sdk';

/** What the scheduler says of itself while it works, one line each. */
export type SchedulerEvent =
  | { readonly event: 'ready'; readonly definitions: number; readonly triggers: number; readonly nextDueAt: Date | undefined }
  | { readonly event: 'definition'; readonly definition: string; readonly change: 'added' | 'changed' | 'removed' }
  /** `kept`: the last good version goes on. */
  | { readonly event: 'broken'; readonly definition: string; readonly errors: readonly JobErrorFacts[]; readonly kept: boolean }
  | { readonly event: 'started'; readonly definition: string; readonly triggerId: number; readonly dueAt: Date; readonly job: number; readonly instanceId: string; readonly catchUp: boolean; readonly waits: 'queue' | 'time' | undefined }
  | { readonly event: 'skipped'; readonly definition: string; readonly triggerId: number; readonly dueAt: Date; readonly lastDueAt: Date; readonly count: number; readonly reason: SkipReason; readonly instanceId: string | undefined; readonly text: string | undefined }
  | { readonly event: 'ended'; readonly definition: string; readonly job: number; readonly instanceId: string; readonly run: Pick<Instance, 'state' | 'reason' | 'statusMessage' | 'attempt'> }
  /** An attempt has failed, and another will be made. */
  | { readonly event: 'retry'; readonly definition: string; readonly job: number; readonly instanceId: string; readonly attempt: number; readonly notBefore: Date | undefined; readonly statusMessage: string | undefined }
  /** The wall clock was put on (or, below zero, back) by so many milliseconds. `voided` rows had been made by a clock that ran ahead. */
  | { readonly event: 'clockChanged'; readonly by: number; readonly voided: number }
  | { readonly event: 'clockImplausible'; readonly now: Date }
  /** Something keeps it from its work; it tries again every second, and says so when it goes on. */
  | { readonly event: 'trouble'; readonly error: JobErrorFacts }
  | { readonly event: 'recovered'; readonly code: string }
  /** Somebody who was to be told was not, and no further try is made: of one event, or of all that were left of a hook that is gone. Said by the host's teller. */
  | { readonly event: 'untold'; readonly definition: string | undefined; readonly hook: string; readonly id: string | undefined; readonly tries: number | undefined; readonly problem: string }
  | { readonly event: 'stopping'; readonly running: number };

/** Takes what is said. */
export type Report = (event: SchedulerEvent) => void;
