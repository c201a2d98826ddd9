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
  /** The machine is to be woken for its due times. */
  readonly wakes: boolean;
}

/** What the machine has to offer when something is due. Source: scheduled-jobs.md section 6. */
export interface Conditions {
  /** A network besides the machine's own. */
  readonly network: boolean;
  /** Power that is not a battery's. */
  readonly mains: boolean;
  /** That nobody has used it for so long, waited for at most so long; milliseconds. Absent: it may be in use. */
  readonly idle?: { readonly duration: number; readonly timeout: number };
  /** What follows where one of them cannot be seen. */
  readonly onUnknown: 'run' | 'skip';
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
  readonly idleDuration?: string | 0;
  readonly idleTimeout?: string | 0;
  readonly wakeToRun?: boolean;
  readonly onUnknownCondition?: 'run' | 'skip';
  readonly catchUp?: { readonly policy: CatchUpPolicy['policy']; readonly window?: string; readonly limit?: number };
}

const KEYS: readonly (keyof Options)[] = ['multipleInstancePolicy', 'maxParallel', 'queueLimit', 'runWithoutNetwork', 'requireNetwork', 'startIfOnBatteries', 'startIfOnBattery', 'startIfNotIdle', 'startIfIdle', 'onUnknownCondition', 'wakeToRun', 'catchUp'];

/** Shared: most definitions say nothing of their own. */
const DEFAULT: SchedulePolicy = { overlap: 'IgnoreNew', maxParallel: 10, queueLimit: 1, catchUp: { policy: 'latest', limit: 100 }, conditions: { network: false, mains: true, onUnknown: 'run' }, wakes: false };

/** The policy that a definition's `options:` ask for, with the defaults of the definition reference. */
export function policyOf(options: Readonly<Record<string, unknown>> | undefined): SchedulePolicy {
  if (options === undefined || !KEYS.some((key) => key in options)) return DEFAULT;
  const { multipleInstancePolicy: overlap, maxParallel, queueLimit, catchUp, ...rest } = options as Options;
  const { runWithoutNetwork = rest.requireNetwork !== true, startIfOnBatteries = rest.startIfOnBattery ?? false, startIfNotIdle = rest.startIfIdle !== true } = rest;
  return {
    conditions: { network: !runWithoutNetwork, mains: !startIfOnBatteries, ...(startIfNotIdle ? {} : { idle: idleOf(rest) }), onUnknown: rest.onUnknownCondition ?? 'run' },
    wakes: rest.wakeToRun ?? false,
    overlap: overlap ?? DEFAULT.overlap,
    maxParallel: maxParallel ?? DEFAULT.maxParallel,
    queueLimit: queueLimit ?? DEFAULT.queueLimit,
    catchUp: catchUp === undefined ? DEFAULT.catchUp : { policy: catchUp.policy, limit: catchUp.limit ?? 100, ...(catchUp.window === undefined ? {} : { window: parseDuration(catchUp.window) }) },
  };
}

function idleOf({ idleDuration = '10m', idleTimeout = '1h' }: Options): NonNullable<Conditions['idle']> {
  return { duration: parseDuration(String(idleDuration)), timeout: parseDuration(String(idleTimeout)) };
}
