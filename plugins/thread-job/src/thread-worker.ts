/**
 * The inside of a warm worker: runs the tasks that it is given, one at a time, and says of each how it ended. It imports
 * nothing of ours but what lies beside it: it is a file of its own in every build.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Ended, FromWorker, SharedMemory, ToWorker, WorkerTask } from './messages.ts';
import { ringWriter } from './ring.ts';
import { compileBlock, importBody, type Sight } from './worker/compile.ts';
import { captureConsole } from './worker/console.ts';
import { createInput, type Input } from './worker/input.ts';
import { enter, leave } from './worker/leftovers.ts';
import { createStreams, type Streams } from './worker/streams.ts';

interface Current {
  readonly task: WorkerTask;
  readonly streams: Streams;
  readonly input: Input;
  readonly controller: AbortController;
}

const port = parentPort as NonNullable<typeof parentPort>;
const { words, ring: memory } = workerData as SharedMemory;
const say = (message: FromWorker): void => port.postMessage(message);

const waiting: WorkerTask[] = [];
let current: Current | undefined;
let environment: Readonly<Record<string, string>> = {};
let isBusy = false;
const ring = ringWriter(memory, (position) => say({ wrote: (current as Current).task.key, position }));

const listeners = process.listenerCount('unhandledRejection') + process.listenerCount('uncaughtException');
const { endLines } = captureConsole((stream, value) => current?.streams.put(stream, value));

port.on('message', (message: ToWorker) => {
  if ('tasks' in message) {
    waiting.push(...message.tasks);
    if (!isBusy) void runAll();
  } else if ('stop' in message) {
    if (current?.task.key === message.stop) current.controller.abort(message.reason);
  } else if (current?.task.key === message.input) current.input.push(message.values, message.isEnd);
});
say({ isReady: true });

async function runAll(): Promise<void> {
  isBusy = true;
  for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
    environment = task.environment ?? environment;
    // Whoever is first: the pool may have given it to another worker meanwhile.
    if (Atomics.compareExchange(words, task.slot, task.key, -task.key) !== task.key) continue;
    const ended = await run(task);
    say({ ended });
    // The pool takes back what is behind it.
    if (ended.isSpent === true) return;
  }
  isBusy = false;
}

async function run(task: WorkerTask): Promise<Ended> {
  const begun = performance.now();
  ring.begin(task.key);
  const streams = createStreams(ring.write);
  current = { task, streams, input: createInput(task.input), controller: new AbortController() };
  enter(task.workingDirectory, environment, task.variables);
  const failed = await outcomeOf(current);
  endLines();
  streams.close();
  current = undefined;
  return { key: task.key, took: performance.now() - begun, position: ring.position(), ...(failed === undefined ? {} : { failed }), ...(leave(listeners) ? {} : { isSpent: true }) };
}

async function outcomeOf({ task, streams, input, controller }: Current): Promise<Ended['failed']> {
  const sight: Sight = { args: task.args, input, streams: streams.api, signal: controller.signal };
  let isInitialized = task.initializationScript === undefined;
  try {
    const body = await bodyOf(task, sight);
    if (task.module !== undefined) isInitialized = true;
    const value = await body(sight, () => (isInitialized = true));
    endLines();
    if (value !== undefined) streams.put('output', value);
    return undefined;
  } catch (thrown) {
    const { message, ...facts } = factsOf(thrown);
    return isInitialized || facts.code === 'ThreadJobError' ? { message, ...facts } : { message: `initialization script: ${message}`, ...facts };
  }
}

async function bodyOf(task: WorkerTask, sight: Sight): Promise<ReturnType<typeof compileBlock>> {
  const { scriptBlock, module, initializationScript, workingDirectory } = task;
  if (module === undefined) return parsed(() => compileBlock(scriptBlock as string, initializationScript, workingDirectory));
  if (initializationScript !== undefined) await (await parsed(() => compileBlock(initializationScript, undefined, workingDirectory)))(sight, () => {});
  return parsed(() => importBody(module));
}

/** What does not parse is no job. */
async function parsed<T>(act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw Object.assign(new Error(thrown.message, { cause: thrown }), { code: 'ThreadJobError', stack: thrown.stack });
  }
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
