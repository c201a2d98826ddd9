// What readers find where a shim, a launcher or a reader died: one truth, whoever looks first, and nobody else is signalled.

import { spawn } from 'node:child_process';
import { cpSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { fakeJob, firstHalf, type FakeJob } from './fake-job.ts';
import { checkStore, expectSameBytes, INTERRUPTED, NEVER_RAN } from './oracle.ts';
import { killHard, MARK, marked, quiet, until } from './processes.ts';
import { attemptOf, begin, DIST_TEST, expectNoTrace, jobs, newFolder, newStore, removeFolders, rows, run, type JobFacts, type RunningVerb, type Store } from './product.ts';
import { randomOf } from './random.ts';

const SHIM = join(DIST_TEST, 'shim.sh');
const random = randomOf(1);
let count = 0;
let mark = '';
const begun: string[] = [];

afterEach(() => {
  for (const { pid } of begun.splice(0).flatMap(marked)) killHard(pid);
});
afterAll(removeFolders);

/** A job with a mark of its own. */
function newJob(size?: number): FakeJob {
  count += 1;
  mark = `dead-run-${count}-${process.pid}`;
  begun.push(mark);
  return fakeJob(`job-${count}`, random, 'job.sh', 0, size);
}

/** A job that waits half-way, and the facts about it. */
async function startedJob(store: Store, job = newJob()): Promise<{ job: FakeJob; facts: JobFacts; attempt: string; shim: number }> {
  expect(await run(store, 'start-job', ['--name', job.name, ...job.argv], { mark })).toMatchObject({ status: 0, stderr: '' });
  await until('the job waits at its gate', job.isAtGate);
  const [facts] = (await jobs(store, job.name)) as [JobFacts];
  const attempt = attemptOf(store, facts.instanceId);
  return { job, facts, attempt, shim: Number(readFileSync(join(attempt, 'claim'), 'utf8').split(' ')[0]) };
}

describe('kill -9 of the shim', () => {
  test('is Failed (interrupted), with the output whole to the last write; what it left ends with remove-job', async () => {
    const store = newStore();
    const { job, facts, attempt, shim } = await startedJob(store);
    expect(readFileSync(join(attempt, 'exit.json'), 'utf8')).toMatch(/^ {40,}\n$/);
    killHard(shim);
    const [left] = await until('the shim is gone', () => !marked(mark).some(({ pid }) => pid === shim) && marked(mark));
    expect(left?.commandLine).toContain('job.sh');

    expect(await jobs(store, job.name)).toMatchObject([INTERRUPTED]);
    expectSameBytes('the file stdout', readFileSync(join(attempt, 'stdout')), firstHalf(job));
    const { stdout } = await run(store, 'receive-job', [job.name, '--stream', 'output']);
    expectSameBytes('received output', stdout, firstHalf(job));
    expect((await run(store, 'remove-job', [String(facts.id)])).status).toBe(0);
    await quiet(mark);
    expect(existsSync(dirname(attempt))).toBe(false);
    await checkStore(store);
  });

  test('together with the command is Failed (interrupted) as well, and nothing runs a second time', async () => {
    const store = newStore();
    const { job, shim } = await startedJob(store);
    killHard(-shim);
    await quiet(mark);
    expect(await jobs(store, job.name)).toMatchObject([INTERRUPTED]);
    job.openGate();
    expect((await run(store, 'wait-job', [job.name, '--timeout', '20s'])).status).toBe(0);
    expect(job.effects()).toHaveLength(1);
    await checkStore(store);
  });
});

test('readers that find the same dead runs at once say the same, and one of them writes it', async () => {
  const store = newStore();
  const dead = [];
  for (let i = 0; i < 6; i += 1) dead.push(await startedJob(store));
  for (const { shim } of dead) killHard(-shim);
  for (const one of begun) await quiet(one);
  const database = join(store.runtime as string, 'jobs.db');
  witness(database);

  // While the write lock is taken, all of them see the runs as they were; then one of them is first.
  const seen = await whileLocked(database, async () => {
    const readers = [1, 2, 3, 4].map(() => begin(store, 'get-job', ['-o', 'json']));
    await until('each reader waits for the lock', idleWith(readers.map(({ pid }) => pid), database));
    return readers;
  }).then((readers) => Promise.all(readers.map(listed)));
  expect(seen[0]).toMatchObject(dead.map(({ facts: { id } }) => ({ ...INTERRUPTED, id })));
  for (const other of seen) expect(other).toEqual(seen[0]);
  const written = rows<{ id: number; state: string }>(database, 'SELECT id, state FROM witness ORDER BY id');
  const ids = dead.flatMap(({ facts }) => [facts.id, ...facts.childJobs]);
  expect(written).toEqual(ids.map((id) => ({ id, state: 'Failed' })));
  await checkStore(store);
});

async function whileLocked<T>(database: string, act: () => Promise<T>): Promise<T> {
  using opened = new DatabaseSync(database, { timeout: 5_000 });
  opened.exec('BEGIN IMMEDIATE');
  const result = await act();
  opened.exec('COMMIT');
  return result;
}

/** True once all of them have opened the file and have used no processor time during 20 looks. */
function idleWith(pids: readonly number[], path: string): () => boolean {
  let before = '';
  let looks = 0;
  return () => {
    const now = pids.map((pid) => readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ').slice(13, 15).join('+')).join(' ');
    const haveOpened = pids.every((pid) => readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === path));
    looks = haveOpened && now === before ? looks + 1 : 0;
    before = now;
    return looks >= 20;
  };
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // Closed in between.
  }
}

async function listed({ ended }: RunningVerb): Promise<JobFacts[]> {
  const end = await ended;
  expect(end).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(end.stdout.toString()) as JobFacts[];
}

/** Lets SQLite itself write down each change of a state. */
function witness(database: string): void {
  using opened = new DatabaseSync(database, { timeout: 5_000 });
  opened.exec('CREATE TABLE witness (id, state); CREATE TRIGGER witnessed AFTER UPDATE ON instance BEGIN INSERT INTO witness VALUES (NEW.id, NEW.state); END');
}

describe('the claim', () => {
  test('lets one of several shims run the command, and the others end with 125', async () => {
    const job = newJob();
    job.openGate();
    const attempt = newFolder();
    const ends = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => runShim(attempt, job, String(n))));
    expect(ends.map(({ code }) => code).filter((code) => code !== null)).toEqual([125, 125, 125, 125, 125]);
    const [winner] = ends.filter(({ code }) => code === null);
    expect(winner?.signal).toBe('SIGKILL');
    await quiet(mark);
    expect(job.effects()).toHaveLength(1);
    expect(readFileSync(join(attempt, 'claim'), 'utf8').split(' ')[0]).toBe(String(winner?.pid));
    expectSameBytes('the file stdout', readFileSync(join(attempt, `stdout.${winner?.pid}`)), job.out);
  });

  test('is nobody’s while the launcher lives: a reader leaves such a start alone', async () => {
    const store = newStore();
    const job = newJob();
    const slow = slowProduct();
    const cli = begin(store, 'start-job', ['--name', job.name, '-o', 'id', ...job.argv], { mark, main: slow.main });
    await until('the shim waits', slow.isWaiting);
    expect(await jobs(store, job.name)).toMatchObject([{ state: 'NotStarted' }]);
    slow.openGate();
    job.openGate();
    expect(await cli.ended).toMatchObject({ status: 0, stderr: '' });
    expect((await run(store, 'wait-job', [job.name, '--timeout', '20s'])).status).toBe(0);
    await quiet(mark);
    expect(await jobs(store, job.name)).toMatchObject([{ state: 'Completed' }]);
    expect(job.effects()).toHaveLength(1);
    await checkStore(store);
  });

  test('is taken away from a shim that comes too late, when its launcher is dead', async () => {
    const store = newStore();
    const job = newJob();
    const slow = slowProduct();
    const killed = await run(store, 'start-job', ['--name', job.name, ...job.argv], { mark, main: slow.main, failpoints: 'start.spawned:1=kill' });
    expect(killed.signal).toBe('SIGKILL');
    await until('the shim waits', slow.isWaiting);
    const seen = await Promise.all([1, 2, 3].map(() => jobs(store, job.name)));
    for (const [facts] of seen) expect(facts).toMatchObject(NEVER_RAN);
    expect(new Set(seen.map(([facts]) => facts?.endTime)).size).toBe(1);

    slow.openGate();
    job.openGate();
    await quiet(mark);
    expect(job.effects()).toEqual([]);
    expect(await jobs(store, job.name)).toMatchObject([NEVER_RAN]);
    expect((await run(store, 'remove-job', [job.name])).status).toBe(0);
    await checkStore(store);
  });
});

/** The shim as a launcher starts it, with files of its own. */
async function runShim(attempt: string, job: FakeJob, name: string): Promise<{ pid: number; code: number | null; signal: string | null }> {
  const file = (stream: string): number => openSync(join(attempt, `${stream}.${name}`), 'a');
  const argv = [SHIM, attempt, '022', '-', '-', ...job.argv.slice(1)];
  const child = spawn('/bin/sh', argv, { detached: true, stdio: ['ignore', file('out'), file('note'), file('err')], env: { ...process.env, [MARK]: mark } });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      const pid = child.pid as number;
      if (code === null) cpSync(join(attempt, `out.${name}`), join(attempt, `stdout.${pid}`));
      resolve({ pid, code, signal });
    });
  });
}

/** The build with failpoints, whose shim waits for a gate before its first line: a start frozen before its claim. */
function slowProduct(): { readonly main: string; isWaiting(): boolean; openGate(): void } {
  const folder = newFolder();
  const [gate, main] = [join(folder, 'gate'), join(folder, 'slow.cjs')];
  cpSync(DIST_TEST, join(folder, 'dist'), { recursive: true });
  const wait = `#!/bin/sh\n: >'${gate}.reached'\nwhile [ ! -e '${gate}' ]; do sleep 0.05; done\n`;
  writeFileSync(join(folder, 'dist', 'shim.sh'), wait + readFileSync(SHIM, 'utf8'));
  writeFileSync(main, "require('./dist/main.cjs').run(undefined, process.umask(0o077));\n");
  return { main, isWaiting: () => existsSync(`${gate}.reached`), openGate: () => writeFileSync(gate, '') };
}

/** More than the buffers between two processes take. */
const LARGE = 1_400_000;

test('receive-job that is killed in the middle has consumed nothing', async () => {
  const store = newStore();
  const { job } = await startedJob(store, newJob(LARGE));
  job.openGate();
  await quiet(mark);
  const reader = begin(store, 'receive-job', [job.name, '--stream', 'output']);
  // Nobody takes more than this: the pipe is full and the reader stands in the middle of its output.
  reader.child.stdout?.once('data', () => reader.child.stdout?.pause());
  await until('a part is delivered', () => reader.output().length > 0);
  killHard(reader.pid);
  reader.child.stdout?.resume();
  const killed = await reader.ended;
  expectNoTrace(killed);
  expect(killed.signal).toBe('SIGKILL');
  expect(killed.stdout.length).toBeLessThan(job.out.length);
  const [facts] = await jobs(store, job.name);
  expect(facts).toMatchObject({ state: 'Completed', hasMoreData: true });
  expectSameBytes('received output', (await run(store, 'receive-job', [job.name, '--stream', 'output'])).stdout, job.out);
  expectSameBytes('received again', (await run(store, 'receive-job', [job.name, '--stream', 'output'])).stdout, Buffer.alloc(0));
  await checkStore(store);
});

test('receive-job gives output byte for byte also where errors stand beside it', async () => {
  const store = newStore();
  const { job } = await startedJob(store);
  job.openGate();
  await quiet(mark);
  const { stdout, stderr } = await run(store, 'receive-job', [job.name]);
  expectSameBytes('received errors', Buffer.from(stderr), Buffer.from(job.err.toString()));
  expectSameBytes('received output', stdout, job.out);
});

test('remove-job that is killed between folder and row can be done again', async () => {
  const store = newStore();
  const { job, facts, attempt } = await startedJob(store);
  job.openGate();
  await quiet(mark);
  expect((await run(store, 'wait-job', [job.name])).status).toBe(0);
  const killed = await run(store, 'remove-job', [job.name], { failpoints: 'remove.folder:1=kill' });
  expect(killed.signal).toBe('SIGKILL');
  expect(existsSync(dirname(attempt))).toBe(false);
  expect(await jobs(store, job.name)).toMatchObject([{ id: facts.id, state: 'Completed' }]);
  expect(await run(store, 'receive-job', [job.name])).toMatchObject({ status: 0 });
  await checkStore(store);
  expect(await run(store, 'remove-job', [job.name])).toMatchObject({ status: 0, stderr: '' });
  expect(await jobs(store, job.name, '--all')).toEqual([]);
  const { facts: next } = await startedJob(store);
  expect(next.id).toBeGreaterThan(Math.max(facts.id, ...facts.childJobs));
});

test('a run of another boot is Failed (interrupted), and its pid is never signalled', async () => {
  const original = newStore();
  const { job, facts, shim } = await startedJob(original);
  killHard(-shim);
  await quiet(mark);
  // The same pid and start time as a process that lives now, in a copy of the run: only the boot tells them apart.
  const store = copyOf(original);
  const bystander = await startBystander();
  const stat = readFileSync(`/proc/${bystander.pid}/stat`, 'latin1');
  const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const claim = join(attemptOf(store, facts.instanceId), 'claim');
  writeFileSync(claim, `${bystander.pid} ${startTime} 00000000-0000-4000-8000-000000000000\n`);

  expect(await jobs(store, job.name)).toMatchObject([INTERRUPTED]);
  for (const words of [['stop-job', job.name], ['stop-job', job.name, '--force'], ['remove-job', job.name, '--force']] as const) {
    expect(await run(store, words[0], words.slice(1))).toMatchObject({ status: 0, stderr: '' });
  }
  expect(bystander.signals()).toBe('');
  expect(marked(mark).map(({ pid }) => pid)).toContain(bystander.pid);
  await checkStore(store);
});

/** What a copied folder of a user is: same jobs, another place. */
function copyOf(original: Store): Store {
  const copy = newStore();
  cpSync(original.runtime as string, copy.runtime as string, { recursive: true });
  cpSync(original.state, copy.state, { recursive: true });
  return copy;
}

/** Leads a session and a group, and writes down each signal that it gets. */
async function startBystander(): Promise<{ pid: number; signals(): string }> {
  const folder = newFolder();
  const [log, ready] = [join(folder, 'signals'), join(folder, 'ready')];
  writeFileSync(log, '');
  const script = `for s in HUP INT QUIT TERM CONT; do trap "echo $s >>'${log}'" $s; done; : >'${ready}'; while :; do sleep 0.05; done`;
  const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: 'ignore', env: { ...process.env, [MARK]: mark } });
  await until('the bystander is ready', () => existsSync(ready));
  return { pid: child.pid as number, signals: () => readFileSync(log, 'utf8') };
}
