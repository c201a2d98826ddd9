/**
 * The shim is the one process of ours that may not die. If it does, between any two of its steps, nobody guesses:
 *
 *     reserved ── claimed ── the command, whole ── recorded ── kill -KILL 0
 *        │           │                │                │
 *     never ran   interrupted    interrupted       as it ended
 *
 * The shim is killed by itself, in the build that has its failpoints (packages/cli/armed-shim.mjs).
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { fakeJob, type FakeJob } from './fake-job.ts';
import { checkInterrupted, checkStore, checkTruth, INTERRUPTED, NEVER_RAN } from './oracle.ts';
import { killHard, marked, quiet, until } from './processes.ts';
import { attemptOf, jobs, newStore, removeFolders, run, type JobFacts, type Store } from './product.ts';
import { randomOf } from './random.ts';
import { checkFinished, checkRemains, history } from './scheduler/check.ts';
import { MINUTE } from './scheduler/due-times.ts';
import { finished, newWorld } from './scheduler/world.ts';

const random = randomOf(7);
let count = 0;

afterAll(removeFolders);

/** Starts a job that ends at once with code 3, while its shim dies at a point. */
async function started(store: Store, flags: readonly string[], failpoints: string): Promise<{ readonly job: FakeJob; readonly mark: string; readonly stderr: string }> {
  count += 1;
  const job = fakeJob(`shim-${count}`, random, count % 2 === 0 ? 'job.sh' : 'job.mjs', 3);
  const mark = `shim-${count}-${process.pid}`;
  onTestFinished(() => {
    for (const { pid } of marked(mark)) killHard(pid);
  });
  job.openGate();
  const { stderr } = await run(store, 'start-job', ['--name', job.name, ...flags, ...job.argv], { mark, failpoints });
  return { job, mark, stderr };
}

describe.each([['session', []], ['durable', ['--persist']]] as const)('in the %s store, a shim that dies', (_name, flags) => {
  test('before its claim has run nothing, and the start says so', async () => {
    const store = newStore();
    const { job, mark } = await started(store, flags, 'shim.unclaimed:1=kill');
    await quiet(mark);
    expect(await jobs(store, job.name)).toMatchObject([{ state: 'Failed', reason: 'spawn', statusMessage: expect.stringMatching(/^SpawnFailed: the run could not be claimed/) as string, exitCode: null }]);
    expect(job.effects()).toEqual([]);
    await checkStore(store);
  });

  test('before its claim, together with its launcher, has run nothing and never will', async () => {
    const store = newStore();
    const { job, mark } = await started(store, flags, 'start.spawned:1=kill,shim.unclaimed:1=kill');
    expect(await checkTruth(store, job, mark, { row: true, ran: false })).toMatchObject(NEVER_RAN);
    await checkStore(store);
  });

  test('after its claim is interrupted: nobody knows whether the command ran', async () => {
    const store = newStore();
    const { job, mark } = await started(store, flags, 'shim.claimed:1=kill');
    const facts = await checkInterrupted(store, job, mark, undefined);
    expect(readFileSync(join(attemptOf(store, facts.instanceId), 'claim'), 'utf8')).toMatch(/^\d+ \d+ [\da-f-]+\n$/);
    await checkStore(store);
  });

  test('before its record is interrupted, with every byte that the command wrote', async () => {
    const store = newStore();
    const { job, mark } = await started(store, flags, 'shim.unrecorded:1=kill');
    const facts = await checkInterrupted(store, job, mark, job);
    expect(readFileSync(join(attemptOf(store, facts.instanceId), 'exit.json'), 'utf8')).toMatch(/^ {40,}\n$/);
    await checkStore(store);
  });

  test('after its record has ended as the command did', async () => {
    const store = newStore();
    const { job, mark } = await started(store, flags, 'shim.recorded:1=kill');
    expect(await checkTruth(store, job, mark, { row: true, ran: true })).toMatchObject({ state: 'Failed', reason: 'exit', exitCode: 3 });
    await checkStore(store);
  });

  test('after its record leaves behind what the command left; remove-job ends that', async () => {
    const store = newStore();
    const mark = `left-${flags.length}-${process.pid}`;
    onTestFinished(() => {
      for (const { pid } of marked(mark)) killHard(pid);
    });
    await run(store, 'start-job', ['--name', 'leaves', ...flags, '--', 'sh', '-c', 'sleep 1000 & exit 0'], { mark, failpoints: 'shim.recorded:1=kill' });
    const [facts] = (await until('its shim is gone', () => marked(mark).every(({ program }) => program === 'sleep')).then(() => jobs(store, 'leaves'))) as [JobFacts];
    expect(facts).toMatchObject({ state: 'Completed', exitCode: 0 });
    const folder = dirname(attemptOf(store, facts.instanceId));
    expect(marked(mark)).toHaveLength(1);
    expect((await run(store, 'remove-job', [String(facts.id)])).status).toBe(0);
    await quiet(mark);
    expect(existsSync(folder)).toBe(false);
    await checkStore(store);
  });
});

const START = Date.UTC(2024, 4, 1, 12, 0, 30);
const RETRY = { limit: 1, delay: '0s' };

describe('of a due time', () => {
  test.each([
    ['shim.unclaimed', {}, { state: 'Failed', reason: 'spawn' }, 0],
    ['shim.unclaimed', { retry: RETRY }, { state: 'Completed', attempt: 2 }, 1],
    ['shim.claimed', {}, INTERRUPTED, 0],
    ['shim.claimed', { retry: RETRY }, INTERRUPTED, 0],
    ['shim.claimed', { retry: { ...RETRY, onInterrupted: true } }, { state: 'Completed', attempt: 2 }, 1],
    ['shim.unrecorded', { retry: RETRY }, INTERRUPTED, 1],
    ['shim.unrecorded', { retry: { ...RETRY, onInterrupted: true } }, { state: 'Completed', attempt: 2 }, 2],
    ['shim.recorded', { retry: RETRY }, { state: 'Completed', attempt: 1 }, 1],
  ] as const)('the shim dies at %s, with the options %j: %j, and %i effects', async (point, options, end, effects) => {
    const world = newWorld(START);
    onTestFinished(world.end);
    world.define('Once', { triggers: [{ cron: '1 12 1 5 *' }], options, environment: { NIGHTSHIFT_FAILPOINTS: `${point}:1=kill` } });
    const scheduler = world.scheduler();
    expect(await scheduler.ready(), scheduler.errors()).toBe(true);
    world.clock.advance(MINUTE);
    await finished(world, scheduler);
    expect(await scheduler.stop()).toMatchObject({ status: 0 });
    expect(await checkFinished(world)).toMatchObject([end]);
    expect(world.effects('Once')).toHaveLength(effects);
    expect(await history(world, 'Once')).toMatchObject([{ word: 'Started', count: 1 }]);
    await checkRemains(world);
  });
});
