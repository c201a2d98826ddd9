/** start-thread-job for a program of somebody's own: the jobs run in that program. */
import { JobError, parseDuration } from '@nightshift/sdk';
import type { Host } from './create-host.ts';
import { checkOptions, duration, environment, filledText, isMap, refused, text, wholeNumber, wrongForm, type Check, type Checks } from './option-kinds.ts';
import { existingFolder, findScript } from './paths.ts';
import type { StartedThread } from './threads/thread-jobs.ts';
import type { ThreadRequest, Threads } from './threads/threads.ts';

/** What a thread job runs: the body of an async function, or a module whose default export is one. */
export type ThreadWhat = { readonly scriptBlock: string } | { readonly filePath: string };

/** How to run it. */
export interface ThreadOptions {
  /** Default `Job<id>`. */
  readonly name?: string;
  /** Values for `args`; they keep their types (structured clone) and are copied now. */
  readonly argumentList?: readonly unknown[];
  /** Values for `input`; the same. */
  readonly inputObject?: readonly unknown[];
  readonly initializationScript?: string;
  readonly environment?: Readonly<Record<string, string | number | boolean>>;
  /** What `process.cwd()` answers. Default: this process's. */
  readonly workingDirectory?: string;
  /** Milliseconds, or a text such as "5m". Default: never. */
  readonly timeout?: number | string;
  /** Between the signal and the end of the worker; the same. Default 10 s. */
  readonly gracePeriod?: number | string;
  /** Name of the pool. Default `default`. */
  readonly pool?: string;
  /** How many jobs of the pool run at a time, from now on; 5 until somebody says otherwise. */
  readonly throttleLimit?: number;
}

/** Names of pools. Source: jobs.md section 16. */
export const POOL_NAME: RegExp = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/;
export const MOST_AT_A_TIME = 1_000_000;

const poolName: Check = (value, name) => {
  text(value, name);
  if (!POOL_NAME.test(value as string)) throw refused('ParameterArgumentValidationError', `${name} is a letter, then letters, digits, ".", "_" and "-", 64 at most; not "${value as string}"`);
};

const values: Check = (value, name) => {
  if (!Array.isArray(value)) throw wrongForm(name, 'a list', value);
};

const OPTIONS: Checks<ThreadOptions> = {
  name: text, argumentList: values, inputObject: values, initializationScript: filledText, environment, workingDirectory: text, timeout: duration, gracePeriod: duration,
  pool: poolName, throttleLimit: wholeNumber(1, MOST_AT_A_TIME),
};

/** Loaded by the first start of each host. */
const LOADED = new WeakMap<Host, Threads>();

/** Rejects with what start-thread-job would say of the same mistake, before there is a job. */
export function startThreadJob(host: Host, what: ThreadWhat, options: ThreadOptions, folder: string): Promise<StartedThread> {
  try {
    const request = requestOf(what, options, folder);
    return LOADED.get(host)?.start(request) ?? startFirst(host, request);
  } catch (cause) {
    return Promise.reject(cause);
  }
}

async function startFirst(host: Host, request: ThreadRequest): Promise<StartedThread> {
  const threads = await host.threads();
  LOADED.set(host, threads);
  return threads.start(request);
}

function requestOf(what: ThreadWhat, options: ThreadOptions, folder: string): ThreadRequest {
  checkWhat(what);
  const filePath = 'filePath' in what ? foundOnce(what.filePath, folder) : undefined;
  const [spec, command] = filePath === undefined ? [what as { readonly scriptBlock: string }, (what as { readonly scriptBlock: string }).scriptBlock] : [{ filePath }, filePath];
  if (options === NONE) return { spec, command, args: EMPTY, input: EMPTY, workingDirectory: folder };
  checkOptions(options, OPTIONS, 'startThreadJob');
  const { name, initializationScript, environment: variables, pool, throttleLimit, timeout, gracePeriod } = options;
  return {
    spec: initializationScript === undefined ? spec : { ...spec, initializationScript },
    command,
    args: copied(options.argumentList, 'argumentList'),
    input: copied(options.inputObject, 'inputObject'),
    workingDirectory: options.workingDirectory === undefined ? folder : existingFolder(options.workingDirectory, folder),
    ...(name === undefined ? {} : { name }),
    ...(variables === undefined ? {} : { environment: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)])) }),
    ...(pool === undefined ? {} : { pool }),
    ...(throttleLimit === undefined ? {} : { throttleLimit }),
    ...(timeout === undefined ? {} : { timeout: milliseconds(timeout) }),
    ...(gracePeriod === undefined ? {} : { gracePeriod: milliseconds(gracePeriod) }),
  };
}

/** A file that is started many times in one turn of the event loop is looked for once. */
let found: Map<string, string> | undefined;

function foundOnce(pattern: string, folder: string): string {
  if (found === undefined) {
    found = new Map();
    setImmediate(() => (found = undefined));
  }
  const key = `${folder}\0${pattern}`;
  let file = found.get(key);
  if (file === undefined) found.set(key, (file = findModule(pattern, folder)));
  return file;
}

/** Of who says nothing. */
export const NONE: ThreadOptions = {};

/** What a worker can import. Source: jobs.md section 16. */
const MODULE = /\.(?:js|mjs|cjs|ts|mts)$/i;

/** Throws `FilePathNotFound`, `FilePathNotSingle`, `InvalidFilePathParameter`. */
export function findModule(pattern: string, folder: string, find: typeof findScript = findScript): string {
  const file = find(pattern, folder);
  if (MODULE.test(file)) return file;
  throw new JobError({ code: 'InvalidFilePathParameter', message: `"${file}" is no module: its name ends in .js, .mjs or .ts`, hint: 'start-job runs other files' });
}

const WHAT = { scriptBlock: filledText, filePath: text };

function checkWhat(what: unknown): void {
  if (!isMap(what)) throw what === undefined || what === null ? nothingToRun() : wrongForm('what to run', 'an object', what, '{ scriptBlock } or { filePath }');
  const given = Object.keys(what).filter((key) => what[key] !== undefined);
  if (given.length === 0) throw nothingToRun();
  checkOptions(what, WHAT, 'what to run');
  if (given.length > 1) throw refused('AmbiguousParameterSet', 'scriptBlock and filePath cannot be used together');
}

function nothingToRun(): Error {
  return refused('MissingMandatoryParameter', 'say what to run', '{ scriptBlock } or { filePath }');
}

/** As they are now, whatever the caller does with them afterwards. */
function copied(list: readonly unknown[] | undefined, name: string): readonly unknown[] {
  if (list === undefined || list.length === 0) return EMPTY;
  try {
    return structuredClone(list);
  } catch (cause) {
    throw new JobError({ code: 'ArgumentInvalid', message: `${name} cannot be handed to another thread: ${(cause as Error).message}` }, { cause });
  }
}

const EMPTY: readonly unknown[] = [];

function milliseconds(time: number | string): number {
  return typeof time === 'number' ? time : parseDuration(time);
}
