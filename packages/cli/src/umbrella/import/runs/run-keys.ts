import { FINISHED_STATES, JOB_STATES, NAME_PATTERN } from '@nightshift/sdk';

/** What the value of a key must be: the test, and the words for it. */
export type Kind = readonly [is: (value: unknown) => boolean, words: string];

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const SIGNAL = /^SIG[A-Z0-9+-]{1,12}$/;
const NAME = new RegExp(NAME_PATTERN);
const REASONS: readonly unknown[] = ['exit', 'signal', 'timeout', 'stopped', 'interrupted', 'spawn', 'dependency', 'overlap', 'condition', 'error'];

const isText = (value: unknown): value is string => typeof value === 'string';
const isId = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
const isTime = (value: unknown): boolean => isText(value) && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value;

function orNull([is, words]: Kind): Kind {
  return [(value) => value === null || is(value), `${words}, or null`];
}

const TEXT: Kind = [isText, 'a text'];
const ID: Kind = [isId, 'a whole number from 1 up'];
const BOOLEAN: Kind = [(value) => typeof value === 'boolean', 'true or false'];
const TIME: Kind = [isTime, 'a time as 2026-11-22T03:00:00.000Z'];
const TYPE: Kind = [(value) => isText(value) && NAME.test(value), 'the name of a job type'];
const OBJECT: Kind = [(value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'an object'];

type Keys = Readonly<Record<string, Kind>>;

/** How an attempt ended; a job says the same of its last one. */
const END: Keys = {
  beginTime: orNull(TIME),
  endTime: orNull(TIME),
  reason: orNull([(value) => REASONS.includes(value), `one of ${REASONS.join(', ')}`]),
  statusMessage: TEXT,
  exitCode: orNull([Number.isSafeInteger, 'a whole number']),
  signal: orNull([(value) => isText(value) && SIGNAL.test(value), 'a signal as SIGTERM']),
};

export const ATTEMPT_KEYS: Keys = { attempt: ID, ...END };

/** The keys of a job as get-job prints them, all of them there; `attempts` may stand beside them. */
export const RUN_KEYS: Keys = {
  id: ID,
  instanceId: [(value) => isText(value) && UUID_7.test(value), 'a UUID of version 7, in lower case'],
  name: [(value) => isText(value) && value !== '', 'a text that is not empty'],
  type: TYPE,
  state: [(value) => (JOB_STATES as readonly unknown[]).includes(value), `one of ${JOB_STATES.join(', ')}`],
  hasMoreData: BOOLEAN,
  location: TEXT,
  command: TEXT,
  ...END,
  childJobs: [(value) => Array.isArray(value) && value.every(isId), 'a list of ids'],
  definition: orNull(OBJECT),
  origin: OBJECT,
  attempt: ID,
};

export const DEFINITION_KEYS: Keys = { name: TEXT, path: TEXT };

/** By `kind`. */
export const ORIGIN_KEYS: Readonly<Record<string, Keys>> = {
  demand: { kind: TEXT, runNow: BOOLEAN },
  trigger: { kind: TEXT, triggerId: TEXT, dueAt: TIME, catchUp: BOOLEAN },
  parent: { kind: TEXT, parentId: ID },
};

export const ATTEMPTS: Kind = [(value) => Array.isArray(value) && value.every(OBJECT[0]), 'a list of attempts'];

export function isEnded(state: unknown): boolean {
  return (FINISHED_STATES as readonly unknown[]).includes(state);
}
