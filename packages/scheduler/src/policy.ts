import { parseDuration } from '@nightshift/sdk';
import type { CatchUpPolicy } from './catch-up.ts';

/** What to do about a due time while an instance of its definition is unfinished. Source: scheduled-jobs.md 7.4. */
export type OverlapPolicy = 'IgnoreNew' | 'Parallel' | 'Queue' | 'StopExisting';

/** How the due times of a definition are dealt with. */
export interface SchedulePolicy {
  readonly overlap: OverlapPolicy;
  /** Cap of `Parallel`. */
  readonly maxParallel: number;
  /** How many wait with `Queue`. */
  readonly queueLimit: number;
  readonly catchUp: CatchUpPolicy;
  readonly conditions: Conditions;
}

/** What the machine has to offer when something is due. Source: scheduled-jobs.md section 6. */
export interface Conditions {
  /** A network besides the machine's own. */
  readonly network: boolean;
  /** Power that is not a battery's. */
  readonly mains: boolean;
  /** That nobody uses it: a machine that cannot say so does not meet it. Asked for only where `onUnknownCondition` is `skip`. */
  readonly idle: boolean;
}

/** The part of `options:` of a definition that speaks about this; every value has been checked with its file. */
interface Options {
  readonly multipleInstancePolicy?: OverlapPolicy;
  readonly maxParallel?: number;
  readonly queueLimit?: number;
  readonly runWithoutNetwork?: boolean;
  readonly requireNetwork?: boolean;
  readonly startIfOnBatteries?: boolean;
  readonly startIfOnBattery?: boolean;
  readonly startIfNotIdle?: boolean;
  readonly startIfIdle?: boolean;
  readonly onUnknownCondition?: 'run' | 'skip';
  readonly catchUp?: { readonly policy: CatchUpPolicy['policy']; readonly window?: string; readonly limit?: number };
}

const KEYS: readonly (keyof Options)[] = ['multipleInstancePolicy', 'maxParallel', 'queueLimit', 'runWithoutNetwork', 'requireNetwork', 'startIfOnBatteries', 'startIfOnBattery', 'startIfNotIdle', 'startIfIdle', 'catchUp'];

/** Shared: most definitions say nothing of their own. */
const DEFAULT: SchedulePolicy = { overlap: 'IgnoreNew', maxParallel: 10, queueLimit: 1, catchUp: { policy: 'latest', limit: 100 }, conditions: { network: false, mains: true, idle: false } };

/** The policy that a definition's `options:` ask for, with the defaults of the definition reference. */
export function policyOf(options: Readonly<Record<string, unknown>> | undefined): SchedulePolicy {
  if (options === undefined || !KEYS.some((key) => key in options)) return DEFAULT;
  const { multipleInstancePolicy: overlap, maxParallel, queueLimit, catchUp, ...rest } = options as Options;
  const { runWithoutNetwork = rest.requireNetwork !== true, startIfOnBatteries = rest.startIfOnBattery ?? false, startIfNotIdle = rest.startIfIdle !== true } = rest;
  return {
    conditions: { network: !runWithoutNetwork, mains: !startIfOnBatteries, idle: !startIfNotIdle && rest.onUnknownCondition === 'skip' },
    overlap: overlap ?? DEFAULT.overlap,
    maxParallel: maxParallel ?? DEFAULT.maxParallel,
    queueLimit: queueLimit ?? DEFAULT.queueLimit,
    catchUp: catchUp === undefined ? DEFAULT.catchUp : { policy: catchUp.policy, limit: catchUp.limit ?? 100, ...(catchUp.window === undefined ? {} : { window: parseDuration(catchUp.window) }) },
  };
}
