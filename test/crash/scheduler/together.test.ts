// We and the job die in the same moment, as in a power cut: nothing of it comes about a second time, unless that was asked for.

import { afterAll, expect, onTestFinished, test } from 'vitest';
import { killHard, marked, until } from '../processes.ts';
import { removeFolders, type JobFacts } from '../product.ts';
import { randomOf } from '../random.ts';
import { checkEffects, checkFinished, checkHistory, checkRemains, checkStarted, histories, listed, type FiringRow } from './check.ts';
import { MINUTE } from './due-times.ts';
import { expect as expectation, type Rule, type Step } from './oracle-of-firings.ts';
import { decided, finished, newWorld, type DefinitionFacts, type World } from './world.ts';

/** Later than any file is: a claim that was left empty by a kill counts as old at once. */
const START = Date.UTC(2040, 4, 1, 12, 0, 30);
const RULE: Rule = { schedule: { kind: 'minutes', step: 1, zone: 'UTC' }, catchUp: { policy: 'latest' } };
const PARALLEL = { multipleInstancePolicy: 'Parallel', maxParallel: 1_000 };
const FACTS = { triggers: [{ cron: '* * * * *' }], maxResultCount: 10_000 };
const ONCE = { triggers: [{ cron: '1 12 1 5 *' }] };
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const KILLS = Math.ceil(Number(process.env['CRASH_CYCLES'] ?? 100) / 4);

afterAll(removeFolders);

test(`${KILLS} kills of the scheduler together with its jobs double nothing, and each run says what became of it (SEED=${seed})`, { timeout: 60_000 + KILLS * 10_000 }, async () => {
  const world = newWorld(START);
  onTestFinished(world.end);
  const random = randomOf(seed);
  const facts: Readonly<Record<string, DefinitionFacts>> = {
    Never: { ...FACTS, options: PARALLEL, behaviour: ['sleep', '600'] },
    Retried: { ...FACTS, options: { ...PARALLEL, retry: { limit: 100, delay: '1s' } }, behaviour: ['sleep', '600'] },
    Again: { ...FACTS, options: { ...PARALLEL, retry: { limit: 100, delay: '1s', onInterrupted: true } }, behaviour: ['hang-once'] },
  };
  const names = Object.keys(facts);
  const define = (more: Partial<DefinitionFacts> = {}): void => names.forEach((name) => world.define(name, { ...(facts[name] as DefinitionFacts), ...more }));
  define();
  const steps: Step[] = [];
  const note = (change?: Step['change']): void => void steps.push({ wall: world.clock.wall, scheduler: 'settled', ...(change === undefined ? {} : { change }) });

  for (let kill = 0; kill <= KILLS; kill += 1) {
    const scheduler = world.scheduler();
    expect(await scheduler.ready()).toBe(true);
    await decided(world, scheduler);
    note();
    world.clock.advance(MINUTE);
    await decided(world, scheduler);
    note();
    const due = world.clock.wall - 30_000;
    await until('each of them has begun to run', () => names.every((name) => world.effects(name).some((effect) => effect.due === due)), () => scheduler.errors().slice(-2_000));
    killTogether(world, scheduler.pid, random.oneOf([true, false]));
    await scheduler.ended;
  }

  // Nothing is started any more; what was started may be tried again.
  define({ enabled: false });
  const last = world.scheduler();
  expect(await last.ready()).toBe(true);
  note({ enabled: false });
  await finished(world, last, () => note());
  expect(await last.stop()).toMatchObject({ status: 0 });
  const all = await checkFinished(world);
  const told = await histories(world);
  const wanted = expectation(RULE, steps);
  for (const name of names) {
    const firings = told.get(name) as FiringRow[];
    checkHistory(firings, wanted, RULE, START);
    checkStarted(firings, world.effects(name));
  }
  for (const name of ['Never', 'Retried']) {
    checkEffects(world.effects(name), wanted);
    expect(jobsOf(all, name).filter(({ state, reason, attempt }) => state !== 'Failed' || reason !== 'interrupted' || attempt !== 1)).toEqual([]);
    expect(jobsOf(all, name)).toHaveLength(KILLS + 1);
  }
  // Asked for: as often as it was cut off, and one more time.
  expect(jobsOf(all, 'Again').filter(({ state, attempt }) => state !== 'Completed' || attempt < 2)).toEqual([]);
  const again = Map.groupBy(world.effects('Again'), ({ due }) => due);
  for (const effects of again.values()) {
    const attempts = effects.map(({ attempt }) => attempt);
    expect(attempts.length).toBeGreaterThanOrEqual(2);
    // One that was cut off before its command ran has left nothing; no attempt ran twice.
    expect(attempts).toEqual([...new Set(attempts)].toSorted((a, b) => a - b));
  }
  await checkRemains(world);
});

function jobsOf(all: readonly JobFacts[], name: string): JobFacts[] {
  return all.filter((job) => job.name === name);
}

/** In whatever order: all of them at once is no more than a list of signals. */
function killTogether(world: World, scheduler: number, jobsFirst: boolean): void {
  const others = marked(world.mark).map(({ pid }) => pid).filter((pid) => pid !== scheduler);
  for (const pid of jobsFirst ? [...others, scheduler] : [scheduler, ...others]) killHard(pid);
}

test('a scheduler and two readers that find the same dead runs at once say the same, and each is tried again once', async () => {
  const world = newWorld(START);
  onTestFinished(world.end);
  for (const name of ['One', 'Two', 'Three']) world.define(name, { ...ONCE, options: { retry: { limit: 3, delay: '10s', onInterrupted: true } }, behaviour: ['hang-once'] });
  world.define('Never', { ...ONCE, behaviour: ['sleep', '600'] });
  const names = ['One', 'Two', 'Three', 'Never'];
  const scheduler = world.scheduler();
  expect(await scheduler.ready()).toBe(true);
  world.clock.advance(MINUTE);
  await until('all of them run', () => names.every((name) => world.effects(name).length === 1), () => scheduler.errors());
  process.kill(scheduler.pid, 'SIGSTOP');
  for (const { pid } of marked(world.mark)) if (pid !== scheduler.pid) killHard(pid);
  await until('they are dead', () => marked(world.mark).length === 1, () => marked(world.mark));

  const readers = [listed(world), listed(world)];
  process.kill(scheduler.pid, 'SIGCONT');
  for (const jobs of await Promise.all(readers)) {
    expect(jobs).toHaveLength(4);
    expect(jobsOf(jobs, 'Never')).toMatchObject([{ state: 'Failed', reason: 'interrupted' }]);
    // The next attempt is the scheduler's: a reader sees the run as waiting for it, or as it was.
    for (const name of names.slice(0, 3)) expect(['Running', 'Completed']).toContain(jobsOf(jobs, name)[0]?.state);
  }
  await finished(world, scheduler);
  expect(await scheduler.stop()).toMatchObject({ status: 0 });
  for (const name of names.slice(0, 3)) expect(world.effects(name).map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(world.effects('Never')).toHaveLength(1);
  await checkFinished(world);
  await checkRemains(world);
});
