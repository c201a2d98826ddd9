import { STREAM_NAMES, type ChildCommandRequest, type ChildJobRequest, type CommandLine, type JobOutcome, type StreamName, type StreamRecords } from '@nightshift/sdk';
import { quote } from './quote.ts';

/** Versions of the stdio protocol that we speak. */
export const PROTOCOLS: readonly number[] = [1];

/** What a line may be long, in bytes, in either direction. */
export const LONGEST_LINE = 1_048_576;

/** As in the SDK: text with which a later host finds a run again. */
const LONGEST_TOKEN = 4_096;

/** One record of one stream. */
export type StreamRecord = { readonly [Name in StreamName]: { readonly stream: Name; readonly value: StreamRecords[Name] } }[StreamName];

/** A message of the program, checked. Source: the plugin contract, section 6. */
export type Message =
  | { readonly type: 'ready'; readonly protocol: number }
  | { readonly type: 'prepared'; readonly token?: string }
  | { readonly type: 'record'; readonly record: StreamRecord }
  | { readonly type: 'blocked'; readonly prompt: string }
  | { readonly type: 'startChild'; readonly ref: string; readonly request: ChildJobRequest | ChildCommandRequest }
  | { readonly type: 'stopChild'; readonly ref: string; readonly reason?: string }
  | { readonly type: 'suspended' }
  | { readonly type: 'resumed' }
  | { readonly type: 'outcome'; readonly outcome: SaidOutcome };

/** An outcome as it was said: the reason of a Stopped may be left out. */
export type SaidOutcome = Exclude<JobOutcome, { state: 'Stopped' }> | { readonly state: 'Stopped'; readonly reason?: string };

/** What is wrong with a line: the end of the run. */
export interface Fault {
  /** `StdioProtocolViolation`: no message at all, or not now. `PluginMessageInvalid`: a known message with wrong members. `StdioProtocolUnsupported`: no common version. */
  readonly code: 'StdioProtocolViolation' | 'PluginMessageInvalid' | 'StdioProtocolUnsupported';
  /** Goes on from "the program … " and needs no line to be understood. */
  readonly why: string;
}

/** A line comes to a message, to nothing (of a type that a later version may know), or to a fault. Never throws. */
export function readMessage(bytes: Buffer): { readonly message?: Message; readonly fault?: Fault } {
  const text = decode(bytes);
  if (text === undefined) return fault('StdioProtocolViolation', 'wrote a line that is not UTF-8');
  const value = parse(text);
  if (!isMap(value)) return fault('StdioProtocolViolation', 'wrote a line that is not a JSON object');
  if (typeof value['type'] !== 'string') return fault('StdioProtocolViolation', 'wrote a JSON object without a "type"');
  const read = READERS.get(value['type']);
  if (read === undefined) return {};
  const result = read(value);
  return typeof result === 'string' ? fault('PluginMessageInvalid', `sent a wrong message "${value['type']}": ${result}`) : { message: result };
}

type Values = Readonly<Record<string, unknown>>;

/** Answers with the message, or says what is wrong with it. */
type Reader = (value: Values) => Message | string;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['ready', ({ protocol }) => (Number.isSafeInteger(protocol) ? { type: 'ready', protocol: protocol as number } : '"protocol" must be a whole number')],
  ['prepared', readPrepared],
  ['record', readRecord],
  ['blocked', ({ prompt }) => (typeof prompt === 'string' ? { type: 'blocked', prompt } : '"prompt" must be a text')],
  ['startChild', readStartChild],
  ['stopChild', readStopChild],
  ['suspended', () => ({ type: 'suspended' })],
  ['resumed', () => ({ type: 'resumed' })],
  ['outcome', readOutcome],
]);

function readPrepared({ token }: Values): Message | string {
  if (token === undefined) return { type: 'prepared' };
  if (typeof token !== 'string' || token.length > LONGEST_TOKEN) return `"token" must be a text of at most ${LONGEST_TOKEN} characters`;
  return { type: 'prepared', token };
}

function readStartChild({ ref, jobType, name, spec, command }: Values): Message | string {
  if (typeof ref !== 'string') return '"ref" must be a text';
  if (name !== undefined && typeof name !== 'string') return '"name" must be a text';
  const named = name === undefined ? {} : { name };
  if (command === undefined) {
    if (typeof jobType !== 'string' || jobType === '') return '"jobType" must be the name of a job type';
    return { type: 'startChild', ref, request: { type: jobType, spec, ...named } };
  }
  if (jobType !== undefined) return '"command" stands in the place of "jobType"';
  // What is in it is judged where it is started, as that of every plugin.
  return isMap(command) ? { type: 'startChild', ref, request: { command: command as unknown as CommandLine, ...named } } : '"command" must be an object with "argv"';
}

function readStopChild({ ref, reason }: Values): Message | string {
  if (typeof ref !== 'string') return '"ref" must be a text';
  if (reason !== undefined && typeof reason !== 'string') return '"reason" must be a text';
  return { type: 'stopChild', ref, ...(reason === undefined ? {} : { reason }) };
}

function readOutcome({ state, error, reason, exitCode }: Values): Message | string {
  if (exitCode !== undefined && !(Number.isSafeInteger(exitCode) && (exitCode as number) >= 0)) return '"exitCode" must be a whole number, not below 0';
  const facts = exitCode === undefined ? {} : { exitCode: exitCode as number };
  if (state === 'Completed') return { type: 'outcome', outcome: { state, ...facts } };
  if (state === 'Stopped') {
    if (reason !== undefined && typeof reason !== 'string') return '"reason" must be a text';
    return { type: 'outcome', outcome: { state, ...(reason === undefined ? {} : { reason }) } };
  }
  if (state !== 'Failed') return '"state" must be Completed, Failed or Stopped';
  const cause = readFailure(error);
  return typeof cause === 'string' ? cause : { type: 'outcome', outcome: { state, error: cause, ...facts } };
}

/** A failure without an explanation is a failure all the same. */
function readFailure(value: unknown): Error | string {
  if (value === undefined || value === null) return new Error('the program has not said why');
  if (!isMap(value) || typeof value['message'] !== 'string') return '"error" must be an object with a text "message"';
  const { message, code } = value;
  if (code === undefined) return new Error(message as string);
  return typeof code === 'string' ? Object.assign(new Error(message as string), { code }) : '"error.code" must be a text';
}

function readRecord({ stream, value }: Values): Message | string {
  const name = STREAM_NAMES.find((known) => known === stream);
  if (name === undefined) return `"stream" must be one of ${STREAM_NAMES.join(', ')}`;
  if (value === undefined) return '"value" is missing';
  const problem = RECORD_PROBLEMS[name](value);
  return problem ?? { type: 'record', record: { stream: name, value: pick(value, RECORD_MEMBERS[name]) } as StreamRecord };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? undefined : '"value" must be a text');

/** What is wrong with a record's value; undefined: nothing. */
const RECORD_PROBLEMS: Readonly<Record<StreamName, (value: unknown) => string | undefined>> = {
  output: () => undefined,
  error: (value) => wrongMember(value, { message: 'text!', code: 'text', stack: 'text', terminating: 'boolean' }),
  warning: text,
  verbose: text,
  debug: text,
  information: (value) => wrongMember(value, { message: 'any!', tags: 'texts' }),
  progress: (value) => wrongMember(value, { activity: 'text!', status: 'text', percent: 'percent', completed: 'boolean' }),
};

/** Members of a record that are objects of ours; what else stands there is not passed on. */
const RECORD_MEMBERS: Readonly<Partial<Record<StreamName, readonly string[]>>> = {
  error: ['message', 'code', 'stack', 'terminating'],
  information: ['message', 'tags'],
  progress: ['activity', 'status', 'percent', 'completed'],
};

type Kind = 'text' | 'texts' | 'boolean' | 'percent' | 'any';

const KINDS: Readonly<Record<Kind, { readonly words: string; fits(value: unknown): boolean }>> = {
  text: { words: 'a text', fits: (value) => typeof value === 'string' },
  texts: { words: 'a list of texts', fits: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string') },
  boolean: { words: 'true or false', fits: (value) => typeof value === 'boolean' },
  percent: { words: 'a number from 0 to 100', fits: (value) => typeof value === 'number' && value >= 0 && value <= 100 },
  any: { words: 'a value', fits: () => true },
};

/** A kind with an exclamation mark must be there. */
function wrongMember(value: unknown, members: Readonly<Record<string, Kind | `${Kind}!`>>): string | undefined {
  if (!isMap(value)) return '"value" must be an object';
  for (const [name, rule] of Object.entries(members)) {
    const kind = KINDS[rule.replace('!', '') as Kind];
    const isMissing = value[name] === undefined;
    if (isMissing ? rule.endsWith('!') : !kind.fits(value[name])) return `"value.${name}" must be ${kind.words}`;
  }
  return undefined;
}

function pick(value: unknown, names: readonly string[] | undefined): unknown {
  if (names === undefined) return value;
  const map = value as Values;
  return Object.fromEntries(names.filter((name) => map[name] !== undefined).map((name) => [name, map[name]]));
}

// A byte order mark at the beginning, which some systems' libraries write, is no part of the text.
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Buffer): string | undefined {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return undefined;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function fault(code: Fault['code'], why: string): { readonly fault: Fault } {
  return { fault: { code, why } };
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A line as an error shows it: also where it is no text at all. */
export function quoteLine(bytes: Buffer): string {
  // Four bytes make a character at most.
  return quote(bytes.subarray(0, 1_024).toString('utf8'));
}
