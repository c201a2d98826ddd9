import type { Instance, JobErrorFacts, JobOrigin, SkipReason } from '@nightshift/sdk';

/** What the scheduler says of itself while it works, one line each. */
export type SchedulerEvent =
  /** `metrics`: the address at which whoever runs the scheduler answers with metrics; absent: nowhere. */
  | { readonly event: 'ready'; readonly definitions: number; readonly triggers: number; readonly nextDueAt: Date | undefined; readonly metrics?: string }
  | { readonly event: 'definition'; readonly definition: string; readonly change: 'added' | 'changed' | 'removed' }
  /** `kept`: the last good version goes on. */
  | { readonly event: 'broken'; readonly definition: string; readonly errors: readonly JobErrorFacts[]; readonly kept: boolean }
  /** Its triggers are not those of the file, but those that another scheduler has read later: one of `others`, which whoever runs the scheduler may know. */
  | { readonly event: 'differs'; readonly definition: string; readonly others: readonly string[] }
  | { readonly event: 'started'; readonly definition: string; readonly triggerId: number; readonly dueAt: Date; readonly job: number; readonly instanceId: string; readonly catchUp: boolean; readonly waits: 'queue' | 'time' | undefined; readonly text: string | undefined }
  /** A due time waits for an idle machine. */
  | { readonly event: 'waiting'; readonly definition: string; readonly triggerId: number; readonly dueAt: Date; readonly text: string | undefined }
  /** A job is stopped, or started again, because of the machine. */
  | { readonly event: 'condition'; readonly definition: string; readonly job: number; readonly instanceId: string; readonly text: string }
  | { readonly event: 'skipped'; readonly definition: string; readonly triggerId: number; readonly dueAt: Date; readonly lastDueAt: Date; readonly count: number; readonly reason: SkipReason; readonly instanceId: string | undefined; readonly text: string | undefined }
  | { readonly event: 'ended'; readonly definition: string; readonly job: number; readonly instanceId: string; readonly origin: JobOrigin; readonly run: Instance }
  /** An attempt has failed, and another (`attempt`) will be made by `run`. */
  | { readonly event: 'retry'; readonly definition: string; readonly job: number; readonly instanceId: string; readonly attempt: number; readonly notBefore: Date | undefined; readonly statusMessage: string | undefined; readonly origin: JobOrigin; readonly run: Instance }
  /** The wall clock was put on (or, below zero, back) by so many milliseconds. `voided` rows had been made by a clock that ran ahead. */
  | { readonly event: 'clockChanged'; readonly by: number; readonly voided: number }
  | { readonly event: 'clockImplausible'; readonly now: Date }
  /** Something keeps it from its work; it tries again every second, and says so when it goes on. */
  | { readonly event: 'trouble'; readonly error: JobErrorFacts }
  | { readonly event: 'recovered'; readonly code: string }
  /** Somebody who was to be told was not, and no further try is made: of one event, or of all that were left of a hook that is gone. Said by the host's teller. */
  | { readonly event: 'untold'; readonly definition: string | undefined; readonly hook: string; readonly id: string | undefined; readonly tries: number | undefined; readonly problem: string }
  | { readonly event: 'stopping'; readonly running: number };

/** What keeps somebody from work, and that it does not any more. */
export type TroubleEvent = Extract<SchedulerEvent, { event: 'trouble' | 'recovered' }>;

/** Takes what is said. */
export type Report = (event: SchedulerEvent) => void;
