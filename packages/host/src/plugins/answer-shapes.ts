/** What an answer of a plugin must look like. Only what is known here is taken over; everything else in it is left out. */
import { isAbsolute } from 'node:path';
import { checkName, type ChildCommandRequest, type ChildJobFacts, type ChildJobRequest, type CommandLine, type Foresight, type SpecIssue, type SpecResult } from '@nightshift/sdk';
import type { PluginDescription, TypeDescription } from './messages.ts';

/** A value that was taken over, or what is wrong with what came. */
export type Shaped<Value> = { readonly value: Value } | { readonly faults: readonly string[] };

type Test = (value: unknown) => boolean;
type Members<Value> = { readonly [Key in keyof Required<Value>]: readonly [Test, string] };

const isText: Test = (value) => typeof value === 'string';
const isWord: Test = (value) => typeof value === 'string' && !value.includes('\0');
const isFlag: Test = (value) => typeof value === 'boolean';
const isTime: Test = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isPath: Test = (value) => isWord(value) && isAbsolute(value as string);
const isMap: Test = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOf = (isOne: Test): Test => (value) => Array.isArray(value) && value.every(isOne);
const isMapOf = (isOne: Test): Test => (value) => isMap(value) && Object.entries(value as object).every(([name, one]) => name !== '' && !/[=\0]/.test(name) && isOne(one));

const isProgram: Test = (value) => isListOf(isWord)(value) && (value as readonly string[]).length > 0 && (value as readonly string[])[0] !== '';

const COMMAND_LINE: Members<CommandLine> = {
  argv: [isProgram, 'a list of texts, the program first'],
  commandText: [isText, 'a text'],
  commandWords: [isListOf(isText), 'a list of texts'],
  scriptFile: [isPath, 'an absolute path'],
  environment: [isMapOf((value) => value === null || isWord(value)), 'a map of texts'],
  workingDirectory: [isPath, 'an absolute path'],
  inputFile: [isPath, 'an absolute path'],
  input: [isListOf(isText), 'a list of lines'],
  mergeStreams: [isFlag, 'true or false'],
  streamCommands: [isFlag, 'true or false'],
  secrets: [isMapOf(isText), 'a map of references'],
  user: [isWord, 'the name of a user'],
  outputFormat: [(value) => value === 'lines' || value === 'ndjson', '"lines" or "ndjson"'],
  successExitCodes: [isListOf((code) => Number.isInteger(code) && (code as number) >= 0 && (code as number) <= 255), 'a list of exit codes'],
  timeout: [isTime, 'milliseconds'],
  gracePeriod: [isTime, 'milliseconds'],
  cleanUp: [isProgram, 'a list of texts, the program first'],
  version: [isText, 'a version'],
  initializes: [isFlag, 'true or false'],
  reattach: [isProgram, 'a list of texts, the program first'],
};

export function commandLineIn(value: unknown): Shaped<CommandLine> {
  return shaped(value, COMMAND_LINE, ['argv']);
}

const CHILD_FACTS: Members<ChildJobFacts> = {
  name: [(value) => isWord(value) && (value as string).length <= 256, 'a name of at most 256 characters'],
  location: [isText, 'a text'],
  failedDependency: [isText, 'a text'],
  needs: [isListOf(Number.isInteger as Test), 'a list of ids'],
  environment: [isMapOf(isWord), 'a map of texts'],
  timeout: [isTime, 'milliseconds'],
  gracePeriod: [isTime, 'milliseconds'],
};

const CHILD_REQUEST: Members<ChildJobRequest> = { ...CHILD_FACTS, type: [isText, 'the name of a job type'], spec: [() => true, 'a value'] };

export function childRequestIn(value: unknown): Shaped<ChildJobRequest> {
  return shaped(value, CHILD_REQUEST, ['type']);
}

const isForeseenChild: Test = (value) => {
  const { request, path } = (isMap(value) ? value : {}) as { readonly request?: unknown; readonly path?: unknown };
  return isListOf(isKey)(path) && 'value' in childRequestIn(request);
};

const FORESIGHT: Members<Foresight> = {
  command: [isText, 'a text'],
  children: [isListOf(isForeseenChild), 'a list of children, each with its request and its path'],
  cannotSuspend: [isText, 'a text'],
  locations: [isListOf(isText), 'a list of texts'],
  hidesLocations: [isFlag, 'true or false'],
  secrets: [isMapOf(isText), 'a map of references'],
};

export function foresightIn(value: unknown): Shaped<Foresight> {
  return shaped(value, FORESIGHT, []);
}

/** A child that is a program. */
export function childCommandIn(value: unknown): Shaped<ChildCommandRequest> {
  const child = shaped(value, { ...CHILD_FACTS, command: [isMap, 'a map with "argv"'] } as Members<ChildCommandRequest>, ['command']);
  if ('faults' in child) return child;
  const command = commandLineIn(child.value.command);
  return 'faults' in command ? { faults: command.faults.map((fault) => `of its command, ${fault}`) } : { value: { ...child.value, command: command.value } };
}

const ISSUE: Members<SpecIssue> = {
  message: [isText, 'a text'],
  code: [(value) => isText(value) && /^[A-Z][A-Za-z0-9]{0,63}$/.test(value as string), 'a code in PascalCase'],
  hint: [isText, 'a text'],
  path: [isListOf((member) => isKey(member) || (isMap(member) && isKey((member as { readonly key?: unknown }).key))), 'a list of keys'],
  at: [(value) => value === 'key' || value === 'value', '"key" or "value"'],
};
const isKey: Test = (value) => typeof value === 'string' || typeof value === 'number';

export function specResultIn(value: unknown): Shaped<SpecResult<unknown>> {
  const { issues, ...rest } = (isMap(value) ? value : {}) as { readonly issues?: unknown; readonly value?: unknown };
  if (issues === undefined) return isMap(value) ? { value: { value: rest.value } } : { faults: [`it is ${kindOf(value)}, not a result of a schema`] };
  if (!Array.isArray(issues) || issues.length === 0) return { faults: ['"issues" is no list of complaints'] };
  const taken = issues.map((issue: unknown) => shaped(issue, ISSUE, ['message']));
  const faults = taken.flatMap((one) => ('faults' in one ? one.faults : []));
  return faults.length > 0 ? { faults } : { value: { issues: taken.flatMap((one) => ('value' in one ? [one.value] : [])) } };
}

const isName: Test = (value) => {
  try {
    return typeof value === 'string' && checkName(value) === value;
  } catch {
    return false;
  }
};
const CAPABILITIES: readonly string[] = ['suspend', 'kill', 'persist', 'reattach', 'input', 'triggers'];

function isSource(value: unknown): boolean {
  const { places, onlyByType, canWatch } = (isMap(value) ? value : {}) as Readonly<Record<string, unknown>>;
  return isListOf(isText)(places) && isFlag(onlyByType) && isFlag(canWatch);
}

const TYPE: Members<TypeDescription> = {
  name: [isName, 'a name'],
  aliases: [isListOf(isName), 'a list of names'],
  description: [isText, 'a text'],
  runs: [(value) => value === 'command' || value === 'code' || value === 'delegate', 'command, code or delegate'],
  capabilities: [isMapOf(isFlag), 'a map of true and false'],
  foresees: [isFlag, 'true or false'],
  definitions: [isSource, 'a map with "places"'],
};

export function descriptionIn(value: unknown): Shaped<PluginDescription> {
  const { name, jobTypes } = (isMap(value) ? value : {}) as { readonly name?: unknown; readonly jobTypes?: unknown };
  if (typeof name !== 'string' || !Array.isArray(jobTypes)) return { faults: ['it does not say its name and its job types'] };
  const taken = jobTypes.map((type: unknown) => shaped(type, TYPE, ['name', 'aliases', 'description', 'runs', 'capabilities']));
  const faults = taken.flatMap((one) => ('faults' in one ? one.faults : []));
  if (faults.length > 0) return { faults };
  return { value: { name, jobTypes: taken.flatMap((one) => ('value' in one ? [withKnownCapabilities(one.value)] : [])) } };
}

/** Of a later version it may have others. */
function withKnownCapabilities(type: TypeDescription): TypeDescription {
  return { ...type, capabilities: Object.fromEntries(Object.entries(type.capabilities).filter(([name]) => CAPABILITIES.includes(name))) };
}

/** The known members of a map, if all of them are what they should be. */
export function shaped<Value>(value: unknown, members: Members<Value>, needed: readonly (keyof Value & string)[]): Shaped<Value> {
  if (!isMap(value)) return { faults: [`it is ${kindOf(value)}, not a map`] };
  const came = value as Readonly<Record<string, unknown>>;
  const entries = Object.entries(members) as readonly [string, readonly [Test, string]][];
  const present = entries.filter(([key]) => Object.hasOwn(came, key) && came[key] !== undefined);
  const missing = needed.filter((key) => !present.some(([known]) => known === key)).map((key) => `"${key}" is missing`);
  const wrong = present.filter(([key, [test]]) => !test(came[key])).map(([key, [, wanted]]) => `"${key}" is ${kindOf(came[key])}, not ${wanted}`);
  const faults = [...missing, ...wrong];
  return faults.length > 0 ? { faults } : { value: Object.fromEntries(present.map(([key]) => [key, came[key]])) as Value };
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  const text = JSON.stringify(value);
  return typeof value === 'object' ? 'a map' : text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
