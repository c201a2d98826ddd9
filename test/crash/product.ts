// The product from outside: stores of a test's own, and verbs as processes.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { killHard, MARK } from './processes.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
export const ARMED = here('armed.cjs');
export const DIST_TEST = here('../../packages/cli/dist-test');
/** What one process has compiled the next need not. */
const COMPILED = join(DIST_TEST, 'compiled');
const bin = (verb: string): string => here(`../../packages/cli/bin/${verb}.cjs`);
export const program = (name: 'job.sh' | 'job.mjs' | 'effect.sh' | 'effect.mjs'): string => here(`programs/${name}`);

const playground = mkdtempSync(join(tmpdir(), 'nightshift-crash-'));

/** Other files of this process may have removed theirs, and all with them. */
export function newFolder(): string {
  mkdirSync(playground, { recursive: true, mode: 0o700 });
  return mkdtempSync(join(playground, 'x'));
}

export function removeFolders(): void {
  rmSync(playground, { recursive: true, force: true });
}

/** The folders of one user of the product. */
export interface Store {
  readonly state: string;
  /** Undefined: below the state folder, one per boot. */
  readonly runtime: string | undefined;
}

export function newStore(runtime: 'named' | 'per boot' = 'named'): Store {
  const root = newFolder();
  const store = { state: join(root, 'state'), runtime: runtime === 'named' ? join(root, 'runtime') : undefined };
  for (const folder of [store.state, store.runtime]) if (folder !== undefined) mkdirSync(folder, { mode: 0o700 });
  return store;
}

/** Where the session store lies; undefined while nobody has made it. */
export function sessionRoot({ state, runtime }: Store): string | undefined {
  if (runtime !== undefined) return runtime;
  const folder = join(state, 'session');
  const boot = existsSync(folder) ? readdirSync(folder)[0] : undefined;
  return boot === undefined ? undefined : join(folder, boot);
}

export interface VerbOptions {
  readonly mark?: string;
  /** NIGHTSHIFT_FAILPOINTS: runs the build that has them. */
  readonly failpoints?: string;
  /** Another file for node to run. */
  readonly main?: string;
  /** Further variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What a shell does first, in the same process: `ulimit -n 64`. */
  readonly after?: string;
}

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A verb under way: leader of a group of its own. */
export interface RunningVerb {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Standard output so far. */
  output(): Buffer;
  /** Standard error so far. */
  errors(): string;
}

export function begin(store: Store, verb: string, args: readonly string[], { mark = '', failpoints, main, environment: more, after }: VerbOptions = {}): RunningVerb {
  const argv = failpoints === undefined && main === undefined ? [bin(verb), ...args] : [main ?? ARMED, ...(verb === 'nightshift' ? [] : [verb]), ...args];
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const [file, words] = after === undefined ? [process.execPath, argv] : ['/bin/sh', ['-c', `${after}; exec "$@"`, 'sh', process.execPath, ...argv]];
  const child = spawn(file, words, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...environment, NIGHTSHIFT_STATE_DIR: store.state, NIGHTSHIFT_RUNTIME_DIR: store.runtime ?? '', NIGHTSHIFT_FAILPOINTS: failpoints ?? '', NODE_COMPILE_CACHE: COMPILED, [MARK]: mark, ...more,
    },
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => err.push(bytes));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() }));
  });
  return { pid: child.pid as number, child, ended, output: () => Buffer.concat(out), errors: () => Buffer.concat(err).toString() };
}

/** Runs a verb to its end. Whatever it was asked, it shows no stack trace and no error of ours. */
export async function run(store: Store, verb: string, args: readonly string[], options: VerbOptions = {}): Promise<Ended> {
  const running = begin(store, verb, args, options);
  const tooLong = setTimeout(() => killHard(-running.pid), 30_000);
  const ended = await running.ended;
  clearTimeout(tooLong);
  expectNoTrace(ended);
  return ended;
}

export function expectNoTrace({ stderr }: Ended): void {
  expect(stderr).not.toMatch(/^\s+at .+:\d+|InternalError|node:internal/m);
}

export interface JobFacts {
  readonly id: number;
  readonly instanceId: string;
  readonly name: string;
  readonly state: string;
  readonly reason: string | null;
  readonly statusMessage: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly beginTime: string | null;
  readonly endTime: string | null;
  readonly childJobs: readonly number[];
  readonly attempt: number;
}

export async function jobs(store: Store, ...args: readonly string[]): Promise<JobFacts[]> {
  return jobsIn(await run(store, 'get-job', [...args, '-o', 'json']));
}

/** What `get-job -o json` has said. */
export function jobsIn({ stdout }: Ended): JobFacts[] {
  return JSON.parse(stdout.toString()) as JobFacts[];
}

const FINAL: readonly string[] = ['Completed', 'Failed', 'Stopped'];

export function isOver({ state }: JobFacts): boolean {
  return FINAL.includes(state);
}

/** Reads what the product wrote, by SQLite itself. Not read-only: what was killed while it made the database has left a journal, which the next to open it takes back. */
export function rows<T>(database: string, sql: string): T[] {
  using opened = new DatabaseSync(database, { timeout: 5_000 });
  return opened.prepare(sql).all() as T[];
}

/** The databases of a store that are there. */
export function databases(store: Store): string[] {
  const session = sessionRoot(store);
  const paths = [join(store.state, 'ids.db'), join(store.state, 'jobs.db'), ...(session === undefined ? [] : [join(session, 'jobs.db')])];
  return paths.filter((path) => existsSync(path));
}

/** SQLite itself finds nothing wrong with any of them. */
export function expectSound(store: Store): void {
  for (const path of databases(store)) expect(rows(path, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
}

/** The folder of the first attempt of a job. */
export function attemptOf(store: Store, instanceId: string): string {
  const session = join(sessionRoot(store) ?? '', instanceId, '1');
  if (existsSync(session)) return session;
  const kept = join(store.state, 'output', '_');
  const run = existsSync(kept) ? readdirSync(kept).find((name) => name.endsWith(`-${instanceId.slice(-8)}`)) : undefined;
  return run === undefined ? session : join(kept, run, '1');
}
