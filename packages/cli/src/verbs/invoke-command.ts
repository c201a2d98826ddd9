import { currentFolder, findProgram, findScript, interpreterThere, MOST_CONNECTIONS, USER_NAME, type Host, type JobView, type StartRequest } from '@nightshift/host';
import { isFinished, JobError } from '@nightshift/sdk';
import { EXIT } from '../exit-codes.ts';
import { AUTHENTICATIONS } from '../options/account-options.ts';
import { APPROVAL_OPTIONS, approvalOf } from '../options/approval.ts';
import { argumentsOf } from '../options/argument-list.ts';
import { computerNames, takesStandardInput } from '../options/computer-names.ts';
import { readEnvironment } from '../options/environment-option.ts';
import { namePart } from '../options/job-name.ts';
import { misplacedArguments, quoted } from '../options/misplaced-arguments.ts';
import type { Parsed } from '../options/option-table.ts';
import { wantsStandardInput } from '../options/run-options.ts';
import { usage } from '../options/usage.ts';
import { wholeNumberOf } from '../options/whole-number.ts';
import { beforeSentence } from '../print/computer.ts';
import { printError, printWarning } from '../print/error.ts';
import { FORMATS, printJob, type Format } from '../print/job.ts';
import type { RecordStyle } from '../print/records.ts';
import { sanitiseLine } from '../print/sanitise.ts';
import { isTerminal, writeError } from '../print/terminal.ts';
import { durationOf, formatOf, type Surroundings, type Verb } from '../verb.ts';
import { RECORD_OPTIONS, recordStyle } from './receive-job.ts';
import { followed } from './start-job.ts';

export const invokeCommand: Verb = {
  table: {
    name: 'invoke-command',
    summary: 'runs a command on other computers through ssh, on many at a time; they need nothing but sh',
    examples: ["invoke-command --computer-name web1,web2 'uptime'", "invoke-command --computer-name - --job-name Disks 'df -h' < servers.txt", 'invoke-command --computer-name db1 --file-path backup.sh -- --verify'],
    usage: ["--computer-name NAME,… [options] 'TEXT' [-- ARG…]", '--computer-name NAME,… [options] -- PROGRAM [ARG…]', '--computer-name NAME,… --file-path FILE [-- ARG…]'],
    runs: 'program',
    first: ['computer-name', 'as-job', 'job-name', 'throttle-limit', 'file-path', 'in-disconnected-session', 'hide-computer-name'],
    options: {
      'computer-name': { kind: 'list', value: 'NAME,…', aliases: ['Cn', 'HostName'], completes: 'computer', help: 'the computers, as ssh knows them; - takes the lines of standard input' },
      'script-block': { kind: 'text', value: 'TEXT', aliases: ['Command'], runs: true, help: 'the text, as a flag; it is run by sh there' },
      'file-path': { kind: 'text', value: 'FILE', aliases: ['PSPath'], runs: true, help: 'a script file; what it holds is sent' },
      'argument-list': { kind: 'words', value: 'ARG…', aliases: ['Args'], help: 'arguments of the text or file; every word up to the next option' },
      'input-object': { kind: 'texts', value: 'LINE', help: 'a line of its standard input, on each computer; repeatable; - copies yours' },
      'as-job': { kind: 'switch', help: 'print the job, one child for each computer, and return' },
      'job-name': { kind: 'text', value: 'NAME', help: 'a name for the job; implies --as-job' },
      'throttle-limit': { kind: 'text', value: 'N', help: 'on how many computers at a time; default 32' },
      'in-disconnected-session': { kind: 'switch', help: 'begin it there, and return; receive-job collects it later' },
      'hide-computer-name': { kind: 'switch', aliases: ['HCN'], help: 'on a terminal: no names before lines' },
      env: { kind: 'texts', value: 'KEY=VALUE', help: 'a variable for it; repeatable' },
      timeout: { kind: 'text', value: 'TIME', help: 'stop it after so long, on each computer: 90s, 5m, 1h30m' },
      'grace-period': { kind: 'text', value: 'TIME', help: 'between SIGTERM and SIGKILL there; default 10s' },
      credential: { kind: 'text', value: 'USER', aliases: ['UserName'], help: 'log on as this user' },
      port: { kind: 'text', value: 'PORT', help: 'the port of ssh there; default: as ssh is configured' },
      authentication: { kind: 'text', value: 'WAY', help: 'Default: as ssh is configured', oneOf: AUTHENTICATIONS },
      ...APPROVAL_OPTIONS,
      persist: { kind: 'switch', help: 'keep the job in the durable store, across a reboot of this computer' },
      ...RECORD_OPTIONS,
    },
  },
  async run(options, surroundings) {
    const end = endOf(options);
    const spec = specOf(options);
    const names = computerNames(options);
    requireSsh();
    const host = surroundings.host();
    const approve = approvalOf(options, 'invoke-command');
    const request = (computerName: readonly string[]): StartRequest => ({
      what: { type: 'RemoteJob', spec: { computerName, ...spec } },
      callerDirectory: currentFolder(),
      ...namePart(options, 'job-name'),
      ...(wantsStandardInput(options) ? { inputDescriptor: 0 } : {}),
      persist: options.isOn('persist'),
      warn: (warning) => printWarning(surroundings.voice, warning),
    });
    const { command } = approve === undefined ? { command: '' } : await host.describeStart(request(names));
    const chosen = approve === undefined ? names : names.filter((name) => approve(`${name}: ${command}`));
    if (chosen.length === 0) return EXIT.done;
    const job = await host.startJob(request(chosen));
    return end(host, job, surroundings);
  },
};

/** What becomes of the job that was started. */
type End = (host: Host, job: JobView, surroundings: Surroundings) => Promise<number>;

/** Throws `InvalidParameterCombination` for ends that exclude each other. */
function endOf(options: Parsed): End {
  const asJob = options.has('job-name') ? '--job-name' : options.isOn('as-job') ? '--as-job' : undefined;
  const isLeft = options.isOn('in-disconnected-session');
  if (asJob !== undefined && isLeft) throw usage('InvalidParameterCombination', `--in-disconnected-session and ${asJob} exclude each other`, 'without --as-job it leaves a job as well, which is Disconnected');
  if (asJob === undefined && !isLeft) {
    const style = recordStyle(options);
    return (host, job, surroundings) => untilItRests(host, job, style, surroundings);
  }
  const format = formatOf(options, FORMATS);
  return isLeft ? (host, job, surroundings) => untilItIsLeft(host, job, format, surroundings) : async (_, job) => shown(job, format);
}

function shown(job: JobView, format: Format): number {
  printJob(job, format);
  if (job.state === 'Failed' && isTerminal(2)) writeError(`invoke-command: ${sanitiseLine(job.statusMessage)}\n`);
  return EXIT.done;
}

/** Shows the results; nothing of the job is left, unless a computer is out of reach on which it goes on. Source: jobs.md 17.1. */
async function untilItRests(host: Host, job: JobView, style: RecordStyle, surroundings: Surroundings): Promise<number> {
  const ended = await followed('invoke-command', host, job, style, surroundings);
  if (typeof ended === 'number') return ended;
  if (!isFinished(ended.state)) {
    const { id, state, statusMessage } = ended;
    const away = (await belowOf(host, ended)).filter((child) => !isFinished(child.state)).map(({ location }) => location);
    const why = away.length === 0 ? statusMessage : `${brieflyListed(away)} ${away.length === 1 ? 'is' : 'are'} out of reach`;
    printWarning(surroundings.voice, { code: 'InvalidJobState', message: `job ${id} is ${state}${why === '' ? '' : `: ${why}`}`, hint: `it may go on there: receive-job ${id} --wait takes it up again, stop-job ${id} ends it` });
    return EXIT.jobFailed;
  }
  const { problems } = await host.removeJobs({ ids: [ended.id] }, { force: false });
  const failures = problems.map((problem) => printError(surroundings.voice, problem));
  return ended.state === 'Completed' ? (failures[0] ?? EXIT.done) : EXIT.jobFailed;
}

/** Waits until it runs everywhere, or cannot, and shows the job that is left. */
async function untilItIsLeft(host: Host, job: JobView, format: Format, { voice, interrupt }: Surroundings): Promise<number> {
  const waited = await host.waitJobs({ ids: [job.id] }, { signal: interrupt() });
  const status = waited.problems.map((problem) => printError(voice, problem))[0];
  const left = waited.jobs[0] ?? job;
  printJob(left, format);
  if (!waited.done) return EXIT.interrupted;
  return status ?? (await tellFailures(host, left));
}

/** Says where it could not be begun, or has failed already; of a job that has come nowhere why. */
async function tellFailures(host: Host, left: JobView): Promise<number> {
  const below = await belowOf(host, left);
  const failed = (below.length === 0 ? [left] : below).filter(({ state }) => state === 'Failed' || state === 'Stopped');
  for (const { location, state, statusMessage } of failed) writeError(`invoke-command: ${beforeSentence(location, statusMessage)}${sanitiseLine(statusMessage || state)}\n`);
  return failed.length === 0 ? EXIT.done : EXIT.jobFailed;
}

async function belowOf(host: Host, { childJobs }: JobView): Promise<readonly JobView[]> {
  return childJobs.length === 0 ? [] : (await host.getJobs({ ids: childJobs })).jobs;
}

/** How many names a sentence holds. */
const FEW = 5;

function brieflyListed(names: readonly string[]): string {
  return names.length > FEW ? `${names.slice(0, FEW).join(', ')} and ${names.length - FEW} more` : names.join(', ');
}

/** What is the same for every computer. Keys that were not said are absent. */
function specOf(options: Parsed): Readonly<Record<string, unknown>> {
  checkAuthentication(options);
  if (takesStandardInput(options) && wantsStandardInput(options)) throw usage('InvalidParameterCombination', '--computer-name - and --input-object - both want the standard input', 'name the computers, or give the lines with --input-object LINE');
  const user = options.text('credential');
  if (user !== undefined && !USER_NAME.test(user)) throw usage('ParameterArgumentValidationError', `"${user}" is not the name of a user`);
  const [environment, lines, limit] = [options.list('env'), options.list('input-object'), wholeNumberOf(options, 'throttle-limit', 0)];
  const spec = {
    ...bodyOf(options),
    inputObject: lines === undefined || wantsStandardInput(options) ? undefined : lines,
    environment: environment === undefined ? undefined : readEnvironment(environment),
    timeout: durationOf(options, 'timeout'),
    gracePeriod: durationOf(options, 'grace-period'),
    throttleLimit: limit === undefined ? undefined : Math.min(limit, MOST_CONNECTIONS),
    port: wholeNumberOf(options, 'port', 1, 65_535),
    credential: user,
    inDisconnectedSession: options.isOn('in-disconnected-session') || undefined,
    hideComputerName: options.isOn('hide-computer-name') || undefined,
  };
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
}

function checkAuthentication(options: Parsed): void {
  const way = options.text('authentication');
  if (way !== undefined && way !== 'Default') throw usage('AuthenticationNotSupported', `ssh logs on by its own means: --authentication ${way} means nothing here`, 'leave it out; keys and agents are configured for ssh');
}

/** Exactly one of the ways to say what to run. */
function bodyOf(options: Parsed): Readonly<Record<string, unknown>> {
  const [text] = options.words;
  const flags = ['file-path', 'script-block'].filter((name) => options.has(name)).map((name) => `--${name}`);
  const chosen = [...flags, ...(text === undefined ? [] : ['a text'])];
  if (options.words.length > 1) throw tooMany(options);
  if (chosen.length > 1) throw usage('AmbiguousParameterSet', `${chosen.join(' and ')} cannot be used together`, chosen.length === 2 && text !== undefined ? misplacedArguments(invokeCommand.table, options.text, options.words) : undefined);
  if (chosen.length === 0) return { command: programOf(options) };
  const argumentList = argumentsOf(options);
  const rest = argumentList.length === 0 ? {} : { argumentList };
  const file = options.text('file-path');
  if (file !== undefined) return { filePath: runnableFile(file), ...rest };
  const scriptBlock = options.text('script-block') ?? (text as string);
  if (scriptBlock.trim() === '') throw usage('ParameterArgumentValidationError', 'the text to run is empty');
  return { scriptBlock, ...rest };
}

/** Throws `FilePathNotFound`, `FilePathNotSingle`, and `InvalidFilePathParameter` for one that nobody knows how to run. */
function runnableFile(pattern: string): string {
  const path = findScript(pattern, currentFolder());
  interpreterThere(path);
  return path;
}

/** In PowerShell the first of two words names the computers, and a script block is no text. */
function tooMany({ words, text, list }: Parsed): JobError {
  const body = words.filter((word) => word !== '{' && word !== '}').join(' ');
  const computers = list('computer-name');
  const [first, ...others] = words;
  const hint = first === '{' ? `a script block is a text in quotes: invoke-command --computer-name ${computers?.join(',') ?? 'NAME'} ${quoted(body)}`
    : computers === undefined ? `computers stand behind a flag: invoke-command --computer-name ${quoted(first as string)} ${quoted(others.join(' '))}`
      : misplacedArguments(invokeCommand.table, text, words);
  return usage('PositionalParameterNotFound', `"${others[0]}" is one word too many`, hint ?? 'quote the text, or write -- before a program and its arguments; several computers are separated by commas');
}

function programOf(options: Parsed): readonly string[] {
  const taken = options.list('argument-list');
  if (options.rest === undefined) throw usage('MissingMandatoryParameter', 'say what to run', taken === undefined ? 'a text, a program after --, or --file-path FILE' : '--argument-list takes every word up to the next option: write the text before it');
  if (options.rest.length === 0) throw usage('MissingMandatoryParameter', 'nothing follows --', 'invoke-command --computer-name NAME -- PROGRAM [ARG…]');
  if (options.rest[0] === '') throw usage('ParameterArgumentValidationError', 'the name of the program is empty');
  if (taken !== undefined) throw usage('InvalidParameterCombination', '--argument-list goes with a text or a file, not with a program after --');
  return options.rest;
}

/** Before there is a job: without it every computer would be out of reach. */
function requireSsh(): void {
  if ('path' in findProgram('ssh', process.env, currentFolder(), true)) return;
  throw new JobError({ code: 'RuntimeNotFound', message: 'no program is named "ssh" in PATH', hint: 'install the client of OpenSSH' });
}
