/** What the verbs of the library may be told: one table a verb. Everything is checked here, before there is a job; behind it nothing asks again. */
import type { JobSelector, ListOptions } from '@nightshift/core';
import { JOB_STATES, STREAM_NAMES } from '@nightshift/sdk';
import type { HostOptions } from './create-host.ts';
import type { Nightshift, ReceiveOptions, StartOptions } from './nightshift.ts';
import { abortSignal, callback, checkOptions, date, duration, environment, filledFolder, flag, isMap, listOf, oneOf, plainValue, refused, text, wholeNumber, wrongForm, type Check, type Checks } from './option-kinds.ts';
import { formOf } from './what-to-run.ts';

const jobName: Check = (value, name) => {
  text(value, name);
  if ((value as string).length > 256) throw refused('ParameterArgumentValidationError', `a job's name has at most 256 characters, not ${(value as string).length}`);
};

const id: Check = (value, name) => {
  if (!Number.isInteger(value)) throw wrongForm(name, 'an id, which is a whole number', value);
  if ((value as number) < 1 || !Number.isSafeInteger(value)) throw refused('ParameterArgumentValidationError', `${name}: no job can have the id ${value}: ids begin with 1`);
};

/** Digits as text are an id as well. */
const word: Check = (value, name) => {
  if (typeof value === 'number') id(value, name);
  else if (typeof value !== 'string') throw wrongForm(name, 'an id, an instance id or a name', value);
  else if (/^-?\d+$/.test(value)) id(Number(value), name);
};

const jsonValue: Check = (value, name) => {
  try {
    if (JSON.stringify(value) !== undefined) return;
  } catch {
    // A ring, or a bigint.
  }
  throw refused('ArgumentInvalid', `${name} is no JSON value`);
};

/** Of a key and a value; `before` and `after` take a time. */
const filter: Check = (value, name) => {
  listOf(text)(value, name);
  const [key, wanted, ...others] = value as readonly string[];
  if (key === undefined || wanted === undefined || others.length > 0) throw wrongForm(name, 'a key and a value', value);
  if (/^(?:before|after)$/i.test(key) && Number.isNaN(Date.parse(wanted))) throw wrongForm(`${name}, ${key},`, 'a time in ISO 8601', wanted);
};

const position: Check = (value, name) => {
  if (value instanceof Date) date(value, name);
  else if (value !== 'cursor' && value !== 'start') throw wrongForm(name, '"cursor", "start" or a Date', value);
};

/** -1 waits for ever, as on the command line. */
const timeToWait: Check = (value, name) => {
  if (value !== -1 && value !== '-1') duration(value, name);
};

type OptionsOf<Verb extends keyof Nightshift, Position extends number> = Nightshift[Verb] extends (...words: infer Words) => unknown ? NonNullable<Required<Words>[Position & keyof Words]> : never;

export const OPEN_OPTIONS: Checks<HostOptions> = {
  environment: (value, name) => {
    if (!isMap(value)) throw wrongForm(name, 'an object of names and values', value);
  },
  workingDirectory: text, configFile: text, umask: wholeNumber(0, 0o777), warn: callback, shim: text, codeHost: listOf(text), pluginProcess: listOf(text), threadHost: listOf(text), plugins: listOf(() => {}),
};

export const START_OPTIONS: Checks<StartOptions> = {
  name: jobName,
  argumentList: listOf(plainValue),
  environment,
  inputObject: listOf(jsonValue),
  initializationScript: text,
  timeout: duration,
  gracePeriod: duration,
  successExitCodes: listOf(wholeNumber(0, 255)),
  outputFormat: oneOf(['text', 'ndjson']),
  mergeStreams: flag,
  workingDirectory: filledFolder,
  persist: flag,
};

export const LIST_OPTIONS: Checks<ListOptions> = {
  all: flag, newest: wholeNumber(1), children: oneOf(['all', ...JOB_STATES]), hasMoreData: flag, before: date, after: date, type: text, definition: text, attempts: flag,
};

export const RECEIVE_OPTIONS: Checks<ReceiveOptions> = {
  streams: listOf(oneOf(STREAM_NAMES)), from: position, keep: flag, tail: wholeNumber(0), follow: flag, signal: abortSignal,
};

export const WAIT_OPTIONS: Checks<OptionsOf<'waitJob', 1>> = { any: flag, timeout: timeToWait, signal: abortSignal };
export const STOP_OPTIONS: Checks<OptionsOf<'stopJob', 1>> = { force: flag, gracePeriod: duration };
export const SUSPEND_OPTIONS: Checks<OptionsOf<'suspendJob', 1>> = { wait: flag, force: flag };
export const REMOVE_OPTIONS: Checks<OptionsOf<'removeJob', 1>> = { force: flag };

const SELECTOR: Checks<JobSelector> = {
  words: listOf(word), ids: listOf(id), instanceIds: listOf(text), names: listOf(text), states: listOf(oneOf(JOB_STATES)), command: text, filters: listOf(filter),
};

/** Throws `MissingMandatoryParameter` where no job is meant at all. */
export function checkJobs(jobs: unknown): void {
  if (jobs === undefined || jobs === null) throw refused('MissingMandatoryParameter', 'say which jobs: an id, a name, an instance id, several of them, or conditions');
  if (isMap(jobs)) checkOptions(jobs, SELECTOR, 'a selector of jobs');
  else if (Array.isArray(jobs)) listOf(word)(jobs, 'jobs');
  else word(jobs, 'jobs');
}

/** Options of a start that a definition leaves open; input is for those that run JavaScript. */
const BESIDE_A_DEFINITION = ['workingDirectory', 'persist', 'inputObject'];
/** The same beside the spec of a type; the values of its argument list may be anything. */
const BESIDE_A_SPEC = [...BESIDE_A_DEFINITION, 'name', 'argumentList'];

/** What to run and how, held against each other as well. */
export function checkStart(what: unknown, options: unknown): void {
  const form = formOf(what);
  checkOptions(options, START_OPTIONS, 'startJob');
  const given = Object.entries(options as object).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const foreign = form === 'definitionName' ? given.find((name) => !BESIDE_A_DEFINITION.includes(name)) : undefined;
  if (foreign !== undefined) throw refused('AmbiguousParameterSet', `${foreign} cannot be used with definitionName`, 'the definition says it');
  const strange = form === 'spec' ? given.find((name) => !BESIDE_A_SPEC.includes(name)) : undefined;
  if (strange !== undefined) throw refused('AmbiguousParameterSet', `${strange} cannot be used with a spec`, 'the spec says it, as its type wants it');
  const { inputObject } = options as StartOptions;
  if (inputObject !== undefined && !['definitionName', 'spec'].includes(form)) listOf(text)(inputObject, 'inputObject');
  if (form === 'program' && given.includes('argumentList')) throw refused('InvalidParameterCombination', 'argumentList goes with a text or a file', 'the arguments of a program stand behind it: [program, ...args]');
}
