/** The kinds of values beside a step's own job: how each is read, and what it looks like to an editor. Side by side, so that the two cannot drift apart. */
import { checkName, isJobError, type JsonSchema, NAME_PATTERN, parseDuration, type RetryPolicy, suggest } from '@nightshift/sdk';
import { isMap, kindOf, type Place } from './complaint.ts';

/** `read` returns the value, or says what is wrong with it. */
export interface ValueKind<Value> {
  read(value: unknown, place: Place): Value | undefined;
  readonly schema: JsonSchema;
}

/** A value and what a reader is told of it. */
export interface Key<Value> {
  readonly value: ValueKind<Value>;
  readonly description: string;
  readonly default?: unknown;
  readonly example: unknown;
}

type Keys = Readonly<Record<string, Key<unknown>>>;

export const boolean: ValueKind<boolean> = {
  read: (value, place) => (typeof value === 'boolean' ? value : place.complain(`must be true or false; it is ${kindOf(value)}`, { hint: 'write true or false, without quotes' })),
  schema: { type: 'boolean' },
};

/** Only true: a step either suspends or runs something. */
export const onlyTrue: ValueKind<true> = {
  read: (value, place) => (value === true ? true : place.complain('must be true: a step that suspends the job does nothing else', { hint: 'write suspend: true, or leave the step out' })),
  schema: { enum: [true] },
};

/** By the rule for names of definitions, since a step's name becomes the name of a job and is typed in a shell. */
export const stepName: ValueKind<string> = {
  read(value, place) {
    if (typeof value !== 'string') return place.complain(`must be text; it is ${kindOf(value)}`);
    try {
      return checkName(value);
    } catch (cause) {
      if (!isJobError(cause)) throw cause;
      return place.complain(`is not a name for a step: ${cause.message}`, cause.hint === undefined ? {} : { hint: cause.hint });
    }
  },
  schema: { type: 'string', pattern: NAME_PATTERN },
};

export const typeName: ValueKind<string> = {
  read: (value, place) => (typeof value === 'string' && value.trim() !== '' ? value : place.complain('must be the name of a job type', { hint: 'leave it out for a BackgroundJob' })),
  schema: { type: 'string', pattern: String.raw`\S` },
};

/** One name stands for a list of one. Whether such steps exist is looked at when all are known. */
export const needs: ValueKind<readonly string[]> = {
  read(value, place) {
    if (typeof value === 'string') return [value];
    if (!Array.isArray(value)) return place.complain(`must be a list of names of steps; it is ${kindOf(value)}`, { hint: 'write, for example, needs: [build, test], or needs: [] for a step that may start at once' });
    return value.flatMap((name, index) => (typeof name === 'string' ? [name] : (place.inside(index).complain(`must be the name of a step; it is ${kindOf(name)}`) ?? [])));
  },
  schema: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
};

/** Milliseconds. */
export const duration: ValueKind<number> = {
  read(value, place) {
    if (typeof value !== 'string' && value !== 0) return place.complain(`must be a duration with a unit; it is ${kindOf(value)}`, { code: 'DurationInvalid', hint: 'write, for example, 30s, 5m or 1h30m' });
    try {
      return parseDuration(String(value));
    } catch (cause) {
      if (!isJobError(cause)) throw cause;
      return place.complain(`is no duration: ${cause.message}`, { code: cause.code, ...(cause.hint === undefined ? {} : { hint: cause.hint }) });
    }
  },
  schema: { anyOf: [{ type: 'string', minLength: 2 }, { enum: [0, '0'] }] },
};

export function count(from: number, to: number): ValueKind<number> {
  return {
    read: (value, place) => (Number.isInteger(value) && (value as number) >= from && (value as number) <= to ? (value as number) : place.complain(`must be a whole number from ${from} to ${to}; it is ${typeof value === 'number' ? value : kindOf(value)}`)),
    schema: { type: 'integer', minimum: from, maximum: to },
  };
}

const factor: ValueKind<number> = {
  read: (value, place) => (typeof value === 'number' && value >= 1 && value <= 1_000 ? value : place.complain(`must be a number from 1 to 1000; it is ${typeof value === 'number' ? value : kindOf(value)}`)),
  schema: { type: 'number', minimum: 1, maximum: 1_000 },
};

/** As under a definition's `options`. */
const RETRY_KEYS = {
  limit: { value: count(0, 10_000), description: 'How many further tries.', default: 0, example: 2 },
  delay: { value: duration, description: 'Before the first one.', default: '10s', example: '1m' },
  factor: { value: factor, description: 'By which the delay grows each time.', default: 2, example: 1.5 },
  maxDelay: { value: duration, description: 'Longest delay.', default: '10m', example: '1h' },
  onInterrupted: { value: boolean, description: 'Also after a try that was cut off.', default: false, example: true },
} as const satisfies Keys;

const NO_RETRY: RetryPolicy = { limit: 0, delay: 10_000, factor: 2, maxDelay: 600_000, onInterrupted: false };

export const retry: ValueKind<RetryPolicy> = {
  read(value, place) {
    if (!isMap(value)) return place.complain(`must be a map of keys; it is ${kindOf(value)}`, { hint: 'write, for example, retry: { limit: 2, delay: 10s }' });
    return { ...NO_RETRY, ...readKeys(value, RETRY_KEYS, place, 'retry') };
  },
  schema: { type: 'object', properties: propertiesOf(RETRY_KEYS), additionalProperties: false },
};

/** Reads a map whose keys are all known; unknown ones are complained about, with the nearest known one. */
export function readKeys(map: Readonly<Record<string, unknown>>, keys: Keys, place: Place, what: string): Readonly<Record<string, unknown>> {
  const given = Object.entries(map).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key, readKey(key, value, keys, place.inside(key), what)]));
}

function readKey(key: string, value: unknown, keys: Keys, place: Place, what: string): unknown {
  if (Object.hasOwn(keys, key)) return (keys[key] as Key<unknown>).value.read(value, place);
  const near = suggest(key, Object.keys(keys));
  return place.complain(`is not a key of ${what}`, { code: 'DefinitionKeyUnknown', at: 'key', ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }) });
}

/** What editors are told of each key. */
export function propertiesOf(keys: Keys): JsonSchema {
  return Object.fromEntries(Object.entries(keys).map(([key, { value, description, default: otherwise, example }]) => [key, { description, ...value.schema, ...(otherwise === undefined ? {} : { default: otherwise }), examples: [example] }]));
}
