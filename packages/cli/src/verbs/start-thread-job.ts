import { readFileSync } from 'node:fs';
import { currentFolder, existingFolder, findLiteralScript, findModule, findScript, MOST_AT_A_TIME, POOL_NAME, type JobView, type ThreadRequest } from '@nightshift/host';
import { EXIT } from '../exit-codes.ts';
import { APPROVAL_OPTIONS, approvalOf } from '../options/approval.ts';
import { argumentsOf } from '../options/argument-list.ts';
import { readEnvironment } from '../options/environment-option.ts';
import { namePart } from '../options/job-name.ts';
import type { Parsed } from '../options/option-table.ts';
import { wantsStandardInput } from '../options/run-options.ts';
import { usage } from '../options/usage.ts';
import { wholeNumberOf } from '../options/whole-number.ts';
import { printWarning } from '../print/error.ts';
import { FORMATS, printJob } from '../print/job.ts';
import { durationOf, formatOf, type Surroundings, type Verb } from '../verb.ts';
import { RECORD_OPTIONS, recordStyle } from './receive-job.ts';
import { follow } from './start-job.ts';

/** Both ways to name a module. */
const FILES = ['file-path', 'literal-path'] as const;

export const startThreadJob: Verb = {
  table: {
    name: 'start-thread-job',
    summary: 'starts JavaScript in a warm worker, as many at a time as its pool allows',
    examples: ["start-thread-job 'return 6 * 7' --wait", 'start-thread-job --file-path jobs/report.mjs --argument-list 2026', "start-thread-job --pool web --throttle-limit 9 'await fetch(args[0])' -- URL"],
    usage: ["[options] 'TEXT' [-- ARG…]   the body of an async function", '[options] --file-path FILE [-- ARG…]   its default export'],
    words: 1,
    runs: 'program',
    first: ['name', 'wait', 'throttle-limit', 'pool', 'working-directory', 'env', 'input-object', 'file-path'],
    options: {
      'script-block': { kind: 'text', value: 'TEXT', aliases: ['Command'], runs: true, help: 'the text, as a flag; it sees args, input, streams and signal' },
      'file-path': { kind: 'text', value: 'FILE', runs: true, help: 'a module (.js, .mjs, .ts); a pattern must match exactly one' },
      'literal-path': { kind: 'text', value: 'FILE', runs: true, help: 'the same, without wildcards' },
      'argument-list': { kind: 'words', value: 'ARG…', aliases: ['Args'], help: 'what args holds; every word up to the next option' },
      'initialization-script': { kind: 'text', value: 'TEXT', help: 'runs first; where it throws, the job fails and the rest does not run' },
      'input-object': { kind: 'texts', value: 'LINE', help: 'what input yields; repeatable; - takes the lines of yours' },
      name: { kind: 'text', value: 'NAME', help: 'a name for people; default Job<id>' },
      pool: { kind: 'text', value: 'NAME', help: 'the pool that it runs in; default default' },
      'throttle-limit': { kind: 'text', value: 'N', help: 'how many jobs of the pool run at a time, from now on; at first 5' },
      'working-directory': { kind: 'text', value: 'FOLDER', help: 'what process.cwd() answers; default: here' },
      env: { kind: 'texts', value: 'KEY=VALUE', help: 'a variable for it; repeatable' },
      timeout: { kind: 'text', value: 'TIME', help: 'stop it after so long: 90s, 5m, 1h30m' },
      'grace-period': { kind: 'text', value: 'TIME', help: 'between the signal and the end of the worker; default 10s' },
      ...APPROVAL_OPTIONS,
      persist: { kind: 'switch', help: 'keep it in the durable store: it runs in a process of its own then' },
      wait: { kind: 'switch', help: 'print what it writes, and exit with 10 when it has failed' },
      ...RECORD_OPTIONS,
    },
  },
  async run(options, surroundings) {
    const format = options.isOn('wait') ? undefined : formatOf(options, FORMATS);
    const style = options.isOn('wait') ? recordStyle(options) : undefined;
    const request = requestOf(options);
    const approve = approvalOf(options, 'start-thread-job');
    if (approve !== undefined && !approve(`ThreadJob: ${request.command}`)) return EXIT.done;
    const job = options.isOn('persist') ? await startKept(request, surroundings) : await (await surroundings.host().threads()).submit(request);
    if (format === undefined) return follow('start-thread-job', surroundings.host(), job, style as NonNullable<typeof style>, surroundings);
    printJob(job, format);
    return EXIT.done;
  },
};

/** What outlives this session cannot share a process with others. */
async function startKept({ spec, name, args, input, workingDirectory, environment, pool, throttleLimit, timeout, gracePeriod }: ThreadRequest, { host, voice }: Surroundings): Promise<JobView> {
  const flag = pool !== undefined ? '--pool' : throttleLimit !== undefined ? '--throttle-limit' : timeout !== undefined ? '--timeout' : gracePeriod !== undefined ? '--grace-period' : undefined;
  if (flag !== undefined) throw usage('InvalidParameterCombination', `${flag} cannot be used with --persist: such a job runs in a process of its own`);
  return host().startJob({
    what: { type: 'ThreadJob', isChecked: true, spec: { ...spec, argumentList: args, inputObject: input, ...(environment === undefined ? {} : { environment }) } },
    callerDirectory: workingDirectory,
    workingDirectory,
    persist: true,
    warn: (warning) => printWarning(voice, warning),
    ...(name === undefined ? {} : { name }),
  });
}

function requestOf(options: Parsed): ThreadRequest {
  const pool = options.text('pool');
  if (pool !== undefined && !POOL_NAME.test(pool)) throw usage('ParameterArgumentValidationError', `--pool takes a letter, then letters, digits, ".", "_" and "-", 64 at most; not "${pool}"`);
  const [limit, timeout, gracePeriod, environment] = [wholeNumberOf(options, 'throttle-limit', 1, MOST_AT_A_TIME), durationOf(options, 'timeout'), durationOf(options, 'grace-period'), options.list('env')];
  const [args, declared] = [argumentsOf(options), environment === undefined ? undefined : readEnvironment(environment)];
  const body = bodyOf(options);
  const initializationScript = options.text('initialization-script');
  return {
    spec: { ...body, ...(initializationScript === undefined ? {} : { initializationScript }) },
    command: body.scriptBlock ?? (body.filePath as string),
    args,
    input: wantsStandardInput(options) ? linesOfInput() : (options.list('input-object') ?? []),
    workingDirectory: folderOf(options),
    ...namePart(options),
    ...(declared === undefined ? {} : { environment: declared }),
    ...(pool === undefined ? {} : { pool }),
    ...(limit === undefined ? {} : { throttleLimit: limit }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(gracePeriod === undefined ? {} : { gracePeriod }),
  };
}

/** Exactly one of the three ways to say what to run. */
function bodyOf(options: Parsed): { readonly scriptBlock?: string; readonly filePath?: string } {
  const [text, another] = options.words;
  const chosen = [...FILES.filter((name) => options.has(name)).map((name) => `--${name}`), ...(options.has('script-block') ? ['--script-block'] : []), ...(text === undefined ? [] : ['a text'])];
  if (chosen.length > 1) throw usage('AmbiguousParameterSet', `${chosen.join(' and ')} cannot be used together`);
  if (chosen.length === 0) throw usage('MissingMandatoryParameter', 'say what to run', 'a text, or --file-path FILE');
  if (another !== undefined) throw usage('PositionalParameterNotFound', `"${another}" is one word too many`, 'quote the text, or write -- before arguments');
  const [pattern, literal] = [options.text('file-path'), options.text('literal-path')];
  if (pattern !== undefined) return { filePath: findModule(pattern, currentFolder(), findScript) };
  if (literal !== undefined) return { filePath: findModule(literal, currentFolder(), findLiteralScript) };
  const scriptBlock = options.text('script-block') ?? (text as string);
  if (scriptBlock === '') throw usage('ParameterArgumentValidationError', 'the text to run is empty');
  return { scriptBlock };
}

function folderOf(options: Parsed): string {
  const text = options.text('working-directory');
  if (text === undefined) return currentFolder();
  if (text.trim() === '') throw usage('ParameterArgumentValidationError', 'the working directory is empty');
  return existingFolder(text, '.');
}

/** To its end; a last line without one counts. */
function linesOfInput(): readonly string[] {
  const lines = readFileSync(0, 'utf8').split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
