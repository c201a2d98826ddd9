/** The flags of register- and set-scheduled-job that say what stands in a definition, and what they come to. */
import { readFileSync } from 'node:fs';
import { currentFolder, existingFolder, findScript, type DefinitionSettings } from '@nightshift/host';
import { isJobError, type JobError } from '@nightshift/sdk';
import { ACCOUNT_OPTIONS, checkAccountOptions } from './account-options.ts';
import { readEnvironment } from './environment-option.ts';
import type { Option, Parsed } from './option-table.ts';
import { readRuntime, SHELLS } from './run-options.ts';
import { usage } from './usage.ts';

const { 'ps-version': _, ...ACCOUNTS } = ACCOUNT_OPTIONS;

/** Every one of them, in the order of the help. */
export const DEFINITION_VALUE_OPTIONS: Readonly<Record<string, Option>> = {
  'script-block': { kind: 'text', value: 'TEXT', runs: true, help: 'a text, run by --shell' },
  'file-path': { kind: 'text', value: 'FILE', runs: true, help: 'a script file of the project, run by its extension' },
  trigger: { kind: 'texts', value: 'TRIGGER', help: "when: '{daily: {at: \"03:00\"}}'; repeatable; - reads stdin" },
  'scheduled-job-option': { kind: 'text', value: 'OPTIONS', help: "how: '{timeout: 30m, retry: {limit: 2}}'" },
  'run-now': { kind: 'switch', help: 'start it at once as well, as a trigger would' },
  'run-every': { kind: 'text', value: 'TIME', help: 'one more trigger: from now on every 10m, 1h, 1d' },
  'argument-list': { kind: 'words', value: 'ARG…', help: 'arguments of the text or file; every word up to the next option' },
  shell: { kind: 'text', value: 'SHELL', oneOf: SHELLS, help: `of the text: ${SHELLS.join(', ')}; default sh` },
  runtime: { kind: 'text', value: 'NAME[@V]', help: 'the interpreter of the text or file, and its version' },
  'initialization-script': { kind: 'text', value: 'TEXT', help: 'runs first, in the same process; a failure there ends the run' },
  'working-directory': { kind: 'text', value: 'FOLDER', help: 'where it starts, inside the project; default: the folder of the definition' },
  env: { kind: 'texts', value: 'KEY=VALUE', help: 'a variable for it; repeatable' },
  description: { kind: 'text', value: 'TEXT', help: 'a line for people' },
  'time-zone': { kind: 'text', value: 'ZONE', help: 'in which triggers are meant, such as Europe/Berlin' },
  'max-result-count': { kind: 'text', value: 'N', help: 'finished runs that are kept; default 32' },
  ...ACCOUNTS,
};

/** What was typed, checked as far as that needs no library. `text`: the text to run, where it stood as a word. */
export function definitionSettings(options: Parsed, text: string | undefined, ofMaxResultCount: string): DefinitionSettings {
  checkAccountOptions(options);
  const body = bodyOf(options, text);
  const [directory, environment, triggers] = [options.text('working-directory'), options.list('env'), options.list('trigger')];
  if (directory?.trim() === '') throw usage('ParameterArgumentValidationError', 'the working directory is empty');
  if (options.has('shell') && options.has('runtime')) throw usage('InvalidParameterCombination', '--shell and --runtime say the same: keep one of them');
  return withoutAbsent({
    body,
    argumentList: argumentsOf(options, body),
    shell: options.text('shell'),
    runtime: readRuntime(options.text('runtime')),
    initializationScript: options.text('initialization-script'),
    workingDirectory: directory === undefined ? undefined : existingFolder(directory, currentFolder()),
    environment: environment === undefined ? undefined : readEnvironment(environment),
    authentication: options.text('authentication'),
    credential: options.text('credential'),
    description: options.text('description'),
    timeZone: options.text('time-zone'),
    maxResultCount: countOf(options, ofMaxResultCount),
    triggers: triggers === undefined ? undefined : triggersOf(triggers),
    options: options.text('scheduled-job-option'),
    runEvery: options.text('run-every'),
  });
}

/** At most one of three, and a program behind `--` where neither text nor file is there. */
function bodyOf(options: Parsed, text: string | undefined): DefinitionSettings['body'] {
  const given = [...(text === undefined ? [] : ['a text']), ...['script-block', 'file-path'].filter((name) => options.has(name)).map((name) => `--${name}`)];
  if (given.length > 1) throw usage('AmbiguousParameterSet', `${given.join(' and ')} cannot be used together`);
  const script = options.text('script-block') ?? text;
  if (script?.trim() === '') throw usage('ParameterArgumentValidationError', 'the text to run is empty');
  if (script !== undefined) return { scriptBlock: script };
  if (options.has('file-path')) return { filePath: scriptFile(options) };
  if (options.rest === undefined) return undefined;
  if (options.rest.length === 0) throw usage('MissingMandatoryParameter', 'nothing follows --', 'a program and its arguments stand there');
  const unused = ['argument-list', 'runtime', ...(options.has('initialization-script') ? [] : ['shell'])].find((name) => options.has(name));
  if (unused !== undefined) throw usage('InvalidParameterCombination', `--${unused} goes with a text or a file, not with a program after --`);
  return { command: options.rest };
}

function scriptFile(options: Parsed): string {
  if (options.has('shell')) throw usage('AmbiguousParameterSet', '--shell goes with a text, not with a file');
  try {
    return findScript(options.text('file-path') as string, currentFolder());
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    throw usage('InvalidFilePathParameterForRegisterScheduledJobDefinition', cause.message, (cause as JobError).hint);
  }
}

function argumentsOf(options: Parsed, body: DefinitionSettings['body']): readonly string[] | undefined {
  const given = options.list('argument-list');
  if (options.rest === undefined || (body !== undefined && 'command' in body)) return given;
  if (given !== undefined) throw usage('InvalidParameterCombination', '--argument-list and words after -- exclude each other');
  return options.rest;
}

function countOf(options: Parsed, code: string): number | undefined {
  const text = options.text('max-result-count');
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text) && Number(text) >= 1) return Number(text);
  throw usage(code, `--max-result-count takes a whole number from 1 up, not "${text}"`);
}

/** Standard input stands where `-` does. */
function triggersOf(texts: readonly string[]): readonly string[] {
  if (texts.filter((text) => text === '-').length > 1) throw usage('ParameterAlreadyBound', '--trigger - is given twice: standard input can be read once');
  return texts.map((text) => (text === '-' ? readFileSync(0, 'utf8') : text));
}

function withoutAbsent(values: Record<string, unknown>): DefinitionSettings {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as DefinitionSettings;
}
