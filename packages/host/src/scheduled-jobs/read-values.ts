/** What a verb was told about a definition, read and checked: the values that are to stand in its file. */
import { checkTimeZone, refusal } from '@nightshift/scheduler';
import { JobError, parseDuration, type JobErrorFacts } from '@nightshift/sdk';
import { everySo, type DefinitionValues } from './changes.ts';
import { readOptionText } from './options-text.ts';
import type { TriggerEntry } from './trigger-entry.ts';
import { readTriggerText } from './trigger-text.ts';

/** As it was typed, or as a program says it. */
export interface DefinitionSettings extends Omit<DefinitionValues, 'triggers' | 'options'> {
  /** Each a text with one trigger or several, or an entry as it stands in a file. In place of all that there are. */
  readonly triggers?: readonly (string | object)[];
  /** A text, or the map as it stands in a file. In place of all that there are. */
  readonly options?: string | object;
  /** A duration from one minute up, as text: one more trigger, from now on. */
  readonly runEvery?: string;
}

export interface ReadContext {
  /** Of triggers that name none. */
  readonly timeZone: () => string;
  readonly now: Date;
  /** Code of a wrong `maxResultCount`. */
  readonly ofMaxResultCount: string;
}

export interface ReadValues {
  readonly values: DefinitionValues;
  /** The trigger of `runEvery`. */
  readonly everySo?: TriggerEntry;
  /** Doubts about triggers. */
  readonly warnings: readonly JobErrorFacts[];
}

const SHORTEST = 60_000;

/**
 * Throws everything that is wrong with triggers or options; `TimeZoneInvalid`, `DurationInvalid`; `ParameterArgumentValidationError`
 * for an interval below one minute; the context's code for a count of results.
 */
export function readValues({ triggers, options, runEvery, ...plain }: DefinitionSettings, context: ReadContext): ReadValues {
  const { timeZone: zone, maxResultCount } = plain;
  const issue = zone === undefined ? undefined : checkTimeZone(zone);
  if (issue !== undefined) throw refusal(issue);
  if (maxResultCount !== undefined && !(Number.isSafeInteger(maxResultCount) && maxResultCount >= 1)) throw countless(maxResultCount, context);
  const interval = runEvery === undefined ? undefined : readInterval(runEvery);
  const timeZone = triggers === undefined && interval === undefined ? 'UTC' : (zone ?? context.timeZone());
  const read = triggers?.flatMap((trigger) => readTriggerText(asText(trigger), { timeZone, now: context.now }));
  return {
    values: { ...plain, ...(read === undefined ? {} : { triggers: read.map(({ entry }) => entry) }), ...(options === undefined ? {} : { options: readOptionText(asText(options)) }) },
    ...(interval === undefined ? {} : { everySo: everySo(interval, context.now, timeZone) }),
    warnings: read?.flatMap(({ warnings }) => warnings) ?? [],
  };
}

function asText(value: string | object): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function countless(count: number, { ofMaxResultCount }: ReadContext): JobError {
  return new JobError({ code: ofMaxResultCount, message: `the number of finished runs that are kept is a whole number from 1 up, not ${count}` });
}

function readInterval(text: string): string {
  if (parseDuration(text) >= SHORTEST) return text;
  throw new JobError({ code: 'ParameterArgumentValidationError', message: `an interval of runs is at least one minute, not ${text}`, hint: "a shorter one is a trigger: --trigger '{every: 30s}'" });
}
