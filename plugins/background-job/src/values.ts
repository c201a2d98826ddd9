/**
 * The kinds of values that a `job:` part of a BackgroundJob has: how each is read, and what it looks like to an editor. Side by
 * side, so that the two cannot drift apart.
 */
import { anyCase, asciiLower, type JsonSchema, NO_SECRET, SECRET_REFERENCE, secretFault, type SpecIssue, suggest, wordSchema } from '@nightshift/sdk';

/** A place in the map, and how to complain about what stands there. */
export interface Place {
  inside(member: string | number): Place;
  complain(text: string, facts?: Pick<SpecIssue, 'code' | 'hint' | 'at'>): undefined;
}

/** Returns the value, or says what is wrong with it. */
export type Reader<Value> = (value: unknown, place: Place) => Value | undefined;

export interface ValueKind<Value> {
  readonly read: Reader<Value>;
  readonly schema: JsonSchema;
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const INJECTION = /^(?:NODE_OPTIONS|LD_PRELOAD|LD_AUDIT|DYLD_.*)$/i;
const RUNTIME = /^\w[\w.+-]*(?:@\d+(?:\.\d+)*)?$/;
const TEMPLATE = { pattern: String.raw`\{\{[\s\S]*\}\}` };

const TEXT = { type: 'string' };
const FILLED = { type: 'string', pattern: String.raw`\S` };
const PLAIN = { ...FILLED, not: TEMPLATE };
const SCALAR = { type: ['string', 'number', 'boolean'] };

export const filledText: ValueKind<string> = { read: readFilledText, schema: FILLED };

/** Text that is run or opened as it stands: what looks like a template in it would not be filled in. */
export const plainText: ValueKind<string> = { read: (value, place) => withoutTemplate(readFilledText(value, place), place), schema: PLAIN };

export const boolean: ValueKind<boolean> = {
  read: (value, place) => (typeof value === 'boolean' ? value : place.complain(`must be true or false; it is ${kindOf(value)}`, { hint: 'write true or false, without quotes' })),
  schema: { type: 'boolean' },
};

export const command: ValueKind<readonly [string, ...string[]]> = {
  read: readCommand,
  schema: { anyOf: [PLAIN, { type: 'array', minItems: 1, items: [PLAIN], additionalItems: { ...TEXT, not: TEMPLATE } }] },
};

export const runtime: ValueKind<string> = {
  read: (value, place) => (typeof value === 'string' && RUNTIME.test(value) ? value : place.complain('must be a program, or a program and its version as in node@22')),
  schema: { type: 'string', pattern: RUNTIME.source },
};

export const argumentList: ValueKind<readonly string[]> = listOf({ read: (value, place) => readScalar(value, place, { code: 'CannotSerializeData' }), schema: SCALAR }, 'texts, numbers and booleans');

export const inputList: ValueKind<readonly string[]> = listOf({ read: readText, schema: TEXT }, 'texts');

export const exitCodes: ValueKind<readonly number[]> = listOf({ read: readExitCode, schema: { type: 'integer', minimum: 0, maximum: 255 } }, 'exit codes');

export const environment: ValueKind<Readonly<Record<string, string>>> = variablesOf({ read: readScalar, schema: SCALAR });

/** Names to references. Nothing here repeats a value: it may be the secret itself. */
export const secrets: ValueKind<Readonly<Record<string, string>>> = variablesOf({ read: readReference, schema: { type: 'string', pattern: SECRET_REFERENCE.source } }, { check: checkSecretName, taken: NO_SECRET });

/** One of several words in any case. */
export function oneOf<const Word extends string>(words: readonly Word[]): ValueKind<Word> {
  const read: Reader<Word> = (value, place) => {
    const word = typeof value === 'string' ? words.find((known) => asciiLower(known) === asciiLower(value)) : undefined;
    if (word !== undefined) return word;
    const near = typeof value === 'string' ? suggest(value, words) : undefined;
    return place.complain(`must be one of ${words.join(', ')}`, near === undefined ? {} : { hint: `did you mean "${near}"?` });
  };
  return { read, schema: wordSchema(words) };
}

function listOf<Member>(member: ValueKind<Member>, what: string): ValueKind<readonly Member[]> {
  const read: Reader<readonly Member[]> = (value, place) => {
    if (!Array.isArray(value)) return place.complain(`must be a list of ${what}; it is ${kindOf(value)}`);
    return value.map((item, index) => member.read(item, place.inside(index))) as Member[];
  };
  return { read, schema: { type: 'array', items: member.schema } };
}

/** A map from names of environment variables. */
function variablesOf(member: ValueKind<string>, name: { readonly check: (name: string, place: Place) => void; readonly taken: RegExp } = { check: checkVariable, taken: INJECTION }): ValueKind<Readonly<Record<string, string>>> {
  const read: Reader<Readonly<Record<string, string>>> = (value, place) => {
    if (!isMap(value)) return place.complain(`must be a map of names; it is ${kindOf(value)}`);
    for (const key of Object.keys(value)) name.check(key, place.inside(key));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, member.read(item, place.inside(key)) as string]));
  };
  const names = { pattern: VARIABLE.source, not: { pattern: anyCase(name.taken.source) } };
  return { read, schema: { type: 'object', propertyNames: names, additionalProperties: member.schema } };
}

function readText(value: unknown, place: Place): string | undefined {
  if (typeof value === 'string') return value;
  const quotable = typeof value === 'number' || typeof value === 'boolean';
  return place.complain(`must be text; it is ${kindOf(value)}`, quotable ? { hint: `put it in quotes: "${value}"` } : {});
}

function readFilledText(value: unknown, place: Place): string | undefined {
  return typeof value === 'string' && value.trim() === '' ? place.complain('is empty') : readText(value, place);
}

function readCommand(value: unknown, place: Place): readonly [string, ...string[]] | undefined {
  if (typeof value === 'string') return readCommand([value], place);
  if (!Array.isArray(value)) return place.complain(`must be a list of texts, or the name of a program; it is ${kindOf(value)}`);
  if (value.length === 0) return place.complain('names no program', { hint: 'write a list of texts, for example [node, backup.mjs]' });
  const readers = [readFilledText, ...value.slice(1).map(() => readText)];
  return readers.map((read, index) => withoutTemplate(read(value[index], place.inside(index)), place.inside(index))) as [string, ...string[]];
}

function withoutTemplate(text: string | undefined, place: Place): string | undefined {
  const start = text?.indexOf('{{') ?? -1;
  if (start < 0 || !text?.includes('}}', start + 2)) return text;
  const hint = 'hand values over with environment or argumentList';
  return place.complain('holds a template, "{{ … }}": values are never pasted into what is run', { hint });
}

function readScalar(value: unknown, place: Place, facts: Pick<SpecIssue, 'code'> = {}): string | undefined {
  const text = textOf(value);
  if (text !== undefined) return text;
  if (typeof value === 'number') return place.complain('is a number that cannot be kept exactly', { hint: 'put it in quotes' });
  return place.complain(`must be text, a number, true or false; it is ${kindOf(value)}`, facts);
}

function readReference(value: unknown, place: Place): string | undefined {
  if (typeof value === 'string' && SECRET_REFERENCE.test(value)) return value;
  return place.complain('must be a reference to a secret, never the secret', { hint: 'write env:NAME or file:PATH' });
}

function readExitCode(value: unknown, place: Place): number | undefined {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255) return value as number;
  return place.complain('must be an exit code, a whole number from 0 to 255');
}

/** What its reference is good for is another question. */
function checkSecretName(name: string, place: Place): void {
  const found = secretFault(name, 'env:NAME');
  if (found !== undefined) place.complain(found.fault, { at: found.at, hint: found.hint });
}

function checkVariable(name: string, place: Place): void {
  if (!VARIABLE.test(name)) place.complain('is not the name of a variable', { at: 'key', hint: 'a name has letters, digits and "_", and does not begin with a digit' });
  else if (INJECTION.test(name)) place.complain('cannot be set in a definition: it loads code into every program that runs', { at: 'key' });
}

/** The text of an argument or a variable; undefined for what has none, and for a number that has lost digits. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : undefined;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return { object: 'a map', string: 'text', number: 'a number', boolean: 'a boolean' }[typeof value as string] ?? `a ${typeof value}`;
}
