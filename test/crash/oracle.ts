// What must be true of a launch after everything of ours was killed in the middle of it. Asks the ordinary verbs, compares
// their answers with files that the product never touches, and looks at its own files as well.

import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import type { FakeJob } from './fake-job.ts';
import { quiet } from './processes.ts';
import { attemptOf, expectSound, isOver, jobs, rows, run, sessionRoot, type JobFacts, type Store } from './product.ts';

export interface Expected {
  /** Whether the command ran; undefined when the kill left both possible. */
  readonly ran?: boolean;
  /** Whether there is a job; undefined when the kill left both possible. */
  readonly row?: boolean;
}

export const NEVER_RAN = { state: 'Failed', reason: 'spawn', statusMessage: 'the start was cut off before the command ran', exitCode: null, signal: null };

export const INTERRUPTED = { state: 'Failed', reason: 'interrupted', statusMessage: 'the run was interrupted', exitCode: null, signal: null };

/** The whole truth about a job that nobody has seen to its end: what it did, once or not at all, and what it wrote until then. */
export async function checkInterrupted(store: Store, job: FakeJob, mark: string, wrote: { readonly out: Buffer; readonly err: Buffer } | undefined): Promise<JobFacts> {
  expect(await run(store, 'wait-job', ['--name', job.name, '--timeout', '20s'])).toMatchObject({ status: 0, stderr: '' });
  await quiet(mark);
  const [facts] = (await jobs(store, '--name', job.name)) as [JobFacts];
  expect(facts).toMatchObject(INTERRUPTED);
  expect(job.effects()).toHaveLength(wrote === undefined ? 0 : 1);
  expectSameBytes('received output', (await run(store, 'receive-job', [String(facts.id), '--stream', 'output'])).stdout, wrote?.out ?? Buffer.alloc(0));
  expectSameBytes('received errors', Buffer.from((await run(store, 'receive-job', [String(facts.id)])).stderr), Buffer.from(`${wrote?.err.toString() ?? ''}${INTERRUPTED.statusMessage}\n`));
  return facts;
}

/** The whole truth about one job. Returns what get-job says of it; undefined when there is no job. */
export async function checkTruth(store: Store, job: FakeJob, mark: string, expected: Expected): Promise<JobFacts | undefined> {
  const waited = await run(store, 'wait-job', ['--name', job.name, '--timeout', '20s']);
  await quiet(mark);
  const [facts] = await jobs(store, '--name', job.name);
  if (facts === undefined) {
    expect(waited.stderr).toContain('JobWithSpecifiedNameNotFound');
    expect({ row: expected.row ?? false, ran: expected.ran ?? false, effects: job.effects() }).toEqual({ row: false, ran: false, effects: [] });
    return undefined;
  }
  expect(waited).toMatchObject({ status: 0, stderr: '' });
  expect(expected.row).not.toBe(false);
  expect(job.effects().length).toBeLessThanOrEqual(1);
  if (expected.ran !== undefined) expect(job.effects()).toHaveLength(expected.ran ? 1 : 0);
  if (job.effects().length === 0) expect(facts).toMatchObject(NEVER_RAN);
  else await checkRun(store, job, facts);
  return facts;
}

async function checkRun(store: Store, job: FakeJob, facts: JobFacts): Promise<void> {
  const code = job.exitCode;
  expect(facts).toMatchObject(
    code === 0
      ? { state: 'Completed', exitCode: 0, signal: null }
      : { state: 'Failed', reason: 'exit', statusMessage: `the command exited with code ${code}`, exitCode: code, signal: null },
  );
  const folder = attemptOf(store, facts.instanceId);
  expectSameBytes('the file stdout', readFileSync(join(folder, 'stdout')), job.out);
  expectSameBytes('the file stderr', readFileSync(join(folder, 'stderr')), job.err);
  expect(readFileSync(join(folder, 'note'), 'utf8')).toBe('\n');
  // Nothing that was killed had consumed anything.
  const output = await run(store, 'receive-job', [String(facts.id), '--stream', 'output']);
  expectSameBytes('received output', output.stdout, job.out);
  const error = await run(store, 'receive-job', [String(facts.id)]);
  expectSameBytes('output received twice', error.stdout, Buffer.alloc(0));
  expectSameBytes('received errors', Buffer.from(error.stderr), Buffer.from(job.err.toString() + (code === 0 ? '' : `${facts.statusMessage}\n`)));
}

/** A diff of 200 kB of binary would help nobody. */
export function expectSameBytes(what: string, actual: Buffer, wanted: Buffer): void {
  if (actual.equals(wanted)) return;
  const at = [...wanted.keys()].find((index) => actual[index] !== wanted[index]) ?? wanted.length;
  throw new Error(`${what}: ${actual.length} bytes instead of ${wanted.length}, different from byte ${at} on: ${JSON.stringify(actual.subarray(at, at + 40).toString('latin1'))} instead of ${JSON.stringify(wanted.subarray(at, at + 40).toString('latin1'))}`);
}

/** True after whatever happened: the databases are sound, nothing runs for ever, and doctor knows of every folder without a job. */
export async function checkStore(store: Store): Promise<void> {
  expectSound(store);
  const unfinished = (await jobs(store, '--all')).filter((job) => !isOver(job));
  expect(unfinished).toEqual([]);
  const strange = foldersWithoutRow(store);
  // A start that was cut off before it had a job: nothing can have run in there.
  for (const folder of runFolders(store)) if (!existsSync(join(folder, 'job.json'))) expect(globSync('**/{claim,exit.json,stdout}', { cwd: folder })).toEqual([]);
  const { status, stdout } = await run(store, 'nightshift', ['doctor', '-o', 'json']);
  const { findings } = JSON.parse(stdout.toString()) as { findings: { text: string; ok: boolean }[] };
  const counted = (what: RegExp): number => findings.map(({ text }) => Number(what.exec(text)?.[1] ?? 0)).reduce((sum, count) => sum + count, 0);
  const known = counted(/(\d+) run folders? not in the index/);
  // A folder that never was a job's is told of only when a minute has passed.
  const stillborn = counted(/(\d+) folders? of starts that were cut off/);
  expect(stillborn).toBeLessThanOrEqual(runFolders(store).filter((folder) => !existsSync(join(folder, 'job.json'))).length);
  const told = findings.filter(({ ok }) => !ok).map(({ text }) => text);
  expect({ known, status, strange }, told.join('\n')).toEqual({ known: strange.length, status: strange.length + stillborn === 0 ? 0 : 1, strange });
}

/** Run folders of a job that no row names. */
export function foldersWithoutRow(store: Store): string[] {
  return runFolders(store).filter((folder) => existsSync(join(folder, 'job.json')));
}

/** Run folders that no row names, whatever is in them. */
function runFolders(store: Store): string[] {
  return [
    ...foldersOf(sessionRoot(store), '????????-????-????-????-????????????'),
    ...foldersOf(store.state, 'output/*/*', 'output/*/*/*'),
  ];
}

function foldersOf(root: string | undefined, ...patterns: readonly string[]): string[] {
  if (root === undefined || !existsSync(root)) return [];
  const database = join(root, 'jobs.db');
  const known = existsSync(database) ? rows<{ runFolder: string }>(database, 'SELECT runFolder FROM instance WHERE runFolder IS NOT NULL').map(({ runFolder }) => runFolder) : [];
  return globSync([...patterns], { cwd: root }).filter((path) => /^\d{8}-|^[0-9a-f]{8}-/.test(basename(path)) && !known.includes(path)).map((path) => join(root, path));
}
