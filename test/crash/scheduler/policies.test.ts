// What definitions ask for holds over the death of a scheduler: queues, retries and their command, overlap, edits, the off switch.

import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { killHard, marked, until } from '../processes.ts';
import { removeFolders } from '../product.ts';
import { checkEffects, checkFinished, checkRemains, history, listed, runFolders, type FiringRow } from './check.ts';
import { HOUR, MINUTE } from './due-times.ts';
import { expect as expectation, type Rule, type Step } from './oracle-of-firings.ts';
import { decided, durable, finished, newWorld, type DefinitionFacts, type Scheduler, type World } from './world.ts';

const START = Date.UTC(2024, 4, 1, 12, 0, 30);
const MINUTELY = [{ cron: '* * * * *' }];
const minute = (number: number): string => new Date(START + 30_000 + (number - 1) * MINUTE).toISOString();

afterAll(removeFolders);

/** A world with one definition, which a scheduler has seen. */
async function begun(facts: Partial<DefinitionFacts>, name = 'Minute'): Promise<{ world: World; scheduler: Scheduler; gate: string }> {
  const world = newWorld(START);
  onTestFinished(world.end);
  const gate = join(world.folder, 'gate');
  world.define(name, { triggers: MINUTELY, maxResultCount: 1_000, ...facts, ...(facts.behaviour?.[0] === 'gate' ? { behaviour: ['gate', gate] } : {}) });
  return { world, scheduler: await restarted(world), gate };
}

async function restarted(world: World, killed?: Scheduler): Promise<Scheduler> {
  if (killed !== undefined) expect(await killed.kill()).toMatchObject({ signal: 'SIGKILL' });
  const scheduler = world.scheduler();
  expect(await scheduler.ready()).toBe(true);
  return scheduler;
}

/** A minute goes by, and so many runs have begun altogether. */
async function minuteTo(world: World, scheduler: Scheduler, runs: number, name = 'Minute'): Promise<void> {
  world.clock.advance(MINUTE);
  await decided(world, scheduler);
  await until(`${runs} runs have begun`, () => world.effects(name).length >= runs, () => [world.effects(name), scheduler.errors().slice(-2_000)]);
  expect(world.effects(name)).toHaveLength(runs);
}

/** Words of the history, oldest first: the minute, and what became of it. */
async function told(world: World, name = 'Minute'): Promise<string[]> {
  const minuteOf = (iso: string): number => (Date.parse(iso) - START - 30_000) / MINUTE + 1;
  return (await history(world, name)).map(({ dueAt, lastDueAt, word, reason }: FiringRow) => `${minuteOf(dueAt)}${lastDueAt === dueAt ? '' : `-${minuteOf(lastDueAt)}`} ${word}${reason === null ? '' : ` ${reason}`}`);
}

/** When the scheduler said last that it is there. */
const heartbeat = (world: World): number => durable<{ heartbeatAt: number }>(world, 'SELECT heartbeatAt FROM owner')[0]?.heartbeatAt ?? 0;

async function end(world: World, scheduler: Scheduler): Promise<void> {
  await finished(world, scheduler);
  expect(await scheduler.stop()).toMatchObject({ status: 0 });
  await checkFinished(world);
  await checkRemains(world);
}

describe('overlap', () => {
  test('skips while a run goes on, also one that a killed scheduler had started, and names it', async () => {
    const { world, scheduler, gate } = await begun({ behaviour: ['gate'] });
    await minuteTo(world, scheduler, 1);
    const next = await restarted(world, scheduler);
    await minuteTo(world, next, 1);
    const [started, skipped] = await history(world, 'Minute');
    expect(skipped).toMatchObject({ word: 'Skipped', reason: 'overlap', instanceId: started?.instanceId, state: 'Running' });
    writeFileSync(gate, '');
    await until('the run is over', () => durable(world, "SELECT 1 FROM instance WHERE state = 'Completed'").length === 2, () => next.errors());
    await minuteTo(world, next, 2);
    expect(await told(world)).toEqual(['1 Started', '2 Skipped overlap', '3 Started']);
    await end(world, next);
  });

  test('is not kept up by a run that was killed without a word', async () => {
    const { world, scheduler } = await begun({ behaviour: ['gate'] });
    await minuteTo(world, scheduler, 1);
    process.kill(scheduler.pid, 'SIGSTOP');
    for (const { pid } of marked(world.mark)) if (pid !== scheduler.pid) killHard(pid);
    // Its row says Running still: nobody has had the time to write anything else.
    await until('it is dead', () => marked(world.mark).length === 1, () => marked(world.mark));
    world.clock.advance(MINUTE);
    process.kill(scheduler.pid, 'SIGCONT');
    await until('the next due time has begun to run', () => world.effects('Minute').length === 2, () => scheduler.errors());
    expect(await told(world)).toEqual(['1 Started', '2 Started']);
    for (const { pid } of marked(world.mark)) if (pid !== scheduler.pid) killHard(pid);
    await end(world, scheduler);
  });

  test.each([[], ['--persist']])('does not count what a person has started %j', async (...words) => {
    const { world, scheduler, gate } = await begun({ behaviour: ['gate'] });
    expect(await world.ask('start-job', '--definition-name', 'Minute', '--type', 'ScheduledJob', '--definition-path', world.definitions, ...words)).toMatchObject({ status: 0, stderr: '' });
    await until('it has begun', () => world.effects('Minute').length === 1);
    await minuteTo(world, scheduler, 2);
    expect(await told(world)).toEqual(['1 Started']);
    writeFileSync(gate, '');
    // No scheduler looks after what a person started.
    expect(await world.ask('wait-job', '*')).toMatchObject({ status: 0 });
    await end(world, scheduler);
  });

  test('starts what is due beside what runs, up to maxParallel', async () => {
    const { world, scheduler, gate } = await begun({ behaviour: ['gate'], options: { multipleInstancePolicy: 'Parallel', maxParallel: 2 } });
    await minuteTo(world, scheduler, 1);
    await minuteTo(world, scheduler, 2);
    await minuteTo(world, scheduler, 2);
    expect(await told(world)).toEqual(['1 Started', '2 Started', '3 Skipped overlap']);
    writeFileSync(gate, '');
    await end(world, scheduler);
  });

  test('stops the old run for the new one, when that was asked for', async () => {
    const { world, scheduler } = await begun({ behaviour: ['fork', '600'], options: { multipleInstancePolicy: 'StopExisting', gracePeriod: '1s' } });
    await minuteTo(world, scheduler, 1);
    await minuteTo(world, scheduler, 2);
    const jobs = await listed(world);
    expect(jobs).toMatchObject([{ state: 'Stopped', reason: 'overlap' }, { state: 'Running' }]);
    const [first] = world.effects('Minute');
    await until('the first tree is gone', () => !marked(world.mark).some(({ pid }) => pid === first?.pid), () => marked(world.mark));
    // Of the first tree nothing is left; the second one has all of its processes, as soon as it has made them.
    await until('four processes are there', () => marked(world.mark).filter(({ commandLine }) => commandLine === 'sleep 600').length === 4, () => marked(world.mark));
    expect((await world.ask('stop-job', 'Minute', '--force')).status).toBe(0);
    await end(world, scheduler);
  });
});

describe('a queue', () => {
  test('survives the death of its scheduler, keeps its order and its limit', async () => {
    const { world, scheduler, gate } = await begun({ behaviour: ['gate'], options: { multipleInstancePolicy: 'Queue', queueLimit: 2 } });
    await minuteTo(world, scheduler, 1);
    for (let i = 0; i < 3; i += 1) await minuteTo(world, scheduler, 1);
    const next = await restarted(world, scheduler);
    // Nothing is due that would remind the next one of it.
    writeFileSync(gate, '');
    await until('what waited has run', () => world.effects('Minute').length === 3, () => next.errors());
    await end(world, next);
    expect(world.effects('Minute').slice(0, 3).map(({ due }) => new Date(due).toISOString())).toEqual([1, 2, 3].map(minute));
    expect((await told(world)).slice(0, 4)).toEqual(['1 Started', '2 Started', '3 Started', '4 Skipped overlap']);
  });
});

describe('a retry', () => {
  test('survives the death of its scheduler, and runs the command of its due time', async () => {
    const { world, scheduler } = await begun({ triggers: [{ cron: '0 * * * *' }, { cron: '1 12 1 5 *' }], behaviour: ['until', '2'], options: { retry: { limit: 2, delay: '5m' } } });
    await minuteTo(world, scheduler, 1);
    await until('the first attempt has failed', () => durable(world, 'SELECT 1 FROM attempt').length > 0, () => scheduler.errors());
    await scheduler.kill();
    // Whoever reads the file again runs something else.
    world.define('Minute', { triggers: [{ cron: '0 * * * *' }, { cron: '1 12 1 5 *' }], behaviour: ['exit', '77'], options: { retry: { limit: 0, delay: '5m' } } });
    const next = await restarted(world);
    world.clock.advance(4 * MINUTE + 30_000);
    await until('the heartbeat has come', () => heartbeat(world) >= world.clock.wall, () => next.errors());
    expect(world.effects('Minute')).toHaveLength(1);
    world.clock.advance(MINUTE);
    await until('it is tried again', () => world.effects('Minute').length === 2, () => next.errors());
    await end(world, next);
    expect(world.effects('Minute').map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(await listed(world)).toMatchObject([{ state: 'Completed', attempt: 2, exitCode: 0 }]);
  });

  test('waits longer each time, and gives up at its limit', async () => {
    const { world, scheduler } = await begun({ triggers: [{ cron: '1 12 * * *' }], behaviour: ['exit', '3'], options: { retry: { limit: 3, delay: '1m', factor: 3, maxDelay: '5m' } } });
    await minuteTo(world, scheduler, 1);
    const waits: number[] = [];
    for (let attempt = 2; attempt <= 4; attempt += 1) {
      const wait = await until('the next attempt has its time', () => durable<{ notBefore: number }>(world, `SELECT notBefore FROM instance WHERE parentId IS NOT NULL AND attempt = ${attempt} AND notBefore > ${world.clock.wall}`)[0]?.notBefore, () => scheduler.errors());
      waits.push(Math.floor((wait - world.clock.wall) / MINUTE));
      world.clock.advance(wait - world.clock.wall);
      await until('it runs', () => world.effects('Minute').length === attempt, () => scheduler.errors());
    }
    await end(world, scheduler);
    expect(waits).toEqual([1, 3, 5]);
    expect(await listed(world)).toMatchObject([{ state: 'Failed', reason: 'exit', exitCode: 3, attempt: 4 }]);
  });

  test('is not made of a run that was stopped', async () => {
    const { world, scheduler } = await begun({ behaviour: ['sleep', '600'], triggers: [{ cron: '1 12 * * *' }], options: { retry: { limit: 3, delay: '1s' } } });
    await minuteTo(world, scheduler, 1);
    expect((await world.ask('stop-job', 'Minute', '--force')).status).toBe(0);
    await finished(world, scheduler);
    world.clock.advance(MINUTE);
    await end(world, scheduler);
    expect(await listed(world)).toMatchObject([{ state: 'Stopped', reason: 'stopped', attempt: 1 }]);
    expect(world.effects('Minute')).toHaveLength(1);
  });

  test('is not taken from the limit by a start that was cut off before its command ran', async () => {
    const world = newWorld(START);
    onTestFinished(world.end);
    world.define('Minute', { triggers: [{ cron: '1 12 * * *' }], behaviour: ['until', '2'], options: { retry: { limit: 1, delay: '1s' } } });
    await (await restarted(world)).stop();
    const cut = world.scheduler({ failpoints: 'start.opened:1=kill' });
    expect(await cut.ready()).toBe(true);
    world.clock.advance(MINUTE);
    expect(await cut.ended).toMatchObject({ signal: 'SIGKILL' });
    expect(world.effects('Minute')).toEqual([]);
    const next = await restarted(world);
    await end(world, next);
    expect(await listed(world)).toMatchObject([{ state: 'Completed', exitCode: 0 }]);
    expect(world.effects('Minute')).toHaveLength(2);
  });
});

describe('definitions that change', () => {
  const rule = (step: number): Rule => ({ schedule: { kind: 'minutes', step, zone: 'UTC' }, catchUp: { policy: 'all' } });
  const facts = (cron: string, more: Partial<DefinitionFacts> = {}): DefinitionFacts => ({ triggers: [{ cron }], maxResultCount: 1_000, options: { multipleInstancePolicy: 'Parallel', catchUp: { policy: 'all' } }, ...more });
  const changes = (scheduler: Scheduler): number => scheduler.events().filter(({ event }) => event === 'definition').length;

  /** Puts another file in place, and waits until the scheduler says so. */
  async function edited(scheduler: Scheduler, act: () => void): Promise<void> {
    const before = changes(scheduler);
    act();
    await until('the scheduler has read it', () => changes(scheduler) > before, () => scheduler.errors());
  }

  test('an edited trigger has no past, whether a scheduler sees the edit or finds it', async () => {
    const world = newWorld(START);
    onTestFinished(world.end);
    world.define('Minute', facts('* * * * *'));
    const steps: Step[] = [];
    const note = (more: Partial<Step> = {}): void => void steps.push({ wall: world.clock.wall, scheduler: 'settled', ...more });
    const first = await restarted(world);
    note();
    await minuteTo(world, first, 1);
    note();
    await edited(first, () => world.define('Minute', facts('*/2 * * * *')));
    note({ change: { to: rule(2) } });
    await minuteTo(world, first, 2);
    note();
    await first.kill();
    world.clock.advance(10 * MINUTE);
    world.define('Minute', facts('*/3 * * * *'));
    const next = await restarted(world);
    await decided(world, next);
    note({ change: { to: rule(3) } });
    world.clock.advance(3 * MINUTE);
    await finished(world, next, note);
    const wanted = expectation(rule(1), steps);
    checkEffects(world.effects('Minute'), wanted);
    expect(await told(world)).toContain('4-12 Skipped edited');
    await end(world, next);
  });

  test('a description that changes is no edit of the trigger', async () => {
    const world = newWorld(START);
    onTestFinished(world.end);
    world.define('Minute', facts('* * * * *'));
    const first = await restarted(world);
    await first.kill();
    world.define('Minute', facts('* * * * *', { description: 'The same, in other words' }));
    world.clock.advance(3 * MINUTE);
    const next = await restarted(world);
    await end(world, next);
    expect((await told(world)).slice(0, 3)).toEqual(['1 Started', '2 Started', '3 Started']);
  });

  test('what was due while it was switched off is skipped in one row, and not caught up', async () => {
    const world = newWorld(START);
    onTestFinished(world.end);
    world.define('Minute', facts('* * * * *'));
    const first = await restarted(world);
    await minuteTo(world, first, 1);
    await edited(first, () => world.define('Minute', facts('* * * * *', { enabled: false })));
    for (let i = 0; i < 3; i += 1) world.clock.advance(MINUTE);
    const next = await restarted(world, first);
    for (let i = 0; i < 3; i += 1) world.clock.advance(MINUTE);
    await edited(next, () => world.define('Minute', facts('* * * * *')));
    await minuteTo(world, next, 2);
    expect(await told(world)).toEqual(['1 Started', '2-7 Skipped disabled', '8 Started']);
    await end(world, next);
  });

  test('a broken edit leaves the last good version at work, and is said once', async () => {
    const world = newWorld(START);
    onTestFinished(world.end);
    world.define('Minute', facts('* * * * *'));
    const scheduler = await restarted(world);
    const file = join(world.definitions, 'Minute.json');
    writeFileSync(file, '{ "triggers": [');
    await until('the scheduler has seen it', () => scheduler.events().some(({ event, kept }) => event === 'broken' && kept === true), () => scheduler.errors());
    await minuteTo(world, scheduler, 1);
    rmSync(file);
    await edited(scheduler, () => {});
    for (let i = 0; i < 2; i += 1) world.clock.advance(MINUTE);
    await end(world, scheduler);
    expect(world.effects('Minute')).toHaveLength(1);
  });

  test('a new file is read while the scheduler runs, and has no past either', async () => {
    const world = newWorld(START);
    onTestFinished(world.end);
    world.define('Minute', facts('* * * * *'));
    const scheduler = await restarted(world);
    await minuteTo(world, scheduler, 1);
    await edited(scheduler, () => world.define('Other', facts('* * * * *')));
    await minuteTo(world, scheduler, 1, 'Other');
    expect(await told(world, 'Other')).toEqual(['2 Started']);
    await end(world, scheduler);
  });

  test('a file that others may write is not used', async () => {
    const { world, scheduler } = await begun({});
    await scheduler.kill();
    chmodSync(join(world.definitions, 'Minute.json'), 0o666);
    const next = await restarted(world);
    expect(next.errors()).toContain('DefinitionUnsafe');
    world.clock.advance(5 * MINUTE);
    await until('the heartbeat has come', () => heartbeat(world) >= world.clock.wall, () => next.errors());
    expect(await next.stop()).toMatchObject({ status: 0 });
    expect(world.effects('Minute')).toEqual([]);
    await checkRemains(world);
  });
});

describe('catching up', () => {
  test('begins two at once, and the others within half a minute', async () => {
    const world = newWorld(START);
    onTestFinished(world.end);
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
    for (const name of names) world.define(name, { triggers: [{ cron: '0 * * * *' }] });
    await (await restarted(world)).kill();
    world.clock.advance(HOUR + 5 * MINUTE);
    const scheduler = await restarted(world);
    await decided(world, scheduler);
    const waiting = durable<{ wait: number }>(world, 'SELECT coalesce(child.notBefore, 0) - decidedAt AS wait FROM firing JOIN instance AS job USING (instanceId) JOIN instance AS child ON child.parentId = job.id').map(({ wait }) => wait);
    expect(waiting).toHaveLength(8);
    expect(waiting.filter((wait) => wait <= 0)).toHaveLength(2);
    expect(waiting.filter((wait) => wait > 30_000)).toEqual([]);
    expect(new Set(waiting.filter((wait) => wait > 0)).size).toBeGreaterThan(3);
    await end(world, scheduler);
    for (const name of names) expect(world.effects(name)).toHaveLength(1);
  });

  test('of ten missed years is one row and one run', async () => {
    const { world, scheduler } = await begun({});
    await scheduler.kill();
    world.clock.advance(10 * 365 * 24 * HOUR);
    const next = await restarted(world);
    await end(world, next);
    expect(world.effects('Minute').length).toBeLessThanOrEqual(2);
    const [range] = await history(world, 'Minute');
    expect(range).toMatchObject({ word: 'Skipped', reason: 'misfire', count: 10 * 365 * 24 * 60 - 2, dueAt: minute(1) });
  });
});

test('retention keeps the newest runs and each unfinished one, and the history of all', async () => {
  const { world, scheduler, gate } = await begun({ maxResultCount: 2, behaviour: ['gate'], options: { multipleInstancePolicy: 'Parallel' } });
  await minuteTo(world, scheduler, 1);
  await minuteTo(world, scheduler, 2);
  await minuteTo(world, scheduler, 3);
  expect(runFolders(world, 'Minute')).toHaveLength(3);
  writeFileSync(gate, '');
  for (let i = 4; i <= 6; i += 1) await minuteTo(world, scheduler, i);
  await finished(world, scheduler);
  await until('the older ones are gone', () => runFolders(world, 'Minute').length === 2, () => runFolders(world, 'Minute'));
  expect(await listed(world)).toHaveLength(2);
  expect(await told(world)).toHaveLength(6);
  await end(world, scheduler);
});

test('jobs do not end with their scheduler, and the next one finds out how they ended', async () => {
  const { world, scheduler, gate } = await begun({ behaviour: ['gate'] });
  await minuteTo(world, scheduler, 1);
  expect(await scheduler.stop()).toMatchObject({ status: 0, stdout: Buffer.alloc(0) });
  expect(marked(world.mark).length).toBeGreaterThan(0);
  const next = await restarted(world);
  writeFileSync(gate, '');
  await end(world, next);
  expect(await listed(world)).toMatchObject([{ state: 'Completed', exitCode: 0, attempt: 1 }]);
});

test('--once fires what is due, waits for it, and ends', async () => {
  const { world, scheduler } = await begun({});
  await scheduler.stop();
  world.clock.advance(MINUTE);
  const once = world.scheduler({ args: ['--once'] });
  expect(await once.ended).toMatchObject({ status: 0, stdout: Buffer.alloc(0) });
  expect(world.effects('Minute')).toHaveLength(1);
  expect(await listed(world)).toMatchObject([{ state: 'Completed' }]);
  await checkRemains(world);
});
