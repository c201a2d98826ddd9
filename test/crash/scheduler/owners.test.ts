// Who may fire: one scheduler of a namespace and store, whoever comes first, and nobody who has stood still in between.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { until } from '../processes.ts';
import { removeFolders } from '../product.ts';
import { checkEffects, checkFinished, checkHistory, checkRemains, checkStarted, history } from './check.ts';
import { MINUTE } from './due-times.ts';
import { expect as expectation, type Rule, type Step } from './oracle-of-firings.ts';
import { durable, late, newWorld, type Scheduler, type World } from './world.ts';

const START = Date.UTC(2024, 4, 1, 12, 0, 30);
const RULE: Rule = { schedule: { kind: 'minutes', step: 1, zone: 'UTC' }, catchUp: { policy: 'latest' } };
const FACTS = { triggers: [{ cron: '* * * * *' }], maxResultCount: 10_000, options: { multipleInstancePolicy: 'Parallel', maxParallel: 1_000 } };
const RACES = Math.ceil(Number(process.env['CRASH_CYCLES'] ?? 200) / 10);

afterAll(removeFolders);

function worldOf(...args: Parameters<typeof newWorld>): World {
  const world = newWorld(...args);
  onTestFinished(world.end);
  world.define('Minute', FACTS);
  return world;
}

async function minuteWith(world: World, steps: Step[]): Promise<void> {
  world.clock.advance(MINUTE);
  await until('everything that is due is decided', () => late(world) === 0, () => durable(world, 'SELECT * FROM trigger_clock'));
  steps.push({ wall: world.clock.wall, scheduler: 'settled' });
}

async function finishAndCheck(world: World, scheduler: Scheduler, steps: readonly Step[]): Promise<void> {
  await until('all runs are over', () => durable<{ count: number }>(world, "SELECT count(*) AS count FROM instance WHERE state NOT IN ('Completed', 'Failed', 'Stopped')")[0]?.count === 0, () => scheduler.errors());
  expect(await scheduler.stop()).toMatchObject({ status: 0 });
  const wanted = expectation(RULE, steps);
  checkEffects(world.effects('Minute'), wanted);
  const firings = await history(world, 'Minute');
  checkHistory(firings, wanted, RULE, START);
  checkStarted(firings, world.effects('Minute'));
  await checkFinished(world);
}

test(`of schedulers that start at the same time one becomes ready and the others refuse at once, ${RACES} times`, { timeout: 300_000 }, async () => {
  const world = worldOf(START);
  const steps: Step[] = [];
  for (let race = 0; race < RACES; race += 1) {
    const runners = [world.scheduler(), world.scheduler()];
    const ready = await Promise.all(runners.map((one) => one.ready()));
    expect(ready.filter((is) => is)).toHaveLength(1);
    const [winner, loser] = (ready[0] === true ? runners : runners.toReversed()) as [Scheduler, Scheduler];
    const refused = await loser.ended;
    expect(refused).toMatchObject({ status: 7, stdout: Buffer.alloc(0) });
    expect(refused.stderr).toContain('SchedulerAlreadyRunning');
    if (race === 0) steps.push({ wall: world.clock.wall, scheduler: 'settled' });
    await minuteWith(world, steps);
    if (race + 1 >= RACES) await finishAndCheck(world, winner, steps);
    else await winner.kill();
  }
  await checkRemains(world);
});

test('a scheduler refuses where one is at work, and says which process that is', async () => {
  const world = worldOf(START);
  const first = world.scheduler();
  expect(await first.ready()).toBe(true);
  const { status, stderr } = await world.scheduler().ended;
  expect(status).toBe(7);
  expect(stderr).toContain('SchedulerAlreadyRunning');
  expect(stderr).toContain(String(first.pid));
  // It still is: a refused one took nothing away.
  const steps: Step[] = [{ wall: world.clock.wall, scheduler: 'settled' }];
  await minuteWith(world, steps);
  await finishAndCheck(world, first, steps);
});

describe('a scheduler that stood still while another took its place', () => {
  /** What the successor would have written: the same row, one epoch on. False while somebody who stands still is in the middle of a write. */
  function takesOver(world: World): boolean {
    using database = new DatabaseSync(join(world.store.state, 'jobs.db'), { timeout: 100 });
    try {
      return database.prepare('UPDATE owner SET epoch = epoch + 1').run().changes === 1;
    } catch (cause) {
      if (!(cause as Error).message.includes('locked')) throw cause;
      return false;
    }
  }

  async function standStill(world: World, { pid }: Scheduler): Promise<void> {
    await until('it stands still between two writes', () => {
      process.kill(pid, 'SIGSTOP');
      if (takesOver(world)) return true;
      process.kill(pid, 'SIGCONT');
      return false;
    });
  }

  /** Whatever a scheduler may write, but not the owner row that the test itself changed. */
  const everything = (world: World): unknown[] => ['firing', 'trigger_clock', 'instance', 'attempt', 'owner'].map((table) => durable(world, `SELECT * FROM ${table} ORDER BY 1, 2`));

  test.each([
    ['one due time', MINUTE],
    ['no due time, but its heartbeat', 15_000],
    ['an hour', 60 * MINUTE],
  ] as const)('writes nothing after %s, and ends with a message', async (_, pause) => {
    const world = worldOf(START);
    const scheduler = world.scheduler();
    expect(await scheduler.ready()).toBe(true);
    world.clock.advance(MINUTE);
    await until('the first run is over', () => durable<{ count: number }>(world, "SELECT count(*) AS count FROM instance WHERE state = 'Completed'")[0]?.count === 2, () => [scheduler.errors(), durable(world, 'SELECT id, state FROM instance')]);
    await standStill(world, scheduler);
    const before = everything(world);
    world.clock.advance(pause);
    process.kill(scheduler.pid, 'SIGCONT');
    const { status, stderr } = await scheduler.ended;
    expect(everything(world)).toEqual(before);
    expect(world.effects('Minute')).toHaveLength(1);
    expect(status).toBe(7);
    expect(stderr).toContain('SchedulerAlreadyRunning');
    await checkRemains(world);
  });

  test('records no end of a run either: that is its successor’s', async () => {
    const world = newWorld(START);
    onTestFinished(world.end);
    const gate = join(world.folder, 'gate');
    world.define('Minute', { ...FACTS, behaviour: ['gate', gate] });
    const scheduler = world.scheduler();
    expect(await scheduler.ready()).toBe(true);
    world.clock.advance(MINUTE);
    await until('the run is under way', () => world.effects('Minute').length === 1 && durable<{ count: number }>(world, "SELECT count(*) AS count FROM instance WHERE state = 'Running'")[0]?.count === 2, () => scheduler.errors());
    await standStill(world, scheduler);
    const before = everything(world);
    writeFileSync(gate, '');
    world.clock.advance(15_000);
    process.kill(scheduler.pid, 'SIGCONT');
    const { status } = await scheduler.ended;
    expect(status).toBe(7);
    expect(everything(world)).toEqual(before);
    // Any reader finds the end where the shim left it.
    expect((await world.ask('wait-job', 'Minute', '--timeout', '20s')).status).toBe(0);
    await checkFinished(world);
    await checkRemains(world);
  });
});

test('two projects with one definition name and one due time in one store both fire', async () => {
  const one = worldOf(START);
  const other = worldOf(START, { store: one.store, clock: one.clock });
  const schedulers = [one.scheduler(), other.scheduler()];
  for (const scheduler of schedulers) expect(await scheduler.ready()).toBe(true);
  const steps: Step[] = [{ wall: one.clock.wall, scheduler: 'settled' }];
  for (let i = 0; i < 3; i += 1) await minuteWith(one, steps);
  await until('all runs are over', () => durable<{ count: number }>(one, "SELECT count(*) AS count FROM instance WHERE state = 'Completed' AND parentId IS NULL")[0]?.count === 6, () => schedulers.map((scheduler) => scheduler.errors()));
  for (const scheduler of schedulers) expect(await scheduler.stop()).toMatchObject({ status: 0 });
  const wanted = expectation(RULE, steps);
  for (const world of [one, other]) {
    checkEffects(world.effects('Minute'), wanted);
    const firings = await history(world, 'Minute');
    checkHistory(firings, wanted, RULE, START);
    checkStarted(firings, world.effects('Minute'));
  }
  await checkFinished(one);
  await checkRemains(one);
});
