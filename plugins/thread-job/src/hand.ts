/** A warm worker, from outside. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { newSharedMemory, REVOKED, SLOTS, type Ended, type FromWorker, type SameTasks, type ToWorker, type WorkerTask } from './messages.ts';
import { ringReader } from './ring.ts';

/** What is told of a hand. */
export interface HandEvents {
  /** It can be given tasks all the time; from here on it runs them. */
  isReady(): void;
  /** Records of a task, as bytes of whole lines. */
  wrote(key: number, bytes: Uint8Array): void;
  ended(ended: Ended): void;
  /** Some have ended well and written nothing: `isDone` says which. They took so many milliseconds each. */
  done(took: number): void;
  /** It is no more. `error`: what it died of; else its exit code says. */
  gone(how: { readonly error?: Error; readonly exitCode: number }): void;
}

export interface Hand {
  /** Puts tasks behind those that it has; each gets a place in `slotOf`. */
  give(tasks: readonly { readonly key: number; readonly work: Given }[], environment: Readonly<Record<string, string>>): void;
  /** Takes a task back that has not begun. False: it has. */
  revoke(key: number): boolean;
  hasBegun(key: number): boolean;
  /** True once: it has ended well and written nothing. */
  isDone(key: number): boolean;
  send(message: ToWorker): void;
  /** What a task has written so far. */
  drain(key: number): void;
  terminate(): Promise<void>;
  /** Whether this process stays for it. */
  hold(isBusy: boolean): void;
}

/** In every build the worker's file lies beside this one, with the same ending. */
export function workerFile(): URL {
  const from = import.meta.url;
  return new URL(`./thread-worker${extname(new URL(from).pathname)}`, from);
}

export function startHand(file: URL, events: HandEvents): Hand {
  const memory = newSharedMemory();
  const { words, done } = memory;
  const reader = ringReader(memory.ring);
  const slots = new Map<number, number>();
  const free = Array.from({ length: SLOTS }, (_, slot) => slot);
  let sent: Readonly<Record<string, string>> | undefined;
  let error: Error | undefined;
  // What this process was started with is nobody's business; and what is written to the process's streams is taken in there.
  const worker = new Worker(file, { workerData: memory, env: {}, argv: [], execArgv: [], stdout: true, stderr: true, name: 'thread job' });
  const release = (key: number): void => {
    const slot = slots.get(key);
    if (slot !== undefined) free.push(slot);
    slots.delete(key);
  };
  const pass = (key: number, bytes: Uint8Array | undefined): void => {
    if (bytes !== undefined) events.wrote(key, bytes);
  };
  worker.on('message', (message: FromWorker) => {
    if ('isReady' in message) events.isReady();
    else if ('wrote' in message) {
      pass(message.wrote, reader.upTo(message.position));
      pass(message.wrote, reader.allOf(message.wrote));
    } else if ('done' in message) events.done(message.took);
    else {
      const { key, position } = message.ended;
      pass(key, reader.upTo(position));
      release(key);
      events.ended(message.ended);
    }
  });
  worker.on('error', (thrown) => (error = thrown instanceof Error ? thrown : new Error(String(thrown))));
  worker.on('exit', (exitCode) => events.gone(error === undefined ? { exitCode } : { error, exitCode }));
  return {
    give(tasks, environment) {
      const given: (WorkerTask | SameTasks)[] = [];
      let before: Given | undefined;
      let same: { keys: number[]; slots: number[]; names: (string | undefined)[] } | undefined;
      for (const { key, work } of tasks) {
        const slot = free.pop() as number;
        slots.set(key, slot);
        Atomics.store(words, slot, key);
        if (before !== undefined && isSame(before, work)) {
          if (same === undefined) given.push((same = { keys: [], slots: [], names: [] }));
          same.keys.push(key);
          same.slots.push(slot);
          same.names.push(work.names);
        } else {
          same = undefined;
          given.push(environment === sent ? wholeOf(key, slot, work) : { ...wholeOf(key, slot, work), environment });
          sent = environment;
        }
        before = work;
      }
      worker.postMessage({ tasks: given } satisfies ToWorker);
    },
    revoke(key) {
      const slot = slots.get(key);
      if (slot === undefined || Atomics.compareExchange(words, slot, key, REVOKED) !== key) return false;
      release(key);
      return true;
    },
    hasBegun(key) {
      const slot = slots.get(key);
      return slot !== undefined && Atomics.load(words, slot) === -key;
    },
    isDone(key) {
      const slot = slots.get(key);
      if (slot === undefined || Atomics.load(done, slot) !== key) return false;
      release(key);
      return true;
    },
    send: (message) => worker.postMessage(message),
    drain: (key) => pass(key, reader.allOf(key)),
    terminate: async () => void (await worker.terminate()),
    hold: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
  };
}

/** Of what is to be run, what the worker needs to know. */
type Given = Omit<WorkerTask, 'key' | 'slot' | 'environment'>;

function wholeOf(key: number, slot: number, { scriptBlock, module, initializationScript, args, input, workingDirectory, names }: Given): WorkerTask {
  return {
    key,
    slot,
    args,
    workingDirectory,
    ...(scriptBlock === undefined ? { module: module as string } : { scriptBlock }),
    ...(initializationScript === undefined ? {} : { initializationScript }),
    ...(input === undefined ? {} : { input }),
    ...(names === undefined ? {} : { names }),
  };
}

/** What they are to run is worth sending once. */
function isSame(one: Given, other: Given): boolean {
  return one.module === other.module && one.scriptBlock === other.scriptBlock && one.workingDirectory === other.workingDirectory && one.args === other.args && one.input === other.input && one.initializationScript === other.initializationScript;
}
