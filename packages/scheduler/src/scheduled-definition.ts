import type { SchedulePolicy } from './policy.ts';

/** A definition as the scheduler keeps it: small, for there may be a hundred thousand. `Plan` is what makes its jobs. */
export interface ScheduledDefinition<Plan = unknown> {
  /** `<namespace>/<name in lower case>`. */
  readonly key: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly triggers: readonly ScheduledTrigger[];
  readonly policy: SchedulePolicy;
  readonly plan: Plan;
}

/** One entry of `triggers:`. */
export interface ScheduledTrigger {
  readonly id: number;
  readonly enabled: boolean;
  /** What it means, zone included (revision.ts); it is opened from this. */
  readonly revision: string;
}
