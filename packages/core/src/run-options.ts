import { JobError, parseDuration, type Definition, type NewInstance, type RetryPolicy, type RunFacts, type StopConditions } from '@nightshift/sdk';

/** The part of `options:` of a definition that speaks about a run; every value has been checked with its file. */
interface Options {
  readonly timeout?: string | 0;
  readonly gracePeriod?: string | 0;
  readonly retry?: { readonly limit?: number; readonly delay?: string | 0; readonly factor?: number; readonly maxDelay?: string | 0; readonly onInterrupted?: boolean };
  readonly startIfOnBatteries?: boolean;
  readonly stopIfGoingOnBatteries?: boolean;
  readonly startIfNotIdle?: boolean;
  readonly idleDuration?: string | 0;
  readonly stopIfGoingOffIdle?: boolean;
  readonly restartOnIdleResume?: boolean;
  readonly route?: string;
  readonly cap?: { readonly key: string; readonly limit?: number };
}

/** How each run of a definition is carried out. */
export type RunOptions = Pick<RunFacts, 'timeout' | 'gracePeriod' | 'retry' | 'maxResultCount' | 'stopConditions'>;

const MAX_RESULT_COUNT = 32;
const IDLE_DURATION = '10m';
const RETRY = { limit: 0, delay: '10s', factor: 2, maxDelay: '10m', onInterrupted: false } as const;

/** What triggered and run-now runs obey, with the defaults of the definition reference. On demand nothing of it counts. Source: scheduled-jobs.md 6 and 14. */
export function runOptionsOf({ options, maxResultCount }: Definition): RunOptions {
  const { timeout, gracePeriod, retry } = (options ?? {}) as Options;
  return {
    maxResultCount: maxResultCount ?? MAX_RESULT_COUNT,
    ...(timeout === undefined ? {} : { timeout: millisecondsOf(timeout) }),
    ...(gracePeriod === undefined ? {} : { gracePeriod: millisecondsOf(gracePeriod) }),
    ...retryOf({ ...RETRY, ...retry }),
    ...stopConditionsOf((options ?? {}) as Options),
  };
}

/** Where in the queue of an engine a run of a definition stands, whoever puts it there. */
export function queuePlaceOf({ options }: Pick<Definition, 'options'>): Pick<NewInstance, 'route' | 'cap'> {
  const { route, cap } = (options ?? {}) as Options;
  return { ...(route === undefined ? {} : { route }), ...(cap === undefined ? {} : { cap: { limit: 1, ...cap } }) };
}

/** Most definitions ask for the same: one object for all of them. */
const ON_BATTERY: { readonly stopConditions: StopConditions } = { stopConditions: { onBattery: 'always' } };

/**
 * What may begin on battery, or while somebody uses the machine, ends only when the machine changes. What was stopped because
 * the machine came into use is started again only where it is stopped for that.
 */
function stopConditionsOf({ startIfOnBatteries = false, stopIfGoingOnBatteries = true, startIfNotIdle = true, stopIfGoingOffIdle = false, restartOnIdleResume = false, idleDuration = IDLE_DURATION }: Options): { readonly stopConditions?: StopConditions } {
  const onBattery = stopIfGoingOnBatteries ? ({ onBattery: startIfOnBatteries ? 'change' : 'always' } as const) : {};
  if (!stopIfGoingOffIdle) return onBattery.onBattery === 'always' ? ON_BATTERY : stopIfGoingOnBatteries ? { stopConditions: onBattery } : {};
  const restarts = restartOnIdleResume ? ({ restarts: true } as const) : {};
  return { stopConditions: { ...onBattery, inUse: startIfNotIdle ? 'change' : 'always', idleDuration: millisecondsOf(idleDuration), ...restarts } };
}

function retryOf({ limit, delay, factor, maxDelay, onInterrupted }: Required<NonNullable<Options['retry']>>): { readonly retry?: RetryPolicy } {
  return limit === 0 ? {} : { retry: { limit, delay: millisecondsOf(delay), factor, maxDelay: millisecondsOf(maxDelay), onInterrupted } };
}

/** A file may say a bare 0. */
function millisecondsOf(duration: string | 0): number {
  return parseDuration(String(duration));
}

/** Options that are checked and not honoured by this version, each with the value that asks for nothing: a job that asks for one must not run without it. */
const NOT_HONOURED: Readonly<Record<string, unknown>> = { outputLimit: undefined };

export function refusedOptions(definition: Definition): readonly JobError[] {
  const { options = {} } = definition;
  return Object.keys(NOT_HONOURED).filter((key) => options[key] !== undefined && options[key] !== NOT_HONOURED[key]).map((key) => {
    const place = definition.place?.(['options', key], 'key') ?? { file: definition.location };
    return new JobError({ ...place, code: 'DefinitionValueInvalid', message: `options.${key} is not supported by this version` });
  });
}
