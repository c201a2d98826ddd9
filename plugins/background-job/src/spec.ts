/** The `job:` part of a BackgroundJob: one table of keys, from which come validation, suggestions and the JSON Schema. */
import { type JsonSchema, type SpecIssue, type SpecResult, type SpecSchema, suggest } from '@nightshift/sdk';
import { SHELLS, type Shell } from './shells.ts';
import * as kinds from './values.ts';

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
  /** Said on the command line and by a definition's `options`, never in its `job`. */
  readonly mergeStreams?: boolean;
  /** Milliseconds. The same. */
  readonly timeout?: number;
  /** Milliseconds. The same. */
  readonly gracePeriod?: number;
}

/** A `job:` part after validation. */
export type BackgroundSpec = Body & Settings;

const AUTHENTICATIONS = ['Default', 'Basic', 'Negotiate', 'NegotiateWithImplicitCredential', 'Credssp', 'Digest', 'Kerberos'] as const;
const ALTERNATIVES = ['command', 'scriptBlock', 'filePath'] as const;

interface JobKey<Value> {
  readonly value: kinds.ValueKind<Value>;
  readonly description: string;
  /** What holds where the key is absent. */
  readonly default?: string | boolean | readonly number[] | readonly [];
  /** As YAML reads it. */
  readonly example: unknown;
}

/** What a file may say: the rest is said on the command line and by a definition's options. */
type FileKey = Exclude<keyof BackgroundSpec, 'mergeStreams' | 'timeout' | 'gracePeriod'>;

/** The keys (definition reference 2.6), in the order of the reference. */
export const JOB_KEYS: { readonly [Key in FileKey]-?: JobKey<NonNullable<BackgroundSpec[Key]>> } = {
  command: { value: kinds.command, description: 'The program and its arguments, run as they are without a shell; one text is the name of a program.', example: ['node', 'backup.mjs'] },
  scriptBlock: { value: kinds.plainText, description: 'A script, run by the shell.', example: 'echo hi' },
  filePath: { value: kinds.plainText, description: 'A script file, run by what its extension says; a pattern must match exactly one.', example: 'scripts/a.mjs' },
  shell: { value: kinds.oneOf(SHELLS), description: 'What runs the scriptBlock.', default: 'sh', example: 'bash' },
  runtime: { value: kinds.runtime, description: 'The program that runs the file, and maybe its version. Default: by extension.', example: 'node@22' },
  argumentList: { value: kinds.argumentList, description: 'Arguments, each a word of its own.', default: [], example: ['--verify', 7] },
  initializationScript: { value: kinds.plainText, description: 'Runs first, in the same process; when it fails, the job fails and the rest does not run.', example: '. ./lib.sh' },
  workingDirectory: { value: kinds.plainText, description: 'Inside the project, from the folder of the file on. Default: that folder.', example: '..' },
  environment: { value: kinds.environment, description: 'Variables for the job; numbers and booleans become text.', example: { KEEP: 7 } },
  secrets: { value: kinds.secrets, description: 'Where the values of variables come from: env:NAME or file:PATH. Never the values.', example: { TOKEN: 'env:REPORT_TOKEN' } },
  inputObject: { value: kinds.inputList, description: 'Lines for the standard input.', default: [], example: ['a', 'b'] },
  successExitCodes: { value: kinds.exitCodes, description: 'Exit codes of a run that is Completed.', default: [0], example: [0, 3] },
  outputFormat: { value: kinds.oneOf(['text', 'ndjson']), description: 'Whether a line of output is a text or a JSON value.', default: 'text', example: 'ndjson' },
  streamCommands: { value: kinds.boolean, description: 'Whether lines such as ::warning::text become records of their stream.', default: true, example: false },
  runAs32: { value: kinds.boolean, description: 'Must be false: a 64-bit system starts no 32-bit job.', default: false, example: false },
  authentication: { value: kinds.oneOf(AUTHENTICATIONS), description: 'Must be Default: a local job needs none.', default: 'Default', example: 'Default' },
  credential: { value: kinds.filledText, description: 'The user to run as, by the system\'s own means: runuser as root, else sudo without a password.', example: 'somebody' },
};

/** Complains about everything at once. */
export const backgroundSchema: SpecSchema<BackgroundSpec> = {
  '~standard': { version: 1, vendor: 'nightshift', validate: readSpec, jsonSchema: { input: jsonSchema } },
};

function jsonSchema(): JsonSchema {
  const properties = Object.entries(JOB_KEYS).map(([key, { value, description, default: otherwise, example }]) => [key, { description, ...value.schema, ...(otherwise === undefined ? {} : { default: otherwise }), examples: [example] }]);
  return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false, oneOf: ALTERNATIVES.map((key) => ({ required: [key] })) };
}

function readSpec(value: unknown): SpecResult<BackgroundSpec> {
  if (!kinds.isMap(value)) return { issues: [{ message: `"job" must be a map of keys; it is ${kinds.kindOf(value)}` }] };
  const issues: SpecIssue[] = [];
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  const read = given.map(([key, member]) => [key, readKey(key, member, issues)]);
  issues.push(...complainAboutBody(given.map(([key]) => key)));
  return issues.length > 0 ? { issues } : { value: Object.fromEntries(read) as BackgroundSpec };
}

function readKey(key: string, value: unknown, issues: SpecIssue[]): unknown {
  const place = placeOf([key], issues);
  if (Object.hasOwn(JOB_KEYS, key)) return JOB_KEYS[key as keyof typeof JOB_KEYS].value.read(value, place);
  const near = suggest(key, Object.keys(JOB_KEYS));
  const hint = near === undefined ? {} : { hint: `did you mean "${near}"?` };
  return place.complain('is not a key of a BackgroundJob', { code: 'DefinitionKeyUnknown', at: 'key', ...hint });
}

function complainAboutBody(keys: readonly string[]): readonly SpecIssue[] {
  const bodies = ALTERNATIVES.filter((key) => keys.includes(key));
  if (bodies.length > 1) {
    const last = keys.filter((key) => bodies.includes(key as (typeof bodies)[number])).slice(-1);
    const named = bodies.map((key) => `"${key}"`);
    const message = `${named.slice(0, -1).join(', ')} and ${named.at(-1)} exclude each other: a job runs one thing`;
    return [{ code: 'DefinitionKeysExclusive', message, hint: 'keep one of them', path: last, at: 'key' }];
  }
  // A misspelt "command" is complaint enough.
  const misspelt = keys.some((key) => ALTERNATIVES.some((body) => body === suggest(key, Object.keys(JOB_KEYS))));
  if (bodies.length === 1 || misspelt) return [];
  return [{ code: 'DefinitionKeyMissing', message: '"job" says nothing to run: one of "command", "scriptBlock" and "filePath" is missing', hint: 'add, for example, command: [node, backup.mjs]' }];
}

function placeOf(path: readonly (string | number)[], issues: SpecIssue[]): kinds.Place {
  return {
    inside: (member) => placeOf([...path, member], issues),
    complain(text, facts) {
      const name = path.map((member) => (typeof member === 'number' ? `[${member}]` : `.${shorten(member)}`)).join('');
      issues.push({ message: `${JSON.stringify(`job${name}`)} ${text}`, path, ...facts });
    },
  };
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
