/**
 * The inside of a warm worker: runs the tasks that it is given, one at a time, and says of each how it ended. It imports
 * nothing of ours but what lies beside it: it is a file of its own in every build.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Ended, FromWorker, SameTasks, SharedMemory, ToWorker, WorkerTask } from './messages.ts';
import { ringWriter } from './ring.ts';
import { compileBlock, importBody, type Sight } from './worker/compile.ts';
import { captureConsole } from './worker/console.ts';
import { createInput, type Input } from './worker/input.ts';
import { enter, leave } from './worker/leftovers.ts';
import { createStreams, type Streams } from './worker/streams.ts';

/** What a task may need is made when it is first looked at: most look at little. */
class Current implements Sight {
  readonly task: WorkerTask;
  #streams: Streams | undefined;
  #input: Input | undefined;
  #controller: AbortController | undefined;
  #stopped: string | undefined;

  constructor(task: WorkerTask) {
    this.task = task;
  }

  get args(): readonly unknown[] {
    return this.task.args;
  }

  get input(): Input {
    return (this.#input ??= createInput(this.task.input));
  }

  get streams(): Streams['api'] {
    return this.writer.api;
  }

  get writer(): Streams {
    return (this.#streams ??= createStreams(ring.write));
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#stopped !== undefined) this.#controller.abort(this.#stopped);
    }
    return this.#controller.signal;
  }

  stop(reason: string): void {
    this.#stopped ??= reason;
    this.#controller?.abort(reason);
  }

  close(): void {
    this.#streams?.close();
  }
}

const port = parentPort as NonNullable<typeof parentPort>;
const { words, done, ring: memory } = workerData as SharedMemory;
const say = (message: FromWorker): void => port.postMessage(message);

const waiting: WorkerTask[] = [];
let current: Current | undefined;
let environment: Readonly<Record<string, string>> = {};
let isBusy = false;
const ring = ringWriter(memory, (position) => say({ wrote: (current as Current).task.key, position }));

/** Ends that stand in the shared memory and have not been told. */
let untold = 0;
let took = 0;
let isTelling = false;
/** So many are told together: by then the pool may have more for us. */
const TOGETHER = 32;

const listeners = process.listenerCount('unhandledRejection') + process.listenerCount('uncaughtException');
const { endLines } = captureConsole((stream, value) => current?.writer.put(stream, value));

port.on('message', (message: ToWorker) => {
  if ('tasks' in message) {
    for (const task of message.tasks) takeIn(task);
    if (!isBusy) void runAll();
  } else if ('stop' in message) {
    if (current?.task.key === message.stop) current.stop(message.reason);
  } else if (current?.task.key === message.input) current.input.push(message.values, message.isEnd);
});
say({ isReady: true });

let last: WorkerTask | undefined;

function takeIn(task: WorkerTask | SameTasks): void {
  if (!('keys' in task)) {
    waiting.push((last = task));
    return;
  }
  const { environment: _environment, names: _names, ...same } = last as WorkerTask;
  task.keys.forEach((key, index) => {
    const names = task.names[index];
    // A job may change its arguments: the next has its own.
    waiting.push({ ...same, key, slot: task.slots[index] as number, args: same.args.length === 0 ? [] : structuredClone(same.args), ...(names === undefined ? {} : { names }) });
  });
}

async function runAll(): Promise<void> {
  isBusy = true;
  for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
    environment = task.environment ?? environment;
    // Whoever is first: the pool may have given it to another worker meanwhile.
    if (Atomics.compareExchange(words, task.slot, task.key, -task.key) !== task.key) continue;
    const ended = await run(task);
    if (isPlain(ended)) tellLater(task, ended);
    else say({ ended });
    // The pool takes back what is behind it.
    if (ended.isSpent === true) return;
  }
  tell();
  isBusy = false;
}

/** It has done nothing but end well. */
function isPlain({ failed, isSpent, hasWritten }: Ended): boolean {
  return failed === undefined && isSpent === undefined && !hasWritten;
}

/** A message costs more than such a job: its end stands in the shared memory at once, and is told with others. */
function tellLater({ slot, key }: WorkerTask, ended: Ended): void {
  Atomics.store(done, slot, key);
  untold += 1;
  took += ended.took;
  if (untold >= TOGETHER) tell();
  else if (!isTelling) {
    // The next may take its time.
    isTelling = true;
    setImmediate(() => {
      isTelling = false;
      tell();
    });
  }
}

function tell(): void {
  if (untold === 0) return;
  say({ done: untold, took: took / untold });
  untold = took = 0;
}

async function run(task: WorkerTask): Promise<Ended> {
  const begun = performance.now();
  const before = ring.position();
  ring.begin(task.key);
  const own = (current = new Current(task));
  enter(task.workingDirectory, environment, task.names);
  const failed = await outcomeOf(own);
  endLines();
  own.close();
  current = undefined;
  const position = ring.position();
  return { key: task.key, took: performance.now() - begun, position, hasWritten: position !== before, ...(failed === undefined ? {} : { failed }), ...(leave(listeners) ? {} : { isSpent: true }) };
}

async function outcomeOf(sight: Current): Promise<Ended['failed']> {
  const { task } = sight;
  let isInitialized = task.initializationScript === undefined;
  try {
    const found = bodyOf(task, sight);
    const body = found instanceof Promise ? await found : found;
    if (task.module !== undefined) isInitialized = true;
    let value = body(sight, () => (isInitialized = true));
    if (isThenable(value)) value = await value;
    endLines();
    if (value !== undefined) sight.writer.put('output', value);
    return undefined;
  } catch (thrown) {
    const { message, ...facts } = factsOf(thrown);
    return isInitialized || facts.code === 'ThreadJobError' ? { message, ...facts } : { message: `initialization script: ${message}`, ...facts };
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { readonly then?: unknown }).then === 'function';
}

type Body = ReturnType<typeof compileBlock>;

function bodyOf(task: WorkerTask, sight: Sight): Body | Promise<Body> {
  const { scriptBlock, module, initializationScript, workingDirectory } = task;
  if (module === undefined) return parsed(() => compileBlock(scriptBlock as string, initializationScript, workingDirectory));
  return initializationScript === undefined ? parsed(() => importBody(module)) : initialized(initializationScript, module, workingDirectory, sight);
}

async function initialized(initializationScript: string, module: string, folder: string, sight: Sight): Promise<Body> {
  await parsed(() => compileBlock(initializationScript, undefined, folder))(sight, () => {});
  return parsed(() => importBody(module));
}

/** What does not parse is no job. */
function parsed(act: () => Body): Body;
function parsed<T>(act: () => T | Promise<T>): T | Promise<T>;
function parsed<T>(act: () => T | Promise<T>): T | Promise<T> {
  try {
    const made = act();
    return made instanceof Promise ? made.catch((thrown: unknown) => unparsed(thrown)) : made;
  } catch (thrown) {
    return unparsed(thrown);
  }
}

function unparsed(thrown: unknown): never {
  if (!(thrown instanceof SyntaxError)) throw thrown;
  throw Object.assign(new Error(thrown.message, { cause: thrown }), { code: 'ThreadJobError', stack: thrown.stack });
}

function factsOf(thrown: unknown): NonNullable<Ended['failed']> {
  if (!(thrown instanceof Error)) return { message: typeof thrown === 'string' ? thrown : textOf(thrown) };
  const { code, message, stack } = thrown as Error & { readonly code?: unknown };
  return { message, ...(typeof code === 'string' ? { code } : {}), ...(stack === undefined ? {} : { stack }) };
}

function textOf(thrown: unknown): string {
  try {
    return JSON.stringify(thrown) ?? String(thrown);
  } catch {
    return String(thrown);
  }
}
