/** The `job:` part of a BackgroundJob: one table of keys; each reader returns the value, or says what is wrong with it. */
import { asciiLower, type SpecIssue, type SpecResult, type SpecSchema, suggest } from '@nightshift/sdk';
import { SHELLS, type Shell } from './shells.ts';

/** What is to run: exactly one of the three. */
type Body =
  | { readonly command: readonly [string, ...string[]]; readonly scriptBlock?: never; readonly filePath?: never }
  | { readonly scriptBlock: string; readonly command?: never; readonly filePath?: never }
  | { readonly filePath: string; readonly command?: never; readonly scriptBlock?: never };

/** The rest; what is absent has the default of the definition reference. */
interface Settings {
  readonly shell?: Shell;
  /** NAME[@VERSION]. */
  readonly runtime?: string;
  readonly argumentList?: readonly string[];
  readonly initializationScript?: string;
  readonly workingDirectory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Name to reference, never a value. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly inputObject?: readonly string[];
  readonly successExitCodes?: readonly number[];
  readonly outputFormat?: 'text' | 'ndjson';
  readonly streamCommands?: boolean;
  readonly runAs32?: boolean;
  readonly authentication?: (typeof AUTHENTICATIONS)[number];
  readonly credential?: string;
}

/** A `job:` part after validation. */
export type BackgroundSpec = Body & Settings;

const AUTHENTICATIONS = ['Default', 'Basic', 'Negotiate', 'NegotiateWithImplicitCredential', 'Credssp', 'Digest', 'Kerberos'] as const;
const ALTERNATIVES = ['command', 'scriptBlock', 'filePath'] as const;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const INJECTION = /^(?:NODE_OPTIONS|LD_PRELOAD|LD_AUDIT|DYLD_.*)$/i;
const REFERENCE = /^(?:env:[A-Za-z_][A-Za-z0-9_]*|(?:file|keyring|systemd-cred):\S.*)$/;
const RUNTIME = /^\w[\w.+-]*(?:@\d+(?:\.\d+)*)?$/;

/** A place in the map, and how to complain about what stands there. */
interface Place {
  inside(member: string | number): Place;
  complain(text: string, facts?: Pick<SpecIssue, 'code' | 'hint' | 'at'>): undefined;
}

type Reader<Value> = (value: unknown, place: Place) => Value | undefined;

const KEYS: { readonly [Key in keyof BackgroundSpec]-?: Reader<BackgroundSpec[Key]> } = {
  command: readCommand,
  scriptBlock: readPlainText,
  filePath: readPlainText,
  shell: oneOf(SHELLS),
  runtime: readRuntime,
  argumentList: listOf(readArgument, 'texts, numbers and booleans'),
  initializationScript: readPlainText,
  workingDirectory: readPlainText,
  environment: mapOf(readScalar),
  secrets: mapOf(readReference),
  inputObject: listOf(readText, 'texts'),
  successExitCodes: listOf(readExitCode, 'exit codes'),
  outputFormat: oneOf(['text', 'ndjson']),
  streamCommands: readBoolean,
  runAs32: readBoolean,
  authentication: oneOf(AUTHENTICATIONS),
  credential: readFilledText,
};

/** Complains about everything at once. */
export const backgroundSchema: SpecSchema<BackgroundSpec> = {
  '~standard': { version: 1, vendor: 'nightshift', validate: readSpec },
};

function readSpec(value: unknown): SpecResult<BackgroundSpec> {
  if (!isMap(value)) return { issues: [{ message: `"job" must be a map of keys; it is ${kindOf(value)}` }] };
  const issues: SpecIssue[] = [];
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  const read = given.map(([key, member]) => [key, readKey(key, member, issues)]);
  issues.push(...complainAboutBody(given.map(([key]) => key)));
  return issues.length > 0 ? { issues } : { value: Object.fromEntries(read) as BackgroundSpec };
}

function readKey(key: string, value: unknown, issues: SpecIssue[]): unknown {
  const place = placeOf([key], issues);
  if (Object.hasOwn(KEYS, key)) return KEYS[key as keyof typeof KEYS](value, place);
  const near = suggest(key, Object.keys(KEYS));
  const hint = near === undefined ? {} : { hint: `did you mean "${near}"?` };
  return place.complain('is not a key of a BackgroundJob', { code: 'DefinitionKeyUnknown', at: 'key', ...hint });
}

function complainAboutBody(keys: readonly string[]): readonly SpecIssue[] {
  const bodies = ALTERNATIVES.filter((key) => keys.includes(key));
  if (bodies.length > 1) {
    const last = keys.filter((key) => bodies.includes(key as (typeof bodies)[number])).slice(-1);
    const message = `${bodies.map((key) => `"${key}"`).join(' and ')} exclude each other: a job runs one thing`;
    return [{ code: 'DefinitionKeysExclusive', message, hint: 'keep one of them', path: last, at: 'key' }];
  }
  // A misspelt "command" is complaint enough.
  const misspelt = keys.some((key) => ALTERNATIVES.some((body) => body === suggest(key, Object.keys(KEYS))));
  if (bodies.length === 1 || misspelt) return [];
  return [{ code: 'DefinitionKeyMissing', message: '"job" says nothing to run: one of "command", "scriptBlock" and "filePath" is missing', hint: 'add, for example, command: [node, backup.mjs]' }];
}

function placeOf(path: readonly (string | number)[], issues: SpecIssue[]): Place {
  return {
    inside: (member) => placeOf([...path, member], issues),
    complain(text, facts) {
      const name = path.map((member) => (typeof member === 'number' ? `[${member}]` : `.${shorten(member)}`)).join('');
      issues.push({ message: `${JSON.stringify(`job${name}`)} ${text}`, path, ...facts });
    },
  };
}

function readText(value: unknown, place: Place): string | undefined {
  if (typeof value === 'string') return value;
  const quotable = typeof value === 'number' || typeof value === 'boolean';
  return place.complain(`must be text; it is ${kindOf(value)}`, quotable ? { hint: `put it in quotes: "${value}"` } : {});
}

function readFilledText(value: unknown, place: Place): string | undefined {
  return typeof value === 'string' && value.trim() === '' ? place.complain('is empty') : readText(value, place);
}

/** Text that is run or opened as it stands: what looks like a template in it would not be filled in. */
function readPlainText(value: unknown, place: Place): string | undefined {
  return withoutTemplate(readFilledText(value, place), place);
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

function readArgument(value: unknown, place: Place): string | undefined {
  return readScalar(value, place, { code: 'CannotSerializeData' });
}

function readScalar(value: unknown, place: Place, facts: Pick<SpecIssue, 'code'> = {}): string | undefined {
  const text = textOf(value);
  if (text !== undefined) return text;
  if (typeof value === 'number') return place.complain('is a number that cannot be kept exactly', { hint: 'put it in quotes' });
  return place.complain(`must be text, a number, true or false; it is ${kindOf(value)}`, facts);
}

/** Nothing here repeats the value: it may be the secret itself. */
function readReference(value: unknown, place: Place): string | undefined {
  if (typeof value === 'string' && REFERENCE.test(value)) return value;
  return place.complain('must be a reference to a secret, never the secret', { hint: 'write env:NAME or file:PATH' });
}

function readRuntime(value: unknown, place: Place): string | undefined {
  if (typeof value === 'string' && RUNTIME.test(value)) return value;
  return place.complain('must be a program, or a program and its version as in node@22');
}

function readExitCode(value: unknown, place: Place): number | undefined {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255) return value as number;
  return place.complain('must be an exit code, a whole number from 0 to 255');
}

function readBoolean(value: unknown, place: Place): boolean | undefined {
  return typeof value === 'boolean' ? value : place.complain(`must be true or false; it is ${kindOf(value)}`, { hint: 'write true or false, without quotes' });
}

function oneOf<const Word extends string>(words: readonly Word[]): Reader<Word> {
  return (value, place) => {
    const word = typeof value === 'string' ? words.find((word) => asciiLower(word) === asciiLower(value)) : undefined;
    if (word !== undefined) return word;
    const near = typeof value === 'string' ? suggest(value, words) : undefined;
    return place.complain(`must be one of ${words.join(', ')}`, near === undefined ? {} : { hint: `did you mean "${near}"?` });
  };
}

function listOf<Member>(read: Reader<Member>, what: string): Reader<readonly Member[]> {
  return (value, place) => {
    if (!Array.isArray(value)) return place.complain(`must be a list of ${what}; it is ${kindOf(value)}`);
    return value.map((member, index) => read(member, place.inside(index))) as Member[];
  };
}

/** A map from names of environment variables. */
function mapOf(read: Reader<string>): Reader<Readonly<Record<string, string>>> {
  return (value, place) => {
    if (!isMap(value)) return place.complain(`must be a map of names; it is ${kindOf(value)}`);
    for (const name of Object.keys(value)) checkVariable(name, place.inside(name));
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, read(member, place.inside(name)) as string]));
  };
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

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return { object: 'a map', string: 'text', number: 'a number', boolean: 'a boolean' }[typeof value as string] ?? `a ${typeof value}`;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
