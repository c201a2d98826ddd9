import { JobError, parseDuration, type Definition, type RetryPolicy, type RunFacts } from '@nightshift/sdk';

/** The part of `options:` of a definition that speaks about a run; every value has been checked with its file. */
interface Options {
  readonly timeout?: string | 0;
  readonly gracePeriod?: string | 0;
  readonly retry?: { readonly limit?: number; readonly delay?: string | 0; readonly factor?: number; readonly maxDelay?: string | 0; readonly onInterrupted?: boolean };
}

/** How each run of a definition is carried out. */
export type RunOptions = Pick<RunFacts, 'timeout' | 'gracePeriod' | 'retry' | 'maxResultCount'>;

const MAX_RESULT_COUNT = 32;
const RETRY = { limit: 0, delay: '10s', factor: 2, maxDelay: '10m', onInterrupted: false } as const;

/** What triggered and run-now runs obey, with the defaults of the definition reference. On demand nothing of it counts. Source: scheduled-jobs.md 6 and 14. */
export function runOptionsOf({ options, maxResultCount }: Definition): RunOptions {
  const { timeout, gracePeriod, retry } = (options ?? {}) as Options;
  return {
    maxResultCount: maxResultCount ?? MAX_RESULT_COUNT,
    ...(timeout === undefined ? {} : { timeout: millisecondsOf(timeout) }),
    ...(gracePeriod === undefined ? {} : { gracePeriod: millisecondsOf(gracePeriod) }),
    ...retryOf({ ...RETRY, ...retry }),
  };
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
