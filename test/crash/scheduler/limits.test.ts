// A disk that is full and descriptors that have run out delay work and say so; they destroy nothing.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, closeSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { until } from '../processes.ts';
import { newFolder, removeFolders } from '../product.ts';
import { checkFinished, checkHistory, checkRemains, checkStarted, histories, listed, type FiringRow } from './check.ts';
import { MINUTE } from './due-times.ts';
import { expect as expectation, type Rule, type Step } from './oracle-of-firings.ts';
import { decided, durable, finished, newWorld, unfinished, type Scheduler, type World } from './world.ts';

const START = Date.UTC(2024, 4, 1, 12, 0, 30);
const RULE: Rule = { schedule: { kind: 'minutes', step: 1, zone: 'UTC' }, catchUp: { policy: 'all' } };
const FACTS = { triggers: [{ cron: '* * * * *' }], maxResultCount: 5, options: { multipleInstancePolicy: 'Parallel', maxParallel: 1_000, catchUp: { policy: 'all' } } };
const POINTS = Math.ceil((Number(process.env['CRASH_CYCLES'] ?? 100) * 3) / 10);

afterAll(removeFolders);

/** A small disk of its own, if this user may mount one. */
function smallDisk(): string | undefined {
  const folder = newFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m,mode=0700', 'tmpfs', folder], { stdio: 'pipe' });
    return folder;
  } catch {
    return undefined;
  }
}

const unmount = (folder: string): unknown => execFileSync('umount', ['-l', folder], { stdio: 'pipe' });

const disk = smallDisk();
if (disk !== undefined) afterAll(() => unmount(disk));

/** Leaves so many bytes free. */
function fill(folder: string, free: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const file = openSync(join(folder, 'filler'), 'a');
  const block = Buffer.alloc(4_096);
  for (let left = bavail * bsize - free; left > 0; left -= block.length) {
    try {
      writeSync(file, block);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
      break;
    }
  }
  closeSync(file);
}

const free = (folder: string): void => rmSync(join(folder, 'filler'), { force: true });

test.skipIf(disk === undefined)(`a disk that is full at ${POINTS} points delays work, and loses none of it (a tmpfs of 12 MB)`, { timeout: 60_000 + POINTS * 10_000 }, async () => {
  const state = join(disk as string, 'state');
  const runtime = newFolder();
  mkdirSync(state, { mode: 0o700 });
  const world = newWorld(START, { store: { state, runtime } });
  onTestFinished(world.end);
  world.define('Minute', FACTS);
  const steps: Step[] = [];
  const note = (): void => void steps.push({ wall: world.clock.wall, scheduler: 'settled' });
  const scheduler = world.scheduler();
  expect(await scheduler.ready()).toBe(true);
  note();
  for (let point = 0; point < POINTS; point += 1) {
    fill(disk as string, point * 4_096);
    world.clock.advance(MINUTE);
    await wentOnOrSaidWhy(world, scheduler);
    free(disk as string);
    await decided(world, scheduler);
    note();
    await until('what the disk delayed has been done', () => unfinished(world).length === 0, () => [unfinished(world), scheduler.errors().slice(-1_200)]);
  }
  await finished(world, scheduler, note);
  expect(scheduler.hasEnded()).toBe(false);
  expect(await scheduler.stop()).toMatchObject({ status: 0 });
  const wanted = expectation(RULE, steps);
  checkHistory((await histories(world)).get('Minute') as FiringRow[], wanted, RULE, START);
  // A start whose claim found no room, or room for its name only, has not run, and says so; nothing has run twice.
  const failed = scheduler.events().filter(({ event, reason }) => event === 'ended' && (reason === 'spawn' || reason === 'interrupted')).length;
  expect(new Set(world.effects('Minute').map(({ due }) => due)).size).toBe(world.effects('Minute').length);
  expect(world.effects('Minute').length + failed).toBe(POINTS);
  expect(scheduler.events().some(({ event }) => event === 'trouble')).toBe(true);
  await checkFinished(world);
  await checkRemains(world);
});

/** The due time is dealt with, or the scheduler has said what stands in its way, once. */
async function wentOnOrSaidWhy(world: World, scheduler: Scheduler): Promise<void> {
  const count = (name: string): number => scheduler.events().filter(({ event }) => event === name).length;
  const due = world.clock.wall - 30_000;
  const isOver = (): boolean => durable<{ state: string }>(world, `SELECT state FROM firing JOIN instance USING (instanceId) WHERE dueAt = ${due}`).some(({ state }) => ['Completed', 'Failed'].includes(state));
  await until('the job has run, or the scheduler says why not', () => count('trouble') > count('recovered') || isOver(), () => scheduler.errors().slice(-1_200));
}

/** By the machine's clock: the simulated one needs a descriptor itself. */
const REAL = { NIGHTSHIFT_CLOCK: '' };

test('a scheduler with 64 descriptors knows forty definitions and starts their jobs at once, late rather than never', { timeout: 180_000 }, async () => {
  const world = newWorld(START);
  onTestFinished(world.end);
  const names = Array.from({ length: 40 }, (_, index) => `Job${index}`);
  for (const name of names) world.define(name, { ...FACTS, triggers: [{ every: '5s' }] });
  const scheduler = world.scheduler({ after: 'ulimit -n 64', environment: REAL });
  expect(await scheduler.ready(), scheduler.errors()).toBe(true);
  expect.soft(scheduler.events()).toMatchObject([{ event: 'ready', definitions: 40 }]);
  await until('each has run', () => names.every((name) => world.effects(name).length > 0), () => [names.filter((name) => world.effects(name).length === 0), scheduler.errors().slice(0, 1_200)], 90_000);
  expect(await scheduler.stop()).toMatchObject({ status: 0 });
  expect((await world.ask('wait-job', '*', '--timeout', '60s')).status).toBe(0);
  const told = await histories(world);
  for (const name of names) checkStarted(told.get(name) ?? [], world.effects(name));
  expect((await listed(world)).filter(({ state }) => state !== 'Completed')).toEqual([]);
  await checkRemains(world);
});

const isRoot = process.getuid?.() === 0;

test.skipIf(isRoot)('a scheduler whose user may have no further process starts its job when there is room again (ulimit -u; not as root)', async () => {
  const world = newWorld(START);
  onTestFinished(world.end);
  world.define('Minute', FACTS);
  const scheduler = world.scheduler({ after: 'ulimit -S -u 1' });
  expect(await scheduler.ready()).toBe(true);
  world.clock.advance(MINUTE);
  await until('it says why it cannot', () => scheduler.events().some(({ event }) => event === 'trouble'), () => scheduler.errors());
  execFileSync('prlimit', ['--pid', String(scheduler.pid), '--nproc=unlimited:unlimited']);
  await finished(world, scheduler);
  expect(world.effects('Minute')).toHaveLength(1);
  expect(await scheduler.stop()).toMatchObject({ status: 0 });
  expect(existsSync(world.store.state)).toBe(true);
});
