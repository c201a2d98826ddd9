// What every test of the whole product needs: a corner of the machine of its own, the verbs in it, and an end to what they started.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const BIN = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const DEADLINE = 60_000;

export interface Job {
  id: number; instanceId: string; name: string; type: string; state: string; reason: string | null; statusMessage: string;
  hasMoreData: boolean; location: string; command: string; beginTime: string | null; endTime: string | null;
  exitCode: number | null; signal: string | null; childJobs: number[]; definition: { name: string; path: string } | null;
  origin: Record<string, unknown>; attempt: number;
}

export interface RunOptions { cwd?: string; env?: Record<string, string | undefined>; input?: string | Buffer; deadline?: number }
export interface Ended { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string; bytes: Buffer }

export type Place = ReturnType<typeof newPlace>;

/** What one process has compiled the next need not: thousands are started, each with a store that is new. */
const COMPILED = fileURLToPath(new URL('../../packages/cli/dist-test/compiled', import.meta.url));

/** A home, a store and an empty work folder that no other test sees; what was started there ends with the test. */
export function newPlace(atTheEnd: (clean: () => void) => void = onTestFinished) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'nightshift-')));
  const [work, home, state] = ['work', 'home', 'state'].map((name) => join(root, name)) as [string, string, string];
  mkdirSync(work);
  mkdirSync(home);
  const env: Record<string, string> = {
    PATH: [BIN, process.env['PATH']].join(delimiter), HOME: home, LANG: 'C.UTF-8', TZ: 'UTC', NIGHTSHIFT_STATE_DIR: state, NODE_COMPILE_CACHE: COMPILED,
  };
  atTheEnd(() => {
    endProcessesOf(root);
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  });

  const begin = (program: string, args: string[] = [], options: RunOptions & { detached?: boolean } = {}) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? work, env: { ...env, ...options.env }, detached: options.detached ?? false, stdio: 'pipe',
    });
    child.stdin.on('error', () => {}); // it may end without reading
    child.stdin.end(options.input);
    return child;
  };

  const run = (program: string, args: string[] = [], options: RunOptions = {}): Promise<Ended> => {
    const { promise, resolve, reject } = Promise.withResolvers<Ended>();
    const child = begin(program, args, options);
    const seen = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout.on('data', (bytes: Buffer) => seen.stdout.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => seen.stderr.push(bytes));
    const text = (name: 'stdout' | 'stderr') => Buffer.concat(seen[name]).toString();
    const late = globalThis.setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${program} ${args.join(' ')} has not ended in time; stdout: ${text('stdout')}; stderr: ${text('stderr')}`));
    }, options.deadline ?? DEADLINE);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(late);
      resolve({ code, signal, stdout: text('stdout'), stderr: text('stderr'), bytes: Buffer.concat(seen.stdout) });
    });
    return promise;
  };

  /** Runs what must succeed; answers its stdout. */
  const stdoutOf = async (program: string, ...args: string[]): Promise<string> => {
    const { code, signal, stdout, stderr } = await run(program, args);
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code ?? signal}: ${stderr}`);
    return stdout;
  };
  const jobs = async (...args: string[]): Promise<Job[]> => JSON.parse(await stdoutOf('get-job', ...args, '-o', 'json')) as Job[];
  const job = async (id: number | string): Promise<Job> => (await jobs(String(id)))[0] as Job;
  const start = async (...args: string[]): Promise<number> => Number(await stdoutOf('start-job', '-o', 'id', ...args));
  const finished = async (id: number): Promise<Job> =>
    (JSON.parse(await stdoutOf('wait-job', String(id), '--timeout', '40s', '-o', 'json')) as Job[])[0] as Job;

  return { root, work, home, state, env, begin, run, stdoutOf, jobs, job, start, finished };
}

/** Asks again until the answer is something; after the deadline it says what the last answer was. Who waits leaves two thirds of the processor to what is waited for. */
export async function waitFor<T>(fact: string, ask: () => T | Promise<T>, holds: (seen: T) => boolean = Boolean): Promise<T> {
  const deadline = performance.now() + 40_000;
  for (;;) {
    const asked = performance.now();
    const seen = await ask();
    if (holds(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`not within 40 s: ${fact}; last seen: ${JSON.stringify(seen)}`);
    await setTimeout(Math.min(400, Math.max(20, 2 * (performance.now() - asked))));
  }
}

/** Whether this machine has a program that a test wants to use. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Whether a program lies where programs of the system do; it is not started, for not every one can say its version. */
export function isHere(program: string): boolean {
  return [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'].some((folder) => existsSync(join(folder, program)));
}

export function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Files below a folder that hold a text. One that has gone since it was listed, as a file half-written does, holds nothing. */
export function filesHolding(text: string, folder: string): readonly string[] {
  return globSync('**/*', { cwd: folder }).filter((path) => contentOf(join(folder, path)).includes(text));
}

/** A process that has ended but was not yet collected by its parent counts as gone. */
export function isAlive(pid: number): boolean {
  const status = contentOf(`/proc/${pid}/stat`);
  return status !== '' && !/^\d+ \(.*\) [ZX]/s.test(status);
}

/** By their environment, which holds the test's own folder; so nothing of anybody else is ever touched. */
function endProcessesOf(folder: string): void {
  for (let round = 0; round < 5; round += 1) {
    const left = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
      .filter((pid) => pid !== process.pid && isAlive(pid) && contentOf(`/proc/${pid}/environ`).includes(`${folder}/`));
    if (left.length === 0) return;
    for (const pid of left) end(pid);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has gone by itself
  }
}
