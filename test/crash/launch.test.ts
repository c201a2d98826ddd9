/**
 * Everything of ours that has to do with a start is killed in the middle of it, and afterwards the job either never ran
 * or ran once, whole. `SEED=… vitest run …` plays the same rounds again, `ROUND=…` one of them.
 *
 *     CLI ── ids ── folder ── row ── files opened ── spawned ── claimed ── id printed ── exits
 *             └──────── never ran, no job ───┘          │            └──── ran: every byte, the code ────┘
 *                        └──── never ran, Failed ──────── either, as the claim says
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { fakeJob, type FakeJob } from './fake-job.ts';
import { checkStore, checkTruth, foldersWithoutRow, NEVER_RAN, type Expected } from './oracle.ts';
import { killHard, marked, until } from './processes.ts';
import { attemptOf, begin, expectNoTrace, jobs, newStore, removeFolders, run, type Ended, type JobFacts, type Store } from './product.ts';
import { randomOf } from './random.ts';
import { launchPoints, pointsInSources, roundsOf, type Moment, type Round } from './rounds.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const only = process.env['ROUND'] === undefined ? undefined : Number(process.env['ROUND']);
const points = await launchPoints();
const rounds = roundsOf(seed, points);
const shared = newStore();
/** The highest id that the shared store has given so far. */
let highest = 0;

afterAll(removeFolders);

test('a launch passes every failpoint of a launch that stands in the sources', () => {
  expect([...new Set([...points.session, ...points.durable])]).toEqual(expect.arrayContaining(pointsInSources()));
  expect(points.session).toEqual(expect.arrayContaining(['start.row', 'start.opened', 'start.claimed']));
  expect(rounds.length).toBeGreaterThanOrEqual(30);
});

describe(`a start during which we are killed (SEED=${seed})`, () => {
  test.each(rounds.filter(({ number }) => only === undefined || number === only))('ROUND=$number: $title', async (round) => {
    const store = round.store === 'new' ? newStore('per boot') : shared;
    const random = randomOf(seed * 1_000 + round.number);
    const job = fakeJob(`round-${round.number}`, random, round.program, round.exitCode);
    const mark = `${seed}-${round.number}-${process.pid}`;
    onTestFinished(() => {
      for (const { pid } of marked(mark)) killHard(pid);
    });

    const expected = await startAndKill(round, store, job, mark, random.between(0, 40));
    job.openGate();
    const found = await checkTruth(store, job, mark, expected);
    await checkStore(store);
    const facts = found ?? (await bringBack(store, job));
    if (facts === undefined) return;
    if (store === shared) highest = newIds(facts.id, facts.childJobs, highest);
    if (round.number % 3 === 0) await remove(store, facts.id, attemptOf(store, facts.instanceId));
  });
});

/** Kills as the round says, and returns what must have become of the job. */
async function startAndKill(round: Round, store: Store, job: FakeJob, mark: string, delay: number): Promise<Expected> {
  const options = ['--name', job.name, ...(round.store === 'durable' ? ['--persist'] : [])];
  const start = [...options, '-o', 'id', ...job.argv];
  switch (round.kill.at) {
    case 'failpoint': {
      const { point, hit } = round.kill;
      const killed = await run(store, 'start-job', start, { mark, failpoints: `${point}:${hit}=kill` });
      expect(killed).toMatchObject({ signal: 'SIGKILL', stderr: '' });
      return expectedAt(round, point, hit);
    }
    case 'time': {
      const cli = begin(store, 'start-job', start, { mark });
      const due = Date.now() + round.kill.milliseconds;
      await until('the moment has come', () => Date.now() >= due);
      const { stdout } = await killAll(cli, mark);
      // Who has been told an id has a job that runs.
      return stdout.length > 0 ? { row: true, ran: true } : {};
    }
    case 'id':
      await killAtMoment(round.kill.moment, store, job, mark, { options, start, delay });
      return { row: true, ran: true };
  }
}

function expectedAt(round: Round, point: string, hit: number): Expected {
  const list = points[round.store === 'durable' ? 'durable' : 'session'];
  const isAtOrAfter = (name: string): boolean => indexOf(list, point, hit) >= list.indexOf(name);
  if (!isAtOrAfter('start.row')) return { row: false, ran: false };
  // Once the shim is there, it and the kill race for the claim.
  const ran = isAtOrAfter('start.claimed') ? { ran: true } : isAtOrAfter('start.spawned') ? {} : { ran: false };
  return { row: true, ...ran };
}

function indexOf(list: readonly string[], point: string, hit: number): number {
  return list.flatMap((name, index) => (name === point ? index : []))[hit - 1] as number;
}

interface Words {
  readonly options: readonly string[];
  readonly start: readonly string[];
  /** Milliseconds, for the moment that has no fact of its own to wait for. */
  readonly delay: number;
}

async function killAtMoment(moment: Moment, store: Store, job: FakeJob, mark: string, { options, start, delay }: Words): Promise<void> {
  if (moment === 'while the command writes') job.openGate();
  if (moment === 'with start-job --wait attached') {
    const cli = begin(store, 'start-job', [...options, '--wait', ...job.argv], { mark });
    await until('the follower shows the job', () => cli.output().length > 0 && job.isAtGate());
    await killAll(cli, mark);
    return;
  }
  const cli = begin(store, 'start-job', start, { mark });
  const id = await until('the id is printed', () => /^\d+/.exec(cli.output().toString())?.[0]);
  if (moment === 'at the first byte of the id' || moment === 'while the command writes') {
    await killAll(cli, mark);
    return;
  }
  expect(await cli.ended).toMatchObject({ status: 0, stderr: '' });
  await until('the job waits at its gate', job.isAtGate);
  const readers = readersAt(moment, id).map((words) => begin(store, words[0] as string, words.slice(1), { mark }));
  if (moment === 'while readers look at its end') {
    job.openGate();
    const due = Date.now() + delay;
    await until('the moment has come', () => Date.now() >= due);
  } else if (moment === 'with receive-job --follow attached') await until('the reader shows the job', () => (readers[0]?.output().length ?? 0) > 0);
  for (const reader of readers) await killAll(reader, mark);
}

function readersAt(moment: Moment, id: string): string[][] {
  if (moment === 'with receive-job --follow attached') return [['receive-job', id, '--follow']];
  if (moment === 'with wait-job attached') return [['wait-job', id]];
  return moment === 'while readers look at its end' ? [['get-job', id], ['wait-job', id, '--timeout', '0'], ['receive-job', id, '--keep']] : [];
}

/** SIGKILL for the CLI, its group, and every Node process of the round. */
async function killAll(cli: { readonly pid: number; readonly ended: Promise<Ended> }, mark: string): Promise<Ended> {
  killHard(-cli.pid);
  for (const { pid, program } of marked(mark)) if (program.startsWith('node')) killHard(pid);
  const ended = await cli.ended;
  expectNoTrace(ended);
  return ended;
}

/** A folder that was made before its row becomes a job that never ran, once doctor is asked to. */
async function bringBack(store: Store, job: FakeJob): Promise<JobFacts | undefined> {
  if (foldersWithoutRow(store).length === 0) return undefined;
  expect(await run(store, 'nightshift', ['doctor', '--repair'])).toMatchObject({ status: 0 });
  expect(foldersWithoutRow(store)).toEqual([]);
  const found = await jobs(store, '--name', job.name);
  expect(found).toMatchObject([NEVER_RAN]);
  expect(job.effects()).toEqual([]);
  return found[0];
}

function newIds(id: number, children: readonly number[], before: number): number {
  for (const given of [id, ...children]) expect(given).toBeGreaterThan(before);
  return Math.max(id, ...children);
}

async function remove(store: Store, id: number, attempt: string): Promise<void> {
  expect(await run(store, 'remove-job', [String(id)])).toMatchObject({ status: 0, stderr: '' });
  expect(existsSync(join(attempt, '..'))).toBe(false);
  expect(await jobs(store, String(id))).toEqual([]);
}
