import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { currentFolder, existingFolder, expandFolder, findLiteralScript, findProgram, findScript, type Host, type JobView, type StartRequest } from '@nightshift/host';
import { JobError, STREAM_NAMES } from '@nightshift/sdk';
import { EXIT } from '../exit-codes.ts';
import { APPROVAL_OPTIONS, approvalOf } from '../options/approval.ts';
import { ACCOUNT_OPTIONS, checkAccountOptions } from '../options/account-options.ts';
import { argumentsOf } from '../options/argument-list.ts';
import { readEnvironment } from '../options/environment-option.ts';
import { namePart } from '../options/job-name.ts';
import { misplacedArguments } from '../options/misplaced-arguments.ts';
import { CONFIG_OPTION, type Parsed } from '../options/option-table.ts';
import { RUN_OPTIONS, runSpec, SHELLS, wantsStandardInput } from '../options/run-options.ts';
import { usage } from '../options/usage.ts';
import { printWarning } from '../print/error.ts';
import { FORMATS, printJob } from '../print/job.ts';
import type { RecordStyle } from '../print/records.ts';
import { sanitiseLine } from '../print/sanitise.ts';
import { isTerminal, writeError } from '../print/terminal.ts';
import { formatOf, type Surroundings, type Verb } from '../verb.ts';
import { RECORD_OPTIONS, recordStyle, showRecords } from './receive-job.ts';

/** Both ways to name a script file. */
const FILES = ['file-path', 'literal-path'] as const;

export const startJob: Verb = {
  table: {
    name: 'start-job',
    summary: 'starts a job in the background: a program, a text for a shell, a script file, or a definition',
    examples: ['start-job --name Build -- make all', "start-job 'sleep 5; echo done' --wait", 'start-job --definition-name Nightly --type ScheduledJob'],
    usage: [
      '[options] -- PROGRAM [ARG…]              no shell in between',
      "[options] 'TEXT' [-- ARG…]               by --shell",
      '[options] --file-path FILE [-- ARG…]',
      '--definition-name NAME [--type TYPE] [options]',
    ],
    words: 1,
    runs: 'program',
    first: ['name', 'wait', 'shell', 'working-directory', 'env', 'persist', 'file-path', 'definition-name', 'type'],
    options: {
      'script-block': { kind: 'text', value: 'TEXT', aliases: ['Command'], runs: true, help: 'the text, as a flag' },
      shell: { kind: 'text', value: 'SHELL', oneOf: SHELLS, help: `of the text: ${SHELLS.join(', ')}; default sh` },
      'file-path': { kind: 'text', value: 'FILE', runs: true, help: 'a script file, run by its extension; a pattern must match exactly one' },
      'literal-path': { kind: 'text', value: 'FILE', runs: true, help: 'the same, without wildcards' },
      'argument-list': { kind: 'words', value: 'ARG…', aliases: ['Args'], help: 'arguments of the text or file; every word up to the next option' },
      'definition-name': { kind: 'text', value: 'NAME', completes: 'definition', help: 'start this definition now, whatever its triggers say' },
      'definition-path': { kind: 'text', value: 'FOLDER', help: 'where to look for it; default: configuration, else ./definitions' },
      type: { kind: 'text', value: 'TYPE', help: 'only definitions of this job type; * ? [ ] are wildcards' },
      ...CONFIG_OPTION,
      name: { kind: 'text', value: 'NAME', help: 'a name for people; default Job<id>' },
      'working-directory': { kind: 'text', value: 'FOLDER', help: 'where it starts; default: here' },
      env: { kind: 'texts', value: 'KEY=VALUE', help: 'a variable for it; repeatable' },
      ...RUN_OPTIONS,
      ...ACCOUNT_OPTIONS,
      ...APPROVAL_OPTIONS,
      persist: { kind: 'switch', help: 'keep it in the durable store, across a reboot' },
      route: { kind: 'text', value: 'ROUTE', help: 'of an engine: only workers of this route run it' },
      wait: { kind: 'switch', help: 'print what it writes and exit with its code' },
      ...RECORD_OPTIONS,
    },
  },
  async run(options, surroundings) {
    checkAccountOptions(options);
    const what = chooseWhat(options);
    const format = options.isOn('wait') ? undefined : formatOf(options, FORMATS);
    const style = options.isOn('wait') ? recordStyle(options) : undefined;
    const host = surroundings.host();
    const request: StartRequest = {
      what: what(),
      ...namePart(options),
      ...directoryPart(options),
      ...inputPart(options),
      persist: options.isOn('persist'),
      ...routePart(options),
      warn: (warning) => printWarning(surroundings.voice, warning),
    };
    const approve = approvalOf(options, 'start-job');
    if (approve !== undefined && !approve(targetOf(await host.describeStart(request)))) return EXIT.done;
    const job = await host.startJob(request);
    if (format !== undefined) {
      printJob(job, format);
      // Known already, and nobody should have to ask: but a script that reads standard error gets errors only.
      if (job.state === 'Failed' && isTerminal(2)) writeError(`start-job: ${sanitiseLine(job.statusMessage)}\n`);
      return EXIT.done;
    }
    return follow('start-job', host, job, style as NonNullable<typeof style>, surroundings);
  },
};

/** As `worker run --route` takes it. Throws `ParameterArgumentValidationError`. */
function routePart(options: Parsed): Pick<StartRequest, 'route'> {
  const route = options.text('route');
  if (route !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._+-]{0,62}$/.test(route)) throw usage('ParameterArgumentValidationError', `--route: ${JSON.stringify(route)} is no route`, '--route gpu');
  return route === undefined ? {} : { route };
}

/** The lines for a command are a part of its spec. */
function inputPart(options: Parsed): Pick<StartRequest, 'input' | 'inputDescriptor'> {
  if (wantsStandardInput(options)) return { inputDescriptor: 0 };
  const input = options.has('definition-name') ? options.list('input-object') : undefined;
  return input === undefined ? {} : { input };
}

function targetOf({ type, command }: Pick<JobView, 'type' | 'command'>): string {
  return `${type}: ${command}`;
}

/** Streams the job to its end; the exit status is its own. */
export async function follow(verb: string, host: Host, job: JobView, style: RecordStyle, surroundings: Surroundings): Promise<number> {
  const ended = await followed(verb, host, job, style, surroundings);
  if (typeof ended === 'number') return ended;
  return ended.state === 'Completed' ? (ended.exitCode ?? EXIT.done) : ended.exitCode || EXIT.jobFailed;
}

/** Streams the job until it is at rest, and answers with it; with an exit status where the call ends before it, and where it is gone. */
export async function followed(verb: string, host: Host, job: JobView, style: RecordStyle, surroundings: Surroundings): Promise<JobView | number> {
  const { status, isCutOff } = await showRecords(host, { ids: [job.id] }, { streams: STREAM_NAMES, from: 'cursor', keep: false, until: 'persistent', signal: surroundings.interrupt() }, style, surroundings);
  if (status === EXIT.interrupted) writeError(`${verb}: job ${job.id} goes on; receive-job ${job.id} --follow follows it, stop-job ${job.id} ends it\n`);
  if (status !== EXIT.done || isCutOff === true) return status;
  return (await host.getJobs({ ids: [job.id] })).jobs[0] ?? EXIT.done;
}

type What = StartRequest['what'];

/** Exactly one of the four ways to say what to run. Checks everything that needs no file first; the answer looks at files. */
function chooseWhat(options: Parsed): () => What {
  const [text, ...furtherWords] = options.words;
  const hasText = options.has('script-block') || (text !== undefined && !options.has('definition-name'));
  const hasFile = FILES.some((name) => options.has(name));
  const chosen = [
    ...(options.has('definition-name') ? ['--definition-name'] : []),
    ...FILES.filter((name) => options.has(name)).map((name) => `--${name}`),
    ...(options.has('script-block') ? ['--script-block'] : []),
    ...(text !== undefined && !isPathOfDefinition(options) ? ['a text'] : []),
    ...(options.rest !== undefined && !hasText && !hasFile ? ['a program after --'] : []),
  ];
  if (chosen.length > 1) {
    const isOfOne = chosen.length === 2 && text !== undefined;
    throw usage('AmbiguousParameterSet', `${chosen.join(' and ')} cannot be used together`, isOfOne ? misplacedArguments(startJob.table, options.text, options.words) : undefined);
  }
  if (options.has('definition-name')) return definition(options);
  if (options.has('type') || options.has('definition-path')) throw withoutDefinition(options, chosen);
  if (chosen.length === 0) throw nothingToRun(options);
  if (furtherWords.length > 0) throw usage('PositionalParameterNotFound', `"${furtherWords[0]}" is one word too many`, 'quote the text, or write -- before a program and its arguments');
  const environment = readEnvironment(options.list('env') ?? []);
  if (hasFile) return () => fileSpec(options, environment);
  if (hasText) return textSpec(options, options.text('script-block') ?? (text as string), environment);
  return argvSpec(options, environment);
}

function nothingToRun(options: Parsed): JobError {
  const taken = options.list('argument-list')?.map((word) => `"${word}"`).join(', ');
  return taken === undefined
    ? usage('MissingMandatoryParameter', 'say what to run', 'a program after --, a text, --file-path FILE or --definition-name NAME')
    : usage('MissingMandatoryParameter', `say what to run: --argument-list took ${taken}`, 'it takes every word up to the next option: write the text before it');
}

/** In PowerShell's spelling two words after the definition's name are its path and its type. */
function isPathOfDefinition(options: Parsed): boolean {
  return options.powerShell.has('definition-name');
}

function withoutDefinition(options: Parsed, chosen: readonly string[]): JobError {
  const flag = options.has('type') ? '--type' : '--definition-path';
  const hint = /^remotejob$/i.test(options.text('type') ?? '') ? "computers are named by invoke-command --computer-name NAME 'TEXT', or by the definition" : undefined;
  if (chosen.length > 0) return usage('AmbiguousParameterSet', `${flag} goes with --definition-name, not with ${chosen[0]}`, hint);
  return usage('MissingMandatoryParameter', `${flag} needs --definition-name`, hint);
}

/** Flags that say something a definition says itself. Input goes with one that runs JavaScript: who knows its type refuses it for others. */
const OF_COMMANDS = ['argument-list', 'name', 'shell', 'env', ...Object.keys(RUN_OPTIONS).filter((name) => name !== 'input-object'), ...Object.keys(ACCOUNT_OPTIONS)];

function definition(options: Parsed): () => What {
  const foreign = OF_COMMANDS.find((name) => options.has(name));
  if (foreign !== undefined) throw usage('AmbiguousParameterSet', `--${foreign} cannot be used with --definition-name`, 'the definition says it');
  const [pathWord, typeWord, ...others] = options.words;
  if (others.length > 0) throw usage('PositionalParameterNotFound', `"${others[0]}" is one word too many`);
  const path = options.text('definition-path') ?? pathWord;
  const typePattern = options.text('type') ?? typeWord;
  return () => ({
    definitionName: options.text('definition-name') as string,
    ...(path === undefined ? {} : { path: placeOfDefinitions(path, typePattern) }),
    ...(typePattern === undefined ? {} : { typePattern }),
  });
}

/** A folder; of a type that was named also a file, which some types keep their definitions in. */
function placeOfDefinitions(path: string, typePattern: string | undefined): string {
  const file = resolve(currentFolder(), path);
  return typePattern !== undefined && statSync(file, { throwIfNoEntry: false })?.isFile() === true ? file : expandFolder(path, currentFolder());
}

function textSpec(options: Parsed, text: string, environment: Record<string, string>): () => What {
  if (text === '') throw usage('ParameterArgumentValidationError', 'the text to run is empty');
  if (options.has('shell') && options.has('runtime')) throw usage('InvalidParameterCombination', '--shell and --runtime say the same: keep one of them');
  const argumentList = argumentsOf(options);
  const shell = options.text('shell') ?? (options.has('runtime') ? undefined : process.platform === 'win32' ? 'pwsh' : 'sh');
  const spec = { scriptBlock: text, ...(shell === undefined ? {} : { shell }), argumentList, environment, ...runSpec(options) };
  return () => {
    requireInterpreter(options, environment, shell);
    return background(spec);
  };
}

function fileSpec(options: Parsed, environment: Record<string, string>): What {
  if (options.has('shell')) throw usage('AmbiguousParameterSet', '--shell goes with a text, not with a file');
  requireInterpreter(options, environment, undefined);
  const literal = options.text('literal-path');
  const filePath = literal === undefined ? findScript(options.text('file-path') as string, currentFolder()) : findLiteralScript(literal, currentFolder());
  return background({ filePath, argumentList: argumentsOf(options), environment, ...runSpec(options) });
}

function argvSpec(options: Parsed, environment: Record<string, string>): () => What {
  const words = options.rest as readonly string[];
  if (words.length === 0) throw usage('MissingMandatoryParameter', 'nothing follows --', 'start-job -- PROGRAM [ARG…]');
  const unused = [...(options.has('initialization-script') ? [] : ['shell']), 'argument-list', 'runtime'].find((name) => options.has(name));
  if (unused !== undefined) throw usage('InvalidParameterCombination', `--${unused} goes with a text or a file, not with a program after --`);
  const shell = options.text('shell');
  const spec = { command: words, environment, ...(shell === undefined ? {} : { shell }), ...runSpec(options) };
  return () => background(spec);
}

/** A spec of the command line holds what a user may say and a file may not, such as `{{ … }}`: the type's schema is for files. */
function background(spec: Record<string, unknown>): What {
  return { type: 'BackgroundJob', spec, isChecked: true };
}

/** The interpreter that somebody chose must be there before there is a job; one that follows from a file's name shows when it starts. */
function requireInterpreter(options: Parsed, environment: Record<string, string>, shell: string | undefined): void {
  const program = options.text('runtime')?.split('@')[0] ?? shell;
  if (program === undefined || 'path' in findProgram(program, { ...process.env, ...environment }, directoryPart(options).callerDirectory, true)) return;
  throw new JobError({ code: 'RuntimeNotFound', message: `no program is named "${program}" in PATH` });
}

function directoryPart(options: Parsed): { callerDirectory: string; workingDirectory?: string } {
  const text = options.text('working-directory');
  if (text === undefined) return { callerDirectory: currentFolder() };
  if (text.trim() === '') throw usage('ParameterArgumentValidationError', 'the working directory is empty');
  const folder = existingFolder(text, '.');
  return { callerDirectory: folder, workingDirectory: folder };
}
