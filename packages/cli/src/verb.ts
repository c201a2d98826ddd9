import type { Host, HostOptions } from '@nightshift/host';
import { parseDuration, suggest } from '@nightshift/sdk';
import type { Parsed, VerbTable } from './options/option-table.ts';
import { usage } from './options/usage.ts';
import type { Format } from './print/job.ts';
import type { Voice } from './print/error.ts';

/** A verb: its table, and what it does. One file each. */
export interface Verb {
  readonly table: VerbTable;
  /** Returns the exit status. */
  run(options: Parsed, surroundings: Surroundings): Promise<number>;
}

/** What a verb may know and use. */
export interface Surroundings {
  readonly voice: Voice;
  /** The host, made at the first call. */
  host(options?: HostOptions): Host;
  /** Aborted by Ctrl-C, from the first call on: jobs go on, the verb ends. */
  interrupt(): AbortSignal;
}

/** Every form of a listing; a verb that offers fewer says so itself. */
export function formatOf(options: Parsed, allowed: readonly Format[]): Format {
  if (options.isOn('json') && options.has('output') && options.text('output') !== 'json') throw usage('ParameterAlreadyBound', `--json and --output ${options.text('output')} say different things`);
  const format = (options.isOn('json') ? 'json' : (options.text('output') ?? 'table')) as Format;
  if (allowed.includes(format)) return format;
  const near = suggest(format, allowed);
  throw usage('ParameterArgumentValidationError', `--output takes ${allowed.join(', ')}; not "${format}"`, near === undefined ? undefined : `did you mean ${near}?`);
}

/** A duration of milliseconds; undefined when the flag was not given. */
export function durationOf(options: Parsed, name: string): number | undefined {
  const text = options.text(name);
  return text === undefined ? undefined : parseDuration(text);
}
