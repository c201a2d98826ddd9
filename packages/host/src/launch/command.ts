/**
 * Starts a command through the shim and reads back what became of it.
 *
 *     this process                       shim.sh (own session)                 the command
 *     opens stdout stderr note  ─spawn─▶ reserves exit.json
 *     waits for the claim      ◀─file──  writes claim
 *     records Running, ends              runs it in the foreground     ─────▶  writes to the files
 *     …                                  overwrites exit.json          ◀─────  ends
 *     whoever looks next reads exit.json
 *
 * Nothing of the command passes through a process of ours, so none of ours can lose it by dying.
 */
import { accessSync, closeSync, constants, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isJobError, JobError, type Clock, type CommandLine, type Instance, type ProcessIdentity } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { DEFAULT_GRACE_PERIOD, quoted, type CodeLaunch, type JobLauncher, type JobNames, type LaunchCommand, type Launched, type Observation } from '@nightshift/core';
import { attemptFolder, damageIn, outputBytesOf, readClaim, readExit, readStop, revokeClaim, revokeEmptyClaim, RUN_FILES, tokenLeft, writeStop } from '@nightshift/store';
import { codeSeen, isTakenUp, tellCodeHost } from './code-host/look.ts';
import { earlierConfiguration, writeOrder } from './code-host/order.ts';
import type { ToldSecrets } from './code-host/told-secrets.ts';
import type { ConfigPlace } from '../config/config-place.ts';
import type { References } from '../secrets/references.ts';
import { resolveSecrets, variablesBehind, type SecretValues } from '../secrets/resolve-secrets.ts';
import { cutOff, endStrays, endTree } from './end-tree.ts';
import { jobEnvironment, variablesForEnv } from './environment.ts';
import { findProgram } from './find-program.ts';
import { isAlive, thisMachine, thisProcess } from './identity.ts';
import { spawnDetached, type Detached } from './spawn-detached.ts';
import { endThread, isThread, lending, newsOf, observeThread, type StopOwn } from '../threads/look.ts';
import { hold, letGo } from './hold.ts';
import { inspectorOf, isHeld, pauseAt } from './inspector.ts';
import { asUser, callersEnvironment, checkUser } from './user.ts';
import { lastingFault, looked, setAside } from './unreadable.ts';
import { checkVersion } from './version.ts';
import { watcherSeen } from './watcher.ts';
import { watchRuns } from './watch-runs.ts';

/** What the launcher takes from its surroundings. */
export interface LaunchSettings {
  readonly clock: Clock;
  readonly environment: NodeJS.ProcessEnv;
  /** The caller's, given back to the job: our own files are private whatever it says. */
  readonly umask: number;
  /** Absolute path of shim.sh. */
  readonly shim: string;
  /** Words behind Node that start the host of a run of JavaScript. Default: there is none, and such a run fails to start. */
  readonly codeHost?: readonly string[];
  /** For the hosts of runs of JavaScript, whose children may be of any type. Default: they look where they work. */
  readonly configuration?: () => ConfigPlace;
  /** Where references of secrets to variables lead. Default: `environment`. */
  readonly secretEnvironment?: () => NodeJS.ProcessEnv;
  /** Where references of secrets lead, by that environment; loaded for a job that has some. Default: nowhere. */
  readonly references?: (environment: NodeJS.ProcessEnv) => Promise<References>;
  /** The folder of the worker that launches: where the hosts of runs of JavaScript find their rows. Default: in the stores of the user. */
  readonly worker?: string;
  /** Ends a thread job of this very process. Default: it runs none. */
  readonly stopOwn?: StopOwn;
  /** Told of each thread job that waits for the host of its pool. Default: nobody. */
  readonly rouse?: (waiting: Instance) => void;
}

export function createCommandLauncher(settings: LaunchSettings): JobLauncher {
  return {
    identity: async () => thisProcess(),
    check(command) {
      checkSizes(command, settings.environment);
      if (command.reattach !== undefined) checkSizes({ ...command, argv: command.reattach }, settings.environment);
      checkVersion(command, settings.environment);
      checkUser(command);
    },
    async checkSecrets(command) {
      await secretsOf(settings, command);
    },
    launch: (instance, command, job) => launch(settings, instance, command, job),
    observe(instance) {
      if (isThread(instance) && instance.run?.holder === undefined && instance.stopReason === undefined) settings.rouse?.(instance);
      return observe(instance, settings.clock);
    },
    fault: (instance, cause) => lastingFault(instance, cause, settings.clock),
    setAside: async (instance) => setAside(instance, settings.clock.now()),
    async revoke(instance) {
      // Its process has it in hand, and is asked.
      if (isThread(instance)) return false;
      if (instance.stopReason !== undefined) writeStop(folderOf(instance), instance.stopReason);
      return revokeClaim(folderOf(instance));
    },
    wish: async (instance, wish) => tellCodeHost(instance, wish),
    cutOff: (instance) => cutOff(instance, settings.clock),
    async end(instance, how) {
      if (isThread(instance)) return endThread(instance, how, settings.clock, settings.stopOwn);
      if (instance.stopReason !== undefined) writeStop(folderOf(instance), instance.stopReason);
      await endTree(instance, how, settings.clock);
    },
    suspend: async (instance) => hold(instance),
    resume: async (instance) => letGo(instance),
    inspector: (instance) => inspectorOf(instance, settings.clock),
    pause: (instance, address, paused, signal) => pauseAt(address, instance, paused, signal),
    endStrays: (instances) => endStrays(instances, settings.clock),
    watch(instances, what) {
      const watch = watchRuns(instances.filter(({ run }) => run !== undefined && run.form !== 'thread').map(folderOf), what, settings.clock, newsOf(instances));
      const lent = lending(instances, settings.environment, thisProcess);
      return {
        changed: watch.changed,
        [Symbol.dispose]() {
          lent[Symbol.dispose]();
          watch[Symbol.dispose]();
        },
      };
    },
  };
}

async function launch(settings: LaunchSettings, instance: Instance, command: LaunchCommand, job: JobNames): Promise<Launched> {
  const environment = jobEnvironment(callersEnvironment(settings.environment, command.user), command.environment, job, { folder: instance.runFolder as string, attempt: instance.attempt });
  const workingDirectory = startsIn(instance, command);
  if (!isFolder(workingDirectory)) return { failed: `DirectoryNotFoundException: the working directory ${JSON.stringify(workingDirectory)} is not there, or nobody may enter it` };
  const secrets = await secretsOf(settings, command).catch(whyNoSecrets);
  if (secrets instanceof JobError) return { failed: `${secrets.code}: ${secrets.message}`, ...scarcity(rootOf(secrets)) };
  if (command.code !== undefined) return launchCode(settings, instance, command, job, environment, secrets);
  Object.assign(environment, secrets);
  const program = findProgram(command.argv[0], environment, workingDirectory, command.commandText !== undefined || command.scriptFile !== undefined);
  if ('failed' in program) return program;
  // To the shell's exec, a word that begins with a dash is an option.
  const words = command.argv[0].startsWith('-') ? [program.path, ...command.argv.slice(1)] : command.argv;
  const carried = variablesForEnv(environment);
  // A program whose name holds "=" would be taken for a variable: it goes without.
  const itself = carried.length === 0 || command.argv[0].includes('=') ? words : ['/usr/bin/env', ...carried, ...words];
  const failed = command.cleanUp === undefined ? undefined : tellCleanUp(folderOf(instance), asUser(command, command.cleanUp, environment));
  return failed ?? launchWords(settings, instance, command, environment, asUser(command, itself, environment));
}

/** What goes on elsewhere must not be out of reach because a folder here has gone. */
function startsIn(instance: Instance, { workingDirectory = '', reattach }: CommandLine): string {
  return reattach !== undefined && isTakenUp(instance) && !isFolder(workingDirectory) ? (instance.runFolder as string) : workingDirectory;
}

/** For the shim, which is there when everything else of the run has been killed. */
function tellCleanUp(folder: string, words: readonly string[]): Extract<Launched, { failed: string }> | undefined {
  try {
    writeFileSync(join(folder, RUN_FILES.cleanUp), `exec ${quoted(words)}\n`, { mode: 0o600 });
    return undefined;
  } catch (cause) {
    const error = cause as NodeJS.ErrnoException;
    return { failed: `SpawnFailed: the files of the run could not be made (${error.code ?? error.message})`, ...scarcity(error) };
  }
}

/** Read anew for each attempt, by whoever starts it. */
async function secretsOf(settings: LaunchSettings, { secrets }: CommandLine): Promise<SecretValues> {
  if (secrets === undefined || settings.references === undefined) return {};
  return resolveSecrets(secrets, await settings.references(secretEnvironmentOf(settings)));
}

function secretEnvironmentOf({ environment, secretEnvironment }: LaunchSettings): NodeJS.ProcessEnv {
  return secretEnvironment?.() ?? environment;
}

/** A configuration that cannot be read is one of the reasons. */
function whyNoSecrets(cause: unknown): JobError {
  const [first] = cause instanceof AggregateError ? (cause.errors as readonly unknown[]) : [cause];
  if (isJobError(first)) return first as JobError;
  throw cause;
}

/**
 * The host of a run of JavaScript is a command like any other; what it is to run lies in the folder of the attempt, but for
 * the values of secrets, which are told to it through a descriptor.
 */
async function launchCode(settings: LaunchSettings, instance: Instance, command: LaunchCommand, job: JobNames, environment: Record<string, string>, secrets: SecretValues): Promise<Launched> {
  const folder = folderOf(instance);
  const { id, name, instanceId, attempt, runFolder } = instance;
  const { workingDirectory, gracePeriod = DEFAULT_GRACE_PERIOD, timeout, code } = command;
  const origin = job.origin ?? instance.origin;
  const told: ToldSecrets = { secrets, variables: variablesBehind(code?.below ?? [], secretEnvironmentOf(settings)) };
  const isTold = Object.values(told).some((values) => Object.keys(values).length > 0);
  const token = code?.can.reattach === true && isTakenUp(instance) ? tokenLeft(runFolder as string, attempt - 1) : undefined;
  try {
    const configuration = earlierConfiguration(runFolder as string, attempt) ?? settings.configuration?.();
    writeOrder(folder, code as CodeLaunch, { ...(configuration === undefined ? {} : { configuration }), ...(settings.worker === undefined ? {} : { worker: settings.worker }), instance: { id, name, instanceId, attempt }, origin, workingDirectory: workingDirectory as string, gracePeriod, runFolder: runFolder as string, ...(timeout === undefined ? {} : { timeout }), ...(token === undefined ? {} : { token }), ...(isTold ? { isTold } : {}) });
  } catch (cause) {
    const error = cause as NodeJS.ErrnoException;
    return { failed: `SpawnFailed: the files of the run could not be made (${error.code ?? error.message})`, ...scarcity(error) };
  }
  return launchWords(settings, instance, command, environment, [process.execPath, ...(settings.codeHost ?? []), folder], isTold ? JSON.stringify(told) : undefined);
}

async function launchWords(settings: LaunchSettings, instance: Instance, command: LaunchCommand, environment: Record<string, string>, argv: readonly string[], told?: string): Promise<Launched> {
  const folder = folderOf(instance);
  const workingDirectory = startsIn(instance, command);
  const descriptors = tryToOpen(folder, command);
  if ('failed' in descriptors) return descriptors;
  try {
    failpoint('start.opened');
    const shim = ['/bin/sh', settings.shim, folder, settings.umask.toString(8).padStart(3, '0'), secondsOf(limitHere(command)), secondsOf(command.gracePeriod ?? DEFAULT_GRACE_PERIOD), ...argv] as const;
    const child = spawnDetached(shim as unknown as [string, ...string[]], { cwd: workingDirectory, env: environment, stdio: descriptors, ...(told === undefined ? {} : { told }) });
    failpoint('start.spawned');
    const launched = await claimOf(folder, child, settings.clock);
    await child.told;
    if ('failed' in launched && launched.scarce === true) unmakeFiles(folder);
    return launched;
  } finally {
    closeAll(descriptors);
  }
}

function closeAll(descriptors: readonly ('ignore' | number)[]): void {
  for (const descriptor of new Set(descriptors)) if (typeof descriptor === 'number') closeSync(descriptor);
}

/** What the system may have again in a moment: descriptors, processes, memory, room. */
const SCARCITIES: readonly (string | undefined)[] = ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM', 'ENOSPC', 'EDQUOT'];

/** What an error of ours was made of. */
function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}

function scarcity({ code }: NodeJS.ErrnoException): { readonly scarce?: true } {
  return SCARCITIES.includes(code) ? { scarce: true } : {};
}

/** So that the same attempt can be launched again: files are made exclusively. */
function unmakeFiles(folder: string): void {
  for (const name of [RUN_FILES.stdin, RUN_FILES.stdout, RUN_FILES.note, RUN_FILES.stderr]) rmSync(join(folder, name), { force: true });
}

/** What a watcher looks after keeps its own limit, also while nobody watches. */
function limitHere({ timeout, reattach }: CommandLine): number | undefined {
  return reattach === undefined ? timeout : undefined;
}

/** As `sleep` takes it; a shell knows no milliseconds. No fraction where there is none: some take whole seconds only. */
function secondsOf(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '-';
  return milliseconds % 1_000 === 0 ? String(milliseconds / 1_000) : (milliseconds / 1_000).toFixed(3);
}

function isFolder(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The job exists by now: a full disk or a lack of descriptors is told by its state. */
function tryToOpen(folder: string, command: LaunchCommand): ('ignore' | number)[] | Extract<Launched, { failed: string }> {
  const opened: ('ignore' | number)[] = [];
  try {
    return openFiles(folder, command, opened);
  } catch (cause) {
    closeAll(opened);
    const error = cause as NodeJS.ErrnoException;
    if (scarcity(error).scarce === true) unmakeFiles(folder);
    return { failed: `SpawnFailed: the files of the run could not be made (${error.code ?? error.message})`, ...scarcity(error) };
  }
}

/** Standard input, standard output, the shim's own stderr, and the command's, each put into `opened` when it is open. */
function openFiles(folder: string, command: LaunchCommand, opened: ('ignore' | number)[]): ('ignore' | number)[] {
  const append = (name: string): number =>
    openSync(join(folder, name), constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0), 0o600);
  opened.push(openInput(folder, command));
  opened.push(append(RUN_FILES.stdout));
  opened.push(append(RUN_FILES.note));
  opened.push(command.mergeStreams === true ? (opened[1] as number) : append(RUN_FILES.stderr));
  return opened;
}

function openInput(folder: string, { input, inputFile, inputDescriptor }: LaunchCommand): 'ignore' | number {
  if (inputDescriptor !== undefined) return copyOf(inputDescriptor, join(folder, RUN_FILES.stdin));
  if (inputFile !== undefined) return openSync(inputFile, 'r');
  if (input === undefined) return 'ignore';
  const path = join(folder, RUN_FILES.stdin);
  writeFileSync(path, input.map((line) => `${line}\n`).join(''), { flag: 'wx', mode: 0o600 });
  return openSync(path, 'r');
}

const CHUNK = 1_048_576;

/** To its end, piece by piece: nobody of ours may stand between a job and its input. */
function copyOf(descriptor: number, path: string): number {
  const target = openSync(path, 'wx', 0o600);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (let length = readPatiently(descriptor, chunk); length > 0; length = readPatiently(descriptor, chunk)) writeSync(target, chunk, 0, length);
  } finally {
    closeSync(target);
  }
  return openSync(path, 'r');
}

function readPatiently(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      // Somebody made the pipe non-blocking, and nothing has come yet.
      if (code !== 'EAGAIN') throw cause;
      Atomics.wait(STILL, 0, 0, 5);
    }
  }
}

const PATIENT_LOOKS = 20;
const STILL = new Int32Array(new SharedArrayBuffer(4));

/** Waits until the shim has taken the run over, or has ended without doing so. */
async function claimOf(folder: string, child: Detached, clock: Clock): Promise<Launched> {
  for (let looks = 0; ; ) {
    // The end first: a shim that claims and ends in between has left its claim by then.
    const ended = child.ended();
    const claim = readClaim(folder);
    if (claim?.by === 'shim' && (ended === undefined || claim.pid === child.pid)) {
      child.release();
      failpoint('start.claimed');
      return { beginTime: claim.at, ended: child.gone };
    }
    if (ended !== undefined) return { failed: `SpawnFailed: ${whyUnclaimed(folder, ended)}`, ...(ended.error === undefined ? {} : scarcity(ended.error)) };
    // A shim needs a millisecond or two. So long we stand still, which is finer and cheaper than a timer; then others may run.
    if (looks++ < PATIENT_LOOKS) Atomics.wait(STILL, 0, 0, 0.25);
    else await clock.sleep(1);
  }
}

function whyUnclaimed(folder: string, { error, exitCode }: NonNullable<ReturnType<Detached['ended']>>): string {
  if (error !== undefined) return `the system could not start a process (${error.code ?? error.message})`;
  const note = readFileSync(join(folder, RUN_FILES.note), 'utf8').trim().split('\n').at(-1);
  return `the run could not be claimed (code ${exitCode ?? 'none'}${note === undefined || note === '' ? '' : `: ${note}`})`;
}

/** A claim that was made but never filled is given this long before it is revoked, in milliseconds. */
const CLAIM_PATIENCE = 1_000;

async function observe(instance: Instance, clock: Clock): Promise<Observation> {
  const seen = await looked(instance, clock, () => withBooks(instance, observeAttempt(instance, clock)));
  if (instance.attempt === 1 || !(BRINGS_BYTES.includes(seen.is) || (seen.is === 'waiting' && instance.stopReason !== undefined))) return seen;
  return { ...seen, outputBytes: bytesOfEarlier(instance) + ('outputBytes' in seen ? (seen.outputBytes ?? 0) : 0) } as Observation;
}

/** With what the run has written down itself. */
function withBooks(instance: Instance, seen: Observation): Observation {
  if (seen.is === 'lost' || seen.is === 'unreadable') return seen;
  if (instance.run?.form === 'code') return { ...seen, code: codeSeen(instance) };
  const watcher = instance.run?.watches === true ? watcherSeen(instance, seen) : undefined;
  return watcher === undefined ? seen : { ...seen, watcher };
}

/** Looks that may be the last: what a run left is what all of its attempts left. */
const BRINGS_BYTES: readonly Observation['is'][] = ['unclaimed', 'revoked', 'ended', 'gone'];

function bytesOfEarlier({ runFolder, attempt }: Instance): number {
  let sum = 0;
  for (let earlier = 1; earlier < attempt; earlier++) sum += outputBytesOf(attemptFolder(runFolder as string, earlier));
  return sum;
}

function observeAttempt(instance: Instance, clock: Clock): Observation {
  if (instance.run !== undefined && instance.run.holder === undefined) return { is: 'waiting' };
  if (isThread(instance)) return observeThread(instance, clock.now());
  const folder = folderOf(instance);
  const claim = readClaim(folder);
  if (claim === undefined) {
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) return { is: 'lost' };
    const { holder } = instance.run as { holder: ProcessIdentity };
    if (!isHere(holder)) return { is: 'elsewhere' };
    // The shim syncs nothing: what it wrote shortly before a power cut is gone, though the command may have run.
    if (holder.boot !== thisMachine().boot) return { is: 'unclaimed', launcherAlive: false, beforeBoot: true, outputBytes: outputBytesOf(folder) };
    return { is: 'unclaimed', launcherAlive: isAlive(holder) };
  }
  if (claim.by === 'recovery') return { is: 'revoked' };
  const ended = endOf(folder, claim.at);
  if (ended !== undefined) return ended;
  if (claim.by === 'nobody') return observeUnfilled(instance, folder, claim.at, clock);
  const { holder } = instance.run as { holder: ProcessIdentity };
  if (!isHere(holder)) return { is: 'elsewhere' };
  if (isAlive({ host: holder.host, boot: claim.boot, pid: claim.pid, startTime: claim.startTime })) return { is: 'running', beginTime: claim.at, held: isHeld(folder) };
  // Looked at again: a shim that ended in between has written its record before it went.
  return endOf(folder, claim.at) ?? goneFrom(folder, claim.at);
}

/**
 * The claim is there, and says of nobody that he has it. Its shim has died over it, or stands still in that very moment, for as
 * long as a busy machine likes: no age tells one from the other. So nothing is said of it before it has been revoked.
 */
function observeUnfilled(instance: Instance, folder: string, at: Date, clock: Clock): Observation {
  const { holder } = instance.run as { holder: ProcessIdentity };
  if (!isHere(holder)) return { is: 'elsewhere' };
  // The shim syncs nothing: a claim that a power cut has emptied may have been full, and the command may have run.
  if (holder.boot !== thisMachine().boot || damageIn(folder) !== undefined) return goneFrom(folder, at);
  // A file's time is rounded, and may lie ahead by a part of a millisecond. Far ahead, where somebody has put the clock back since, nobody knows how old it is.
  if (Math.abs(clock.now().getTime() - at.getTime()) < CLAIM_PATIENCE) return { is: 'running', beginTime: at, held: isHeld(folder) };
  return revokeEmptyClaim(folder) ? { is: 'revoked' } : observeAttempt(instance, clock);
}

function endOf(folder: string, beginTime: Date): Observation | undefined {
  const exit = readExit(folder);
  if (exit === undefined) return undefined;
  const { at: endTime, ...how } = exit;
  return { is: 'ended', ...how, beginTime, endTime, outputBytes: outputBytesOf(folder), ...initialization(join(folder, RUN_FILES.initialized), how.exitCode) };
}

/** More than the name of a program, a PATH and a folder can have. */
const LONGEST_NOTE = 1_048_576;

/** What came of an initialization script and of the program behind it. The file is as the job left it. */
function initialization(file: string, exitCode: number | undefined): { readonly initialized: boolean; readonly unstarted?: string } {
  const facts = statSync(file, { throwIfNoEntry: false });
  // A shell says 126 or 127 of a program that it cannot start; a program may say the same of itself.
  const isSuspect = exitCode === 126 || exitCode === 127;
  if (!isSuspect || facts?.isFile() !== true || facts.size > LONGEST_NOTE) return { initialized: facts !== undefined };
  const [word, searched, workingDirectory] = readFileSync(file, 'utf8').split('\0');
  if (word === undefined || searched === undefined || workingDirectory === undefined) return { initialized: true };
  const found = findProgram(word, { PATH: searched }, workingDirectory, false);
  return { initialized: true, ...('failed' in found ? { unstarted: found.failed } : {}) };
}

/** The shim is gone. A limit that had run out is why; any other wish to stop is in the row. */
function goneFrom(folder: string, beginTime: Date): Observation {
  return { is: 'gone', beginTime, outputBytes: outputBytesOf(folder), timedOut: readStop(folder) === 'timeout' };
}

function isHere({ host }: ProcessIdentity): boolean {
  return host === thisMachine().host;
}

function folderOf({ runFolder, attempt }: Instance): string {
  return attemptFolder(runFolder as string, attempt);
}

/** Linux: MAX_ARG_STRLEN with its NUL, and a quarter of the usual stack for words and environment together (execve(2)). */
const LONGEST_WORD = 131_071;
const LONGEST_LIST = 2_097_152 - 65_536;

/** Throws `ArgumentInvalid` for what the system could never start: before a job exists. */
function checkSizes(command: CommandLine, caller: NodeJS.ProcessEnv): void {
  const variables = Object.entries({ ...caller, ...command.environment }).map(([name, value]) => `${name}=${value ?? ''}`);
  const sizes = [...command.argv, ...variables].map((word) => Buffer.byteLength(word));
  const nameOf = (at: number): string => (at < command.argv.length ? `argument ${at}` : `the variable ${variables[at - command.argv.length]?.split('=')[0]}`);
  const index = sizes.findIndex((size) => size > LONGEST_WORD);
  if (index !== -1) throw argumentInvalid(`${nameOf(index)} has ${sizes[index]} bytes; the system takes at most ${LONGEST_WORD}`);
  const total = sizes.reduce((sum, size) => sum + size + 9, 0);
  if (total > LONGEST_LIST) throw argumentInvalid(`arguments and environment together have ${total} bytes; the system takes about ${LONGEST_LIST}`);
  const withNul = [...command.argv, ...variables].findIndex((word) => word.includes('\0'));
  if (withNul !== -1) throw argumentInvalid(`${nameOf(withNul)} holds a NUL byte`);
}

function argumentInvalid(message: string): JobError {
  return new JobError({ code: 'ArgumentInvalid', message, hint: 'pass long texts through a file or standard input' });
}
