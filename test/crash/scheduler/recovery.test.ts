// What a scheduler finds when it comes back: every byte, every end, quickly; and what it ends is gone, the whole tree.

import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { fakeJob, firstHalf, type FakeJob } from '../fake-job.ts';
import { expectSameBytes } from '../oracle.ts';
import { killHard, marked, until } from '../processes.ts';
import { program, removeFolders } from '../product.ts';
import { randomOf } from '../random.ts';
import { checkFinished, checkRemains, listed, runFolders } from './check.ts';
import { MINUTE } from './due-times.ts';
import { durable, finished, newWorld, type Scheduler, type World } from './world.ts';

const START = Date.UTC(2024, 4, 1, 12, 0, 30);
const ONCE = [{ cron: '1 12 1 5 *' }];

afterAll(removeFolders);

function newWorldHere(): World {
  const world = newWorld(START);
  onTestFinished(world.end);
  return world;
}

async function ready(scheduler: Scheduler): Promise<Scheduler> {
  expect(await scheduler.ready()).toBe(true);
  return scheduler;
}

/** Pid of the shim of a definition's only run. */
function shimOf(world: World, name: string): number {
  return Number(readFileSync(join(runFolders(world, name)[0] as string, '1', 'claim'), 'utf8').split(' ')[0]);
}

test('of ten megabytes of output not one byte is lost with the scheduler, nor with shims', { timeout: 120_000 }, async () => {
  const world = newWorldHere();
  const random = randomOf(4);
  const jobs = new Map<string, FakeJob>();
  for (let i = 0; i < 10; i += 1) {
    const job = fakeJob(`Bytes${i}`, random, 'job.mjs', i % 3, 1_100_000);
    jobs.set(job.name, job);
    world.define(job.name, { triggers: ONCE, command: [process.execPath, program('job.mjs'), ...job.argv.slice(3)] });
  }
  const scheduler = await ready(world.scheduler());
  world.clock.advance(MINUTE);
  for (const job of jobs.values()) await until('each job waits half-way', job.isAtGate, () => scheduler.errors().slice(-2_000), 60_000);
  await scheduler.kill();
  const widowed = ['Bytes1', 'Bytes4', 'Bytes7'];
  for (const name of widowed) killHard(shimOf(world, name));
  const commands = widowed.map((name) => Number(jobs.get(name)?.effects()[0]?.split(' ').at(-1)));
  const next = await ready(world.scheduler());
  await until('the next one has found the dead runs', () => durable(world, "SELECT 1 FROM instance WHERE state = 'Failed'").length === 2 * widowed.length, () => next.errors());
  // Whatever it left alive of them goes on writing before their gates; what is written is kept.
  for (const pid of commands) killHard(pid);
  for (const job of jobs.values()) job.openGate();
  await finished(world, next);
  expect(await next.stop()).toMatchObject({ status: 0 });
  for (const [name, job] of jobs) {
    const stdout = readFileSync(join(runFolders(world, name)[0] as string, '1', 'stdout'));
    expectSameBytes(name, stdout, widowed.includes(name) ? firstHalf(job) : job.out);
    expect(job.effects()).toHaveLength(1);
  }
  for (const job of await checkFinished(world)) {
    const isWidow = widowed.includes(job.name) || job.reason === 'interrupted';
    if (jobs.has(job.name)) expect(job).toMatchObject(isWidow ? { state: 'Failed', reason: 'interrupted' } : { exitCode: jobs.get(job.name)?.exitCode });
  }
  await checkRemains(world);
});

test('a hundred open runs are found again within a second: what lives is adopted, what died is said', { timeout: 240_000 }, async () => {
  const world = newWorldHere();
  const gate = join(world.folder, 'gate');
  const names = Array.from({ length: 100 }, (_, index) => `Open${index}`);
  for (const name of names) world.define(name, { triggers: ONCE, behaviour: ['gate', gate] });
  const scheduler = await ready(world.scheduler());
  world.clock.advance(MINUTE);
  await until('all of them run', () => durable(world, "SELECT 1 FROM instance WHERE state = 'Running'").length === 200, () => scheduler.errors().slice(-2_000), 120_000);
  await scheduler.kill();
  const dead = names.slice(0, 50);
  for (const name of dead) killHard(-shimOf(world, name));
  // In time of the processor, and beside a start that has nothing to find: the machine may be busy.
  const alone = await ready(newWorldHere().scheduler());
  const next = await ready(world.scheduler());
  await until('the dead runs are said', () => durable(world, "SELECT 1 FROM instance WHERE state = 'Failed'").length === 100, () => next.errors().slice(-2_000));
  expect(processorTime(next) - processorTime(alone)).toBeLessThan(1_000);
  await alone.kill();
  expect(durable(world, "SELECT 1 FROM instance WHERE state = 'Running'")).toHaveLength(100);
  writeFileSync(gate, '');
  await finished(world, next);
  expect(await next.stop()).toMatchObject({ status: 0 });
  const jobs = await listed(world);
  expect(jobs.filter(({ state }) => state === 'Completed')).toHaveLength(50);
  for (const name of names) expect(world.effects(name)).toHaveLength(1);
  await checkRemains(world);
});

/** Milliseconds that a process has used so far; the kernel counts hundredths. */
function processorTime({ pid }: Scheduler): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13).map(Number);
  return (user + system) * 10;
}

test('twenty jobs that are stopped are gone with their trees, also those that do not want to go', { timeout: 120_000 }, async () => {
  const world = newWorldHere();
  const names = Array.from({ length: 20 }, (_, index) => `Tree${index}`);
  for (const [index, name] of names.entries()) world.define(name, { triggers: ONCE, behaviour: index % 2 === 0 ? ['fork', '600'] : ['ignore-term'], options: { gracePeriod: '1s' } });
  const scheduler = await ready(world.scheduler());
  world.clock.advance(MINUTE);
  await until('all of them run', () => names.every((name) => world.effects(name).length === 1), () => scheduler.errors().slice(-2_000), 60_000);
  const isThere = (): boolean => marked(world.mark).filter(({ commandLine }) => commandLine === 'sleep 600').length === 40;
  await until('the trees are grown', isThere, () => marked(world.mark), 60_000);
  // By a clock that runs: the grace of a stop is real.
  const stopped = await world.ask('stop-job', '*', '--force');
  expect(stopped).toMatchObject({ status: 0, stderr: '' });
  await until('nothing is left of any tree', () => marked(world.mark).every(({ pid }) => pid === scheduler.pid), () => marked(world.mark));
  await finished(world, scheduler);
  expect((await listed(world)).filter(({ state, reason }) => state !== 'Stopped' || reason !== 'stopped')).toEqual([]);
  expect(await scheduler.stop()).toMatchObject({ status: 0 });
  await checkRemains(world);
});

test('a scheduler holds no more descriptors, and leaves no zombie, after a hundred jobs', { timeout: 120_000 }, async () => {
  const world = newWorldHere();
  for (let i = 0; i < 10; i += 1) world.define(`Many${i}`, { triggers: [{ cron: '* * * * *' }], maxResultCount: 5, options: { multipleInstancePolicy: 'Parallel' } });
  const scheduler = await ready(world.scheduler());
  const minute = async (): Promise<void> => {
    world.clock.advance(MINUTE);
    await finished(world, scheduler);
  };
  for (let i = 0; i < 2; i += 1) await minute();
  const descriptors = (): number => globSync(`/proc/${scheduler.pid}/fd/*`).length;
  const before = descriptors();
  for (let i = 0; i < 10; i += 1) await minute();
  await until('it has let go of all files', () => descriptors() <= before, descriptors);
  const children = readFileSync(`/proc/${scheduler.pid}/task/${scheduler.pid}/children`, 'utf8').trim().split(' ').filter((pid) => pid !== '');
  expect(children.filter((pid) => existsSync(`/proc/${pid}/stat`) && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')))).toEqual([]);
  expect(await scheduler.stop()).toMatchObject({ status: 0 });
  await checkRemains(world);
});
