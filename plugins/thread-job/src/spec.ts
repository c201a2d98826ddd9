/** The `job:` part of a ThreadJob: one table of keys, from which come validation, suggestions and the JSON Schema. */
import { SECRET_REFERENCE, suggest, type JsonSchema, type SpecIssue, type SpecResult, type SpecSchema } from '@nightshift/sdk';

/** A `job:` part after validation. Exactly one of the first two. */
export interface ThreadSpec {
  /** The body of an async function that sees args, input, streams and signal. */
  readonly scriptBlock?: string;
  /** A module whose default export is such a function of one object with these four. */
  readonly filePath?: string;
  readonly initializationScript?: string;
  /** Any JSON values. */
  readonly argumentList?: readonly unknown[];
  readonly inputObject?: readonly unknown[];
  readonly workingDirectory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Name to reference, never a value. */
  readonly secrets?: Readonly<Record<string, string>>;
}

interface Key {
  readonly schema: JsonSchema;
  readonly description: string;
  readonly example: unknown;
  /** The value as it is kept, or what is wrong with it. */
  read(value: unknown): { readonly value: unknown } | { readonly fault: string; readonly hint?: string };
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const INJECTION = /^(?:NODE_OPTIONS|LD_PRELOAD|LD_AUDIT|DYLD_.*)$/i;

const TEXT: Pick<Key, 'schema' | 'read'> = {
  schema: { type: 'string', pattern: String.raw`\S` },
  read: (value) => (typeof value !== 'string' ? { fault: `must be text; it is ${kindOf(value)}` } : value.trim() === '' ? { fault: 'is empty' } : { value }),
};
const LIST: Pick<Key, 'schema' | 'read'> = {
  schema: { type: 'array' },
  read: (value) => (Array.isArray(value) ? { value } : { fault: `must be a list; it is ${kindOf(value)}` }),
};

function variables(member: JsonSchema, read: (value: unknown) => string | undefined, what: string): Pick<Key, 'schema' | 'read'> {
  return {
    schema: { type: 'object', propertyNames: { pattern: VARIABLE.source }, additionalProperties: member },
    read(value) {
      if (!isMap(value)) return { fault: `must be a map of names; it is ${kindOf(value)}` };
      const entries = Object.entries(value).map(([name, one]) => [name, read(one)] as const);
      const wrong = entries.find(([name, text]) => !VARIABLE.test(name) || INJECTION.test(name) || text === undefined);
      if (wrong === undefined) return { value: Object.fromEntries(entries) };
      const [name] = wrong;
      if (!VARIABLE.test(name)) return { fault: `holds ${JSON.stringify(name)}, which is not the name of a variable`, hint: 'a name has letters, digits and "_", and does not begin with a digit' };
      if (INJECTION.test(name)) return { fault: `holds ${name}, which cannot be set in a definition: it loads code into every program that runs` };
      return { fault: `needs ${what} for ${name}` };
    },
  };
}

const scalar = (value: unknown): string | undefined => (['string', 'boolean'].includes(typeof value) || (typeof value === 'number' && Number.isFinite(value)) ? String(value) : undefined);
const reference = (value: unknown): string | undefined => (typeof value === 'string' && SECRET_REFERENCE.test(value) ? value : undefined);

/** The keys, in the order of the reference. */
export const JOB_KEYS: { readonly [Name in keyof ThreadSpec]-?: Key } = {
  scriptBlock: { ...TEXT, description: 'The body of an async function in JavaScript, which sees args, input, streams and signal.', example: 'return args.length' },
  filePath: { ...TEXT, description: 'A module whose default export is such a function of one object with these four.', example: 'jobs/report.mjs' },
  initializationScript: { ...TEXT, description: 'JavaScript that runs first; when it throws, the job fails and the rest does not run.', example: 'const started = new Date()' },
  argumentList: { ...LIST, description: 'Values for args; they keep their types.', example: [1, { deep: true }] },
  inputObject: { ...LIST, description: 'Values for input, one after the other.', example: ['a', 'b'] },
  workingDirectory: { ...TEXT, description: 'Inside the project, from the folder of the file on. Default: that folder.', example: '..' },
  environment: { ...variables({ type: ['string', 'number', 'boolean'] }, scalar, 'text, a number, true or false'), description: 'Variables for the job; numbers and booleans become text.', example: { KEEP: 7 } },
  secrets: { ...variables({ type: 'string', pattern: SECRET_REFERENCE.source }, reference, 'a reference such as env:NAME or file:PATH, never the secret,'), description: 'Where the values of variables come from: env:NAME or file:PATH. Never the values.', example: { TOKEN: 'env:REPORT_TOKEN' } },
};

const BODIES = ['scriptBlock', 'filePath'] as const;

/** Complains about everything at once. */
export const threadSchema: SpecSchema<ThreadSpec> = {
  '~standard': { version: 1, vendor: 'nightshift', validate: readSpec, jsonSchema: { input: jsonSchema } },
};

function jsonSchema(): JsonSchema {
  const properties = Object.entries(JOB_KEYS).map(([key, { schema, description, example }]) => [key, { description, ...schema, examples: [example] }]);
  return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false, oneOf: BODIES.map((key) => ({ required: [key] })) };
}

function readSpec(value: unknown): SpecResult<ThreadSpec> {
  if (!isMap(value)) return { issues: [{ message: `"job" must be a map of keys; it is ${kindOf(value)}` }] };
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  const issues: SpecIssue[] = [];
  const read = given.map(([key, member]) => [key, readKey(key, member, issues)]);
  issues.push(...complainAboutBody(given.map(([key]) => key)));
  return issues.length > 0 ? { issues } : { value: Object.fromEntries(read) as ThreadSpec };
}

function readKey(key: string, member: unknown, issues: SpecIssue[]): unknown {
  const complain = (text: string, facts: Pick<SpecIssue, 'code' | 'hint' | 'at'> = {}): undefined => void issues.push({ message: `${JSON.stringify(`job.${key}`)} ${text}`, path: [key], ...facts });
  if (!Object.hasOwn(JOB_KEYS, key)) {
    const near = suggest(key, Object.keys(JOB_KEYS));
    return complain('is not a key of a ThreadJob', { code: 'DefinitionKeyUnknown', at: 'key', ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }) });
  }
  const read = JOB_KEYS[key as keyof ThreadSpec].read(member);
  return 'value' in read ? read.value : complain(read.fault, read.hint === undefined ? {} : { hint: read.hint });
}

function complainAboutBody(keys: readonly string[]): readonly SpecIssue[] {
  const bodies = keys.filter((key) => BODIES.some((body) => body === key));
  if (bodies.length > 1) return [{ code: 'DefinitionKeysExclusive', message: '"scriptBlock" and "filePath" exclude each other: a job runs one thing', hint: 'keep one of them', path: bodies.slice(-1), at: 'key' }];
  const isMisspelt = keys.some((key) => BODIES.some((body) => body === suggest(key, Object.keys(JOB_KEYS))));
  return bodies.length === 1 || isMisspelt ? [] : [{ code: 'DefinitionKeyMissing', message: '"job" says nothing to run: one of "scriptBlock" and "filePath" is missing', hint: 'add, for example, scriptBlock: return 42' }];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return { object: 'a map', string: 'text', number: 'a number', boolean: 'a boolean' }[typeof value as string] ?? `a ${typeof value}`;
}
