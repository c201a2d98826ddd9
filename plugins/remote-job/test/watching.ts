/** A client as a shim runs it: its standard output and standard error are the files of its attempt. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Outcome } from '../src/client/books.ts';
import type { RemoteOrder } from '../src/client/order.ts';
import type { Computers } from './computers.ts';

const CLIENT = fileURLToPath(new URL('../src/remote-client.ts', import.meta.url));
/** What one process has compiled the next need not. */
const COMPILED = fileURLToPath(new URL('../../../packages/cli/dist-test/compiled', import.meta.url));
let count = 0;

export interface Watching {
  readonly instanceId: string;
  readonly folder: string;
  /** Of the newest attempt. */
  readonly child: ChildProcess;
  /** Starts the next attempt. */
  again(): void;
  /** As whoever stops the job: the wish first. */
  stop(signal: 'SIGTERM' | 'SIGQUIT'): void;
  /** Resolves when the client has ended. */
  ended(): Promise<void>;
  outcome(): Outcome | undefined;
  disconnected(): string | undefined;
  /** Of all attempts together. */
  stdout(): Buffer;
  stderr(): Buffer;
  has(file: string): boolean;
}

export function order(words: readonly [string, ...string[]], more: Partial<RemoteOrder> = {}): RemoteOrder {
  return { computer: '127.0.0.1', words, environment: {}, gracePeriod: 10_000, shares: false, leaves: false, ...more };
}

/** `place`: where its run folder lies. */
export function watch(computers: Computers, of: RemoteOrder, words: string = 'begin', place: string = computers.folder): Watching {
  const instanceId = `01900000-0000-7000-8000-${String(++count).padStart(12, '0')}`;
  const folder = mkdtempSync(join(place, 'job-'));
  let attempt = 0;
  let child: ChildProcess;
  let exit: Promise<void>;
  const launch = (verb: string): void => {
    attempt += 1;
    const own = join(folder, String(attempt));
    mkdirSync(own, { mode: 0o700 });
    if (attempt === 1) writeFileSync(join(own, 'stdin'), `${JSON.stringify(of)}\n`);
    const files = ['stdout', 'stderr'].map((name) => openSync(join(own, name), 'a', 0o600)) as [number, number];
    child = spawn(process.execPath, [CLIENT, verb], { stdio: ['ignore', ...files], detached: true, env: { ...computers.environment, NODE_COMPILE_CACHE: COMPILED, NIGHTSHIFT_RUN_DIR: folder, NIGHTSHIFT_ATTEMPT: String(attempt), NIGHTSHIFT_INSTANCE_ID: instanceId } });
    exit = new Promise((resolve) => child.once('exit', () => resolve()));
    for (const file of files) closeSync(file);
  };
  launch(words);
  const read = (name: string): Buffer => Buffer.concat(Array.from({ length: attempt }, (_, index) => readFileSync(join(folder, String(index + 1), name))));
  const textOf = (name: string): string | undefined => {
    const path = join(folder, String(attempt), name);
    const text = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
    return text === '' ? undefined : text;
  };
  return {
    instanceId, folder,
    get child() {
      return child;
    },
    again: () => launch('reattach'),
    stop(signal) {
      writeFileSync(join(folder, String(attempt), 'stop'), 'stopped\n');
      child.kill(signal);
    },
    ended: () => exit,
    outcome: () => JSON.parse(textOf('outcome.json') ?? 'null') ?? undefined,
    disconnected: () => textOf('disconnected'),
    stdout: () => read('stdout'),
    stderr: () => read('stderr'),
    has: (file) => existsSync(join(folder, String(attempt), file)),
  };
}

/** Waits for a fact, and says what was seen instead. */
export async function until(what: string, isSo: () => boolean, seen: () => unknown = () => ''): Promise<void> {
  for (const end = Date.now() + 20_000; !isSo(); ) {
    if (Date.now() > end) throw new Error(`not within 20 s: ${what}; seen: ${String(seen())}`);
    await sleep(20);
  }
}

/** A client that goes through to its end. */
export async function run(computers: Computers, of: RemoteOrder): Promise<Watching> {
  const watching = watch(computers, of);
  await watching.ended();
  return watching;
}
