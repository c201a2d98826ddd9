import { API_VERSION, type Capabilities, asciiLower, checkName, suggest } from '@nightshift/sdk';
import { quote } from './quote.ts';

/** The file that makes a folder a program plugin. */
export const MANIFEST_FILE = 'nightshift-plugin.json';

/** What such a file may be long, in UTF-16 units. */
const LONGEST_MANIFEST = 262_144;
const MOST_TYPES = 100;

/** What a program can promise: `triggers` is for types that delegate. */
export type ProgramCapabilities = Pick<Capabilities, 'suspend' | 'kill' | 'persist' | 'reattach' | 'input'>;

/** One job type of a program plugin, checked. */
export interface ManifestEntry {
  readonly name: string;
  /** Default: none. */
  readonly aliases: readonly string[];
  /** One sentence. */
  readonly description: string;
  readonly capabilities: ProgramCapabilities;
  /** Program and arguments. It is started in the plugin's folder, so relative words mean files there. */
  readonly argv: readonly [string, ...string[]];
  /** JSON Schema of the spec, relative to the folder and inside it. Default: any map. */
  readonly schema?: string;
}

/** A program plugin, as its manifest describes it. Reading it runs nothing. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly apiVersion: typeof API_VERSION;
  /** Absolute, as it was handed in. */
  readonly folder: string;
  readonly jobTypes: readonly ManifestEntry[];
}

/** One thing that is wrong with a manifest. */
export interface ManifestComplaint {
  /** `PluginInvalid`, or `JobTypeConflict` for two types of one name in the same file. */
  readonly code: string;
  /** What is wrong, with the key and what came. */
  readonly message: string;
  readonly hint?: string;
  /** The keys that lead there, for whoever knows lines and columns. Empty: the whole file. */
  readonly path: readonly (string | number)[];
  /** 'key' when the last member of `path` is itself what is wrong. Default 'value'. */
  readonly at?: 'key' | 'value';
  /** Of a text that is no JSON, from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** What a manifest comes to: the manifest is there when nothing is wrong with it. Warnings hinder nothing. */
export interface ManifestReading {
  readonly manifest?: Manifest;
  readonly complaints: readonly ManifestComplaint[];
  readonly warnings: readonly ManifestComplaint[];
}

/**
 * Checks a manifest and says everything that is wrong with it at once. `source` is the file's text, or what a reader of JSON
 * has made of it; `folder` is the plugin's, absolute. Touches no file and runs nothing: whether `schema` is a schema is for
 * `readSchema` to say. Never throws. Source: the plugin contract, section 6.
 */
export function readManifest(source: unknown, folder: string): ManifestReading {
  const notes: Notes = { complaints: [], warnings: [] };
  const value = typeof source === 'string' ? parse(source, notes) : source;
  const manifest = notes.complaints.length > 0 ? undefined : readRoot(value, folder, notes);
  return notes.complaints.length > 0 || manifest === undefined ? notes : { ...notes, manifest };
}

interface Notes {
  readonly complaints: ManifestComplaint[];
  readonly warnings: ManifestComplaint[];
}

type Path = readonly (string | number)[];
type Values = Readonly<Record<string, unknown>>;

function parse(text: string, notes: Notes): unknown {
  if (text.length > LONGEST_MANIFEST) return complain(notes, [], `the file has ${text.length} characters, at most ${LONGEST_MANIFEST} are allowed`);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const message = (error as Error).message;
    const place = /\(line (\d+) column (\d+)\)/.exec(message);
    const where = place === null ? endOf(text) : { line: Number(place[1]), column: Number(place[2]) };
    notes.complaints.push({ code: 'PluginInvalid', message: `${MANIFEST_FILE} is no JSON: ${quote(message.replace(/ \(line.*$/s, ''))}`, path: [], ...where });
    return undefined;
  }
}

/** "Unexpected end" has no place in the message. */
function endOf(text: string): { line: number; column: number } {
  const lines = text.split('\n');
  return { line: lines.length, column: (lines.at(-1) as string).length + 1 };
}

function readRoot(value: unknown, folder: string, notes: Notes): Manifest | undefined {
  if (!isMap(value)) return complain(notes, [], `${MANIFEST_FILE} must hold one object, not ${kindOf(value)}`);
  // Before anything else is looked at: of another contract we know nothing.
  if (value['apiVersion'] !== API_VERSION) return complainAboutVersion(value, notes);
  lookForStrangers(value, ['name', 'version', 'apiVersion', 'jobTypes'], [], notes, ['description', '$schema', 'author', 'license', 'homepage']);
  const name = readPackageName(value['name'], notes);
  const version = readVersion(value['version'], notes);
  const jobTypes = readTypes(value['jobTypes'], notes);
  return { name, version, apiVersion: API_VERSION, folder, jobTypes };
}

function complainAboutVersion(value: Values, notes: Notes): undefined {
  const came = value['apiVersion'];
  if (came === undefined) return complain(notes, ['apiVersion'], `"apiVersion" is missing`, `write "apiVersion": ${API_VERSION}`);
  const whose = typeof value['name'] === 'string' ? `"${quote(value['name'])}"` : 'the plugin';
  return complain(notes, ['apiVersion'], `${whose} speaks contract version ${shown(came)}; this Nightshift speaks ${API_VERSION}`, typeof came === 'number' && came > API_VERSION ? 'install a newer Nightshift, or an older version of the plugin' : 'install a newer version of the plugin');
}

/** `@scope/name` or `name`, each part by the rule of names. */
function readPackageName(value: unknown, notes: Notes): string {
  if (typeof value !== 'string') return wrong(notes, ['name'], '"name" must be the name of the plugin', value, '');
  const [, scope = 'scope', own = value] = /^@([^/]*)\/(.*)$/s.exec(value) ?? [];
  for (const part of [scope, own]) tryName(part, ['name'], notes);
  return value;
}

// The numbers and marks of semver 2.0, without its rule on leading zeros: a version is told, never compared.
const VERSION = /^\d{1,9}\.\d{1,9}\.\d{1,9}(?:[-+][0-9A-Za-z.+-]{1,100})?$/;

function readVersion(value: unknown, notes: Notes): string {
  if (typeof value === 'string' && VERSION.test(value)) return value;
  return wrong(notes, ['version'], '"version" must be a version such as "1.0.0"', value, '');
}

function readTypes(value: unknown, notes: Notes): ManifestEntry[] {
  if (!Array.isArray(value) || value.length === 0) return wrong(notes, ['jobTypes'], '"jobTypes" must be a list of at least one job type', value, []);
  if (value.length > MOST_TYPES) return wrong(notes, ['jobTypes'], `"jobTypes" may hold ${MOST_TYPES} job types at most`, value, []);
  const entries = value.map((entry: unknown, index) => readEntry(entry, ['jobTypes', index], notes));
  lookForTwins(entries, notes);
  return entries;
}

const KEYS = ['name', 'aliases', 'description', 'capabilities', 'argv', 'schema'];

function readEntry(value: unknown, path: Path, notes: Notes): ManifestEntry {
  if (!isMap(value)) return wrong(notes, path, `${dotted(path)} must be an object`, value, { name: '', aliases: [], description: '', capabilities: {}, argv: [''] });
  lookForStrangers(value, KEYS, path, notes, ['$comment']);
  const schema = readSchemaPath(value['schema'], [...path, 'schema'], notes);
  return {
    name: readTypeName(value['name'], [...path, 'name'], notes),
    aliases: readAliases(value['aliases'], [...path, 'aliases'], notes),
    description: readDescription(value['description'], [...path, 'description'], notes),
    capabilities: readCapabilities(value['capabilities'], [...path, 'capabilities'], notes),
    argv: readArgv(value['argv'], [...path, 'argv'], notes),
    ...(schema === undefined ? {} : { schema }),
  };
}

function readTypeName(value: unknown, path: Path, notes: Notes): string {
  if (typeof value !== 'string') return wrong(notes, path, `${dotted(path)} must be the name of a job type`, value, '');
  return tryName(value, path, notes);
}

function readAliases(value: unknown, path: Path, notes: Notes): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return wrong(notes, path, `${dotted(path)} must be a list of names`, value, []);
  return value.map((alias: unknown, index) => readTypeName(alias, [...path, index], notes));
}

function readDescription(value: unknown, path: Path, notes: Notes): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const isSentence = typeof value === 'string' && value.trim() !== '' && value.length <= 500 && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value);
  return isSentence ? value : wrong(notes, path, `${dotted(path)} must be one sentence on one line, at most 500 characters`, value, '');
}

const CAPABILITIES: readonly (keyof ProgramCapabilities)[] = ['suspend', 'kill', 'persist', 'reattach', 'input'];

function readCapabilities(value: unknown, path: Path, notes: Notes): ProgramCapabilities {
  if (value === undefined) return {};
  if (!isMap(value)) return wrong(notes, path, `${dotted(path)} must be an object such as { "persist": true }`, value, {});
  if (value['triggers'] === true) {
    complain(notes, [...path, 'triggers'], `${dotted([...path, 'triggers'])} is for job types that delegate; a program cannot promise it`, 'declare "persist" and let a definition of type ScheduledJob run this type', 'key');
  }
  lookForStrangers(value, CAPABILITIES, path, notes, ['triggers']);
  const known = CAPABILITIES.filter((name) => Object.hasOwn(value, name));
  for (const name of known) if (typeof value[name] !== 'boolean') wrong(notes, [...path, name], `${dotted([...path, name])} must be true or false`, value[name], undefined);
  return Object.fromEntries(known.map((name) => [name, value[name] === true]));
}

function readArgv(value: unknown, path: Path, notes: Notes): readonly [string, ...string[]] {
  if (!Array.isArray(value) || value.length === 0) return wrong(notes, path, `${dotted(path)} must be a list of at least the program`, value, [''], 'write for example "argv": ["sh", "./program.sh"]');
  for (const [index, word] of value.entries()) {
    if (typeof word !== 'string') wrong(notes, [...path, index], `${dotted([...path, index])} must be a text`, word, undefined, 'put it between quotation marks');
    else if (word.includes('\0')) complain(notes, [...path, index], `${dotted([...path, index])} holds a NUL character, which no program can be given`);
  }
  if (value[0] === '') complain(notes, [...path, 0], `${dotted([...path, 0])} is empty: it names the program`);
  return value as unknown as [string, ...string[]];
}

function readSchemaPath(value: unknown, path: Path, notes: Notes): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '' || value.includes('\0')) return wrong(notes, path, `${dotted(path)} must be the path of a JSON Schema file in the plugin's folder`, value, undefined);
  const isInside = !/^(?:[A-Za-z]:|[/\\])/.test(value) && !value.split(/[/\\]/).includes('..');
  return isInside ? value : wrong(notes, path, `${dotted(path)} must stay inside the plugin's folder`, value, undefined);
}

/** Two types of one name in one plugin: neither could be told from the other. */
function lookForTwins(entries: readonly ManifestEntry[], notes: Notes): void {
  const seen = new Map<string, number>();
  for (const [index, { name, aliases }] of entries.entries()) {
    for (const spelling of [name, ...aliases]) {
      const first = seen.get(asciiLower(spelling));
      if (first === undefined) seen.set(asciiLower(spelling), index);
      else if (first !== index && spelling !== '') notes.complaints.push({ code: 'JobTypeConflict', message: `${dotted(['jobTypes', index])} and ${dotted(['jobTypes', first])} have the same name "${quote(spelling)}"`, path: ['jobTypes', index, 'name'] });
    }
  }
}

/** A key that looks like one of ours is a mistake; any other may belong to a later Nightshift, within one contract version. */
function lookForStrangers(value: Values, keys: readonly string[], path: Path, notes: Notes, free: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (keys.includes(key) || free.includes(key)) continue;
    const meant = suggest(key, keys);
    const where = `unknown key "${quote(key)}"${path.length === 0 ? '' : ` in ${dotted(path)}`}`;
    if (meant !== undefined) complain(notes, [...path, key], `${where}. Did you mean "${meant}"?`, undefined, 'key');
    else notes.warnings.push({ code: 'PluginInvalid', message: `${where}; it is ignored`, path: [...path, key], at: 'key' });
  }
}

function tryName(name: string, path: Path, notes: Notes): string {
  try {
    return checkName(name);
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    complain(notes, path, `${dotted(path)}: ${message}`, hint);
    return name;
  }
}

/** Complains that something else was expected, with what came, and goes on with a stand-in: one mistake must not hide the next. */
function wrong<T>(notes: Notes, path: Path, expected: string, came: unknown, standIn: T, hint?: string): T {
  complain(notes, path, came === undefined ? `${expected}; it is missing` : `${expected}, not ${shown(came)}`, hint);
  return standIn;
}

function complain(notes: Notes, path: Path, message: string, hint?: string, at?: 'key'): undefined {
  notes.complaints.push({ code: 'PluginInvalid', message, path, ...(hint === undefined ? {} : { hint }), ...(at === undefined ? {} : { at }) });
}

function dotted(path: Path): string {
  return `"${path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? quote(key) : `${text}.${quote(key)}`), '')}"`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `"${quote(value)}"` : typeof value === 'object' && value !== null ? kindOf(value) : String(value);
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${quote(String(value))}`;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
