// What definitions ask of the machine holds over the death of a scheduler: due times that wait for an idle one, runs that are
// stopped because of it, and warnings about what nobody could see. Numbers are those of the catalogue of cases.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { until } from '../processes.ts';
import { removeFolders } from '../product.ts';
import { checkFinished, checkRemains, history, listed } from './check.ts';
import { HOUR, MINUTE } from './due-times.ts';
import { IDLE, IN_USE, newMachineWorld, ON_BATTERY, type Facts, type MachineWorld } from './machine.ts';
import { decided, durable, finished, type DefinitionFacts, type Scheduler } from './world.ts';

const START = Date.UTC(2024, 4, 1, 12, 0, 30);
const WAITS = { startIfNotIdle: false };
/** 12:01 and 14:01. */
const TWICE = [{ cron: '1 12,14 * * *' }];
const ONCE = [{ cron: '1 12 * * *' }];
/** At least so much has to go by until a scheduler looks at the machine again. */
const LOOK = 20_000;

afterAll(removeFolders);

function newJob(facts: Facts, definition: Partial<DefinitionFacts>): { readonly world: MachineWorld; readonly gate: string } {
  const world = newMachineWorld(START, facts);
  onTestFinished(world.end);
  const gate = join(world.folder, 'gate');
  world.define('Job', { triggers: ONCE, ...definition, ...(definition.behaviour?.[0] === 'gate' ? { behaviour: ['gate', gate] } : {}) });
  return { world, gate };
}

async function scheduled(world: MachineWorld): Promise<Scheduler> {
  const scheduler = world.scheduler();
  expect(await scheduler.ready()).toBe(true);
  return scheduler;
}

async function after(world: MachineWorld, scheduler: Scheduler, milliseconds: number): Promise<void> {
  world.clock.advance(milliseconds);
  await decided(world, scheduler);
}

/** Words of the history, oldest first: "12:01 Skipped condition". */
async function told(world: MachineWorld): Promise<readonly string[]> {
  return (await history(world, 'Job')).map(({ dueAt, count, word, reason }) => [dueAt.slice(11, 16), ...(count === 1 ? [] : [`x${count}`]), word, reason].filter((part) => part !== null).join(' '));
}

/** States and reasons of the jobs, oldest first. */
async function jobs(world: MachineWorld): Promise<readonly string[]> {
  return (await listed(world, '--all')).map(({ state, reason }) => (reason === null ? state : `${state} ${reason}`));
}

const running = (world: MachineWorld): number => durable(world, "SELECT 1 FROM instance WHERE state = 'Running' AND parentId IS NULL").length;

/** Lets time go by until something is so. */
async function eventually(world: MachineWorld, scheduler: Scheduler, what: string, fact: () => boolean): Promise<void> {
  for (let looks = 0; looks < 10 && !fact(); looks += 1) {
    world.clock.advance(LOOK);
    const patience = performance.now() + 2_000;
    await until('a moment', () => fact() || scheduler.hasEnded() || performance.now() > patience);
    if (scheduler.hasEnded()) return;
  }
  await until(what, fact, () => [scheduler.errors().slice(-2_000), durable(world, 'SELECT id, state, reason, queued FROM instance'), durable(world, 'SELECT * FROM firing')]);
}

async function end(world: MachineWorld, scheduler: Scheduler): Promise<void> {
  await finished(world, scheduler);
  expect(await scheduler.stop()).toMatchObject({ status: 0 });
  await checkFinished(world);
  await checkRemains(world);
}

describe('a due time that wants an idle machine', () => {
  test('256: is skipped after an hour of use, which a killed scheduler does not lengthen, and the next one has its turn', async () => {
    const { world } = newJob(IN_USE, { triggers: TWICE, options: WAITS });
    let scheduler = await scheduled(world);
    await after(world, scheduler, MINUTE);
    expect(await told(world)).toEqual(['12:01 Waiting']);
    const status = await world.ask('nightshift', 'scheduler', 'status', '--definition-path', world.definitions);
    expect(status.stdout.toString()).toMatch(/^waiting +1 due time for an idle machine$/m);
    await after(world, scheduler, 30 * MINUTE);
    await scheduler.kill();
    scheduler = await scheduled(world);
    await after(world, scheduler, 20 * MINUTE);
    expect(await told(world)).toEqual(['12:01 Waiting']);
    await eventually(world, scheduler, 'it is skipped', () => durable(world, "SELECT 1 FROM firing WHERE word = 'Waiting'").length === 0 || (world.clock.advance(5 * MINUTE), false));
    expect(await told(world)).toEqual(['12:01 Skipped condition']);
    expect(scheduler.events().find(({ event }) => event === 'skipped')).toMatchObject({ text: 'nobody left the machine alone for 10m within 1h' });
    await after(world, scheduler, 14 * MINUTE);
    world.machine(IDLE);
    await after(world, scheduler, HOUR);
    expect(await told(world)).toEqual(['12:01 Skipped condition', '14:01 Started']);
    await end(world, scheduler);
    expect(world.effects('Job')).toHaveLength(1);
  });

  test.each(['fire.before', 'fire.inTransaction', 'fire.committed'].flatMap((point) => [1, 2, 3].map((hit) => [point, hit] as const)))('starts once, and has one row, when its scheduler is killed at %s, the %i. time', async (point, hit) => {
    const { world } = newJob(IN_USE, { options: WAITS });
    const killed = world.scheduler({ failpoints: `${point}:${hit}=kill` });
    if (await killed.ready()) {
      world.clock.advance(MINUTE);
      const isWaiting = (): boolean => durable(world, "SELECT 1 FROM firing WHERE word = 'Waiting'").length === 1;
      await until('it waits, or nobody is left', () => isWaiting() || killed.hasEnded(), () => killed.errors());
      if (!killed.hasEnded()) {
        world.machine(IDLE);
        await eventually(world, killed, 'it is started, or nobody is left', () => world.effects('Job').length === 1 || killed.hasEnded());
      }
    }
    expect(await killed.kill()).toMatchObject({ signal: 'SIGKILL' });
    const scheduler = await scheduled(world);
    if (world.clock.wall === START) await after(world, scheduler, MINUTE);
    world.machine(IDLE);
    await eventually(world, scheduler, 'it has run', () => world.effects('Job').length === 1);
    expect(await told(world)).toEqual(['12:01 Started']);
    await end(world, scheduler);
    expect(world.effects('Job')).toHaveLength(1);
  });

  test('has its word when its definition goes while nobody looks', async () => {
    const { world } = newJob(IN_USE, { options: WAITS });
    const killed = await scheduled(world);
    await after(world, killed, MINUTE);
    await killed.kill();
    world.define('Job', { triggers: [{ cron: '5 12 * * *' }], options: WAITS });
    const scheduler = await scheduled(world);
    expect(await told(world)).toEqual(['12:01 Skipped edited']);
    await end(world, scheduler);
  });
});

test('257: with the options that hold by themselves, nothing starts on battery, and the row says why', async () => {
  const { world } = newJob(ON_BATTERY, {});
  const scheduler = await scheduled(world);
  await after(world, scheduler, MINUTE);
  expect(await told(world)).toEqual(['12:01 Skipped condition']);
  expect(durable(world, 'SELECT text FROM firing')).toEqual([{ text: 'the machine is on battery' }]);
  await end(world, scheduler);
  expect(world.effects('Job')).toEqual([]);
});

describe('a condition that cannot be seen', () => {
  const TEXT = 'whether the machine is on battery cannot be seen here; whether the machine is idle cannot be seen here';

  test('lets the run start, which says so before its output, once', async () => {
    const { world } = newJob({}, { options: WAITS });
    const scheduler = await scheduled(world);
    await after(world, scheduler, MINUTE);
    await end(world, scheduler);
    const { stdout, stderr } = await world.ask('receive-job', '--name', 'Job');
    expect(stdout.toString()).toMatch(/^2024-05-01T12:01:00\.000Z 1 \d+\n$/);
    expect(stderr).toBe(TEXT.split('; ').map((text) => `WARNING: ${text}; the run was started all the same (onUnknownCondition: run)\n`).join(''));
    expect(await world.ask('receive-job', '--name', 'Job')).toMatchObject({ stdout: Buffer.alloc(0), stderr: '' });
    const again = await world.ask('receive-job', '--name', 'Job', '--from', 'start', '--stream', 'warning', '-o', 'jsonl');
    expect(again.stdout.toString().split('\n').filter(Boolean).map((line) => (JSON.parse(line) as { stream: string }).stream)).toEqual(['warning', 'warning']);
  });

  test('skips the due time where that is asked for, and the row says why', async () => {
    const { world } = newJob({}, { options: { ...WAITS, onUnknownCondition: 'skip' } });
    const scheduler = await scheduled(world);
    await after(world, scheduler, MINUTE);
    expect(await told(world)).toEqual(['12:01 Skipped condition']);
    expect(durable(world, 'SELECT text FROM firing')).toEqual([{ text: TEXT }]);
    await end(world, scheduler);
  });

  test('is one that the machine does not answer in time: others do not wait for it', async () => {
    const { world } = newJob({ hangs: true }, { options: WAITS });
    world.define('Other', { triggers: ONCE, options: { startIfOnBatteries: true, stopIfGoingOnBatteries: false } });
    const scheduler = await scheduled(world);
    await after(world, scheduler, MINUTE);
    await end(world, scheduler);
    expect([world.effects('Job').length, world.effects('Other').length]).toEqual([1, 1]);
  });
});

describe('a run', () => {
  test('is stopped when the machine goes on battery, by whichever scheduler is there; what a person started is not', async () => {
    const { world, gate } = newJob(IN_USE, { behaviour: ['gate'] });
    const first = await scheduled(world);
    await after(world, first, MINUTE);
    await until('it runs', () => running(world) === 1);
    expect(await world.ask('start-job', '--definition-name', 'Job', '--type', 'ScheduledJob', '--definition-path', world.definitions, '--persist')).toMatchObject({ status: 0 });
    await first.kill();
    world.machine(ON_BATTERY);
    const scheduler = await scheduled(world);
    await eventually(world, scheduler, 'it is stopped', () => running(world) === 1);
    expect(await jobs(world)).toEqual(['Stopped condition', 'Running']);
    world.clock.advance(MINUTE);
    expect(await jobs(world)).toEqual(['Stopped condition', 'Running']);
    expect(await told(world)).toEqual(['12:01 Started']);
    writeFileSync(gate, '');
    // No scheduler looks after what a person started.
    expect(await world.ask('wait-job', '*')).toMatchObject({ status: 0 });
    await end(world, scheduler);
  });

  test('goes on on battery where that is asked for', async () => {
    const { world, gate } = newJob(IN_USE, { behaviour: ['gate'], options: { stopIfGoingOnBatteries: false } });
    const scheduler = await scheduled(world);
    await after(world, scheduler, MINUTE);
    await until('it runs', () => running(world) === 1);
    world.machine(ON_BATTERY);
    await after(world, scheduler, MINUTE);
    await after(world, scheduler, MINUTE);
    writeFileSync(gate, '');
    await end(world, scheduler);
    expect(await jobs(world)).toEqual(['Completed']);
  });

  const LEAVES = { ...WAITS, stopIfGoingOffIdle: true, gracePeriod: '1s' };

  test('is stopped when somebody comes back to the machine', async () => {
    const { world } = newJob(IDLE, { behaviour: ['fork', '600'], options: LEAVES });
    const scheduler = await scheduled(world);
    await after(world, scheduler, MINUTE);
    await until('it runs', () => running(world) === 1);
    world.machine(IN_USE);
    await eventually(world, scheduler, 'it is stopped', () => running(world) === 0);
    await end(world, scheduler);
    expect(await jobs(world)).toEqual(['Stopped condition']);
  });

  test.each(['', 'start.ids:1=kill', 'start.folder:2=kill', 'condition.again:1=kill', 'condition.stopped:1=kill'])('is taken up by another one when nobody uses the machine any more, once: %j', async (failpoints) => {
    const { world, gate } = newJob(IDLE, { behaviour: ['gate'], options: { ...LEAVES, restartOnIdleResume: true } });
    let scheduler = world.scheduler({ failpoints });
    expect(await scheduler.ready()).toBe(true);
    await after(world, scheduler, MINUTE);
    await until('it runs', () => running(world) === 1);
    world.machine(IN_USE);
    await eventually(world, scheduler, 'it is stopped, or nobody is left', () => scheduler.hasEnded() || running(world) === 0);
    if (scheduler.hasEnded()) scheduler = await scheduled(world);
    await eventually(world, scheduler, 'it is stopped', () => running(world) === 0);
    expect(await jobs(world)).toEqual(['Stopped condition', 'NotStarted']);
    expect((await listed(world)).find(({ state }) => state === 'NotStarted')).toMatchObject({ statusMessage: 'waits until nobody uses the machine' });
    world.machine(IDLE);
    await eventually(world, scheduler, 'it is taken up, or nobody is left', () => scheduler.hasEnded() || world.effects('Job').length === 2);
    if (scheduler.hasEnded()) scheduler = await scheduled(world);
    await eventually(world, scheduler, 'it is taken up', () => world.effects('Job').length === 2);
    writeFileSync(gate, '');
    await end(world, scheduler);
    expect(await jobs(world)).toEqual(['Stopped condition', 'Completed']);
    expect(world.effects('Job').map(({ due }) => due)).toEqual([START + 30_000, START + 30_000]);
    expect(await told(world)).toEqual(['12:01 Started']);
  });
});
