import { JobError, type Instance, type JobState, type JobStore } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { createJobHost } from '../src/job-host.ts';
import { changeOf, createWorkbench, jobError, type Workbench } from './workbench.ts';

/** Somebody else moves a job, and whoever watches it may notice. */
async function move(bench: Workbench, instance: Instance, to: JobState): Promise<void> {
  await bench.session.transition([changeOf(await bench.fresh(instance), to)]);
  bench.machine.hint();
}

describe('waiting for all', () => {
  test('ends when the last is finished, and shows them in id order', async () => {
    const bench = createWorkbench();
    const [one, two] = [await bench.start(), await bench.start()];
    const waiting = bench.host.waitJobs({ ids: [two.view.id, one.view.id] }, {});
    await bench.machine.watched();
    bench.machine.exit(two.run, { exitCode: 1 });
    await bench.machine.watched();
    bench.machine.exit(one.run, { exitCode: 0 });
    expect(await waiting).toMatchObject({ done: true, problems: [], jobs: [{ id: 1, state: 'Completed', exitCode: 0 }, { id: 3, state: 'Failed', exitCode: 1 }] });
    expect(bench.machine.watches).toBe(0);
  });

  test('returns at once when all are finished', async () => {
    const bench = createWorkbench();
    await bench.put({ state: 'Completed' });
    await bench.put({ state: 'Stopped' });
    expect(await bench.host.waitJobs({ names: ['*'] }, {})).toMatchObject({ done: true, jobs: [{ id: 1 }, { id: 2 }] });
  });

  test('returns at once when nothing fits a wildcard or a state', async () => {
    const bench = createWorkbench();
    await bench.put();
    expect(await bench.host.waitJobs({ names: ['x*'] }, {})).toEqual({ done: true, jobs: [], problems: [] });
    expect(await bench.host.waitJobs({ states: ['Blocked'] }, { any: true })).toEqual({ done: true, jobs: [], problems: [] });
  });

  test('goes by the states at the moment of the call', async () => {
    const bench = createWorkbench();
    const early = await bench.put({ state: 'Running' });
    const waiting = bench.host.waitJobs({ states: ['Running'] }, {});
    await bench.machine.watched();
    await bench.put({ state: 'Running' });
    await move(bench, early, 'Completed');
    expect(await waiting).toMatchObject({ done: true, jobs: [{ id: 1 }] });
  });

  test('tells what it did not find and waits for the others', async () => {
    const bench = createWorkbench();
    await bench.put({ state: 'Completed' });
    expect(await bench.host.waitJobs({ ids: [9, 1] }, {})).toMatchObject({ done: true, jobs: [{ id: 1 }], problems: [jobError('JobWithSpecifiedSessionNotFound')] });
  });

  test.each(['Suspended', 'Disconnected'] as const)('ends when a job is %s, but not with force', async (state) => {
    const bench = createWorkbench();
    const job = await bench.put({ state });
    expect(await bench.host.waitJobs({ ids: [1] }, {})).toMatchObject({ done: true, jobs: [{ state }] });
    const waiting = bench.host.waitJobs({ ids: [1] }, { force: true });
    await bench.machine.watched();
    await move(bench, job, 'Completed');
    expect(await waiting).toMatchObject({ done: true, jobs: [{ state: 'Completed' }] });
  });

  test('does without a job that is removed meanwhile', async () => {
    const bench = createWorkbench();
    const job = await bench.put({ state: 'Running' });
    await bench.put({ state: 'Completed' });
    const waiting = bench.host.waitJobs({ ids: [1, 2] }, {});
    await bench.machine.watched();
    await bench.session.remove([job]);
    bench.machine.hint();
    expect(await waiting).toMatchObject({ done: true, jobs: [{ id: 2 }] });
  });

  test('that is interrupted leaves the jobs running', async () => {
    const bench = createWorkbench();
    await bench.start();
    const interrupt = new AbortController();
    const waiting = bench.host.waitJobs({ ids: [1] }, { signal: interrupt.signal });
    await bench.machine.watched();
    interrupt.abort();
    expect(await waiting).toMatchObject({ done: false, jobs: [{ state: 'Running' }] });
    expect(bench.machine.ended).toEqual([]);
    expect(bench.machine.watches).toBe(0);
  });
});

describe('waiting for any', () => {
  test('ends with the first of those given that is at rest', async () => {
    const bench = createWorkbench();
    for (const state of ['Running', 'Completed', 'Suspended'] as const) await bench.put({ state });
    expect(await bench.host.waitJobs({ ids: [1, 3, 2] }, { any: true })).toMatchObject({ done: true, jobs: [{ id: 3 }] });
    expect(await bench.host.waitJobs({ ids: [1, 2, 3] }, { any: true })).toMatchObject({ done: true, jobs: [{ id: 2 }] });
    expect(await bench.host.waitJobs({ ids: [1, 3, 2] }, { any: true, force: true })).toMatchObject({ done: true, jobs: [{ id: 2 }] });
  });

  test('shows one job only', async () => {
    const bench = createWorkbench();
    const [one, two] = [await bench.start(), await bench.start()];
    const waiting = bench.host.waitJobs({ ids: [one.view.id, two.view.id] }, { any: true });
    await bench.machine.watched();
    bench.machine.exit(two.run, { exitCode: 0 });
    expect(await waiting).toMatchObject({ done: true, jobs: [{ id: two.view.id }] });
    expect((await waiting).jobs).toHaveLength(1);
  });
});

describe('a time limit', () => {
  test('ends the wait, not the job', async () => {
    const bench = createWorkbench();
    await bench.start();
    const waiting = bench.host.waitJobs({ ids: [1] }, { timeout: 30_000 });
    await bench.clock.asleep();
    bench.clock.advance(30_000);
    expect(await waiting).toMatchObject({ done: false });
    expect((await bench.host.getJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'Running' }]);
  });

  test('that has not passed yet ends nothing', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    const waiting = bench.host.waitJobs({ ids: [1] }, { timeout: 30_000 });
    await bench.clock.asleep();
    bench.clock.advance(29_999);
    bench.machine.exit(run, { exitCode: 0 });
    expect(await waiting).toMatchObject({ done: true });
    expect(bench.clock.sleepers).toBe(0);
  });

  test('is not used up by changes that do not matter', async () => {
    const bench = createWorkbench();
    await bench.start();
    const waiting = bench.host.waitJobs({ ids: [1] }, { timeout: 30_000 });
    for (let second = 0; second < 3; second++) {
      await bench.clock.asleep();
      await bench.machine.watched();
      bench.clock.advance(9_000);
      bench.machine.hint();
    }
    await bench.clock.asleep();
    bench.clock.advance(3_000);
    expect(await waiting).toMatchObject({ done: false });
  });

  test('does not pass because somebody sets the clock', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    const waiting = bench.host.waitJobs({ ids: [1] }, { timeout: 30_000 });
    await bench.clock.asleep();
    await bench.machine.watched();
    bench.clock.set(3_600_000);
    bench.machine.hint();
    await Promise.race([waiting, bench.machine.watched()]);
    bench.machine.exit(run, { exitCode: 0 });
    expect(await waiting).toMatchObject({ done: true });
  });

  test.each([
    ['Running', false],
    ['NotStarted', false],
    ['Completed', true],
    ['Failed', true],
    ['Stopped', true],
  ] as const)('of 0 looks once: a job that is %s is done: %j', async (state, done) => {
    const bench = createWorkbench();
    await bench.put({ state });
    expect(await bench.host.waitJobs({ ids: [1] }, { timeout: 0 })).toMatchObject({ done });
    expect(bench.clock.sleepers).toBe(0);
  });

  test('of 0 sees that a run has ended', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.exit(run, { exitCode: 0 });
    expect(await bench.host.waitJobs({ ids: [1] }, { timeout: 0 })).toMatchObject({ done: true, jobs: [{ state: 'Completed' }] });
  });
});

describe('a blocked job', () => {
  const deadlock = jobError('BlockedJobsDeadlockWithWaitJob', 'Job1');

  test('ends the wait at once', async () => {
    const bench = createWorkbench();
    await bench.put({ state: 'Blocked' });
    await bench.put({ state: 'Running' });
    await expect(bench.host.waitJobs({ ids: [1, 2] }, {})).rejects.toThrow(deadlock);
    await expect(bench.host.waitJobs({ ids: [1] }, { any: true })).rejects.toThrow(deadlock);
    await expect(bench.host.waitJobs({ ids: [1] }, { force: true, timeout: 1_000 })).rejects.toThrow(deadlock);
    expect(bench.machine.watches).toBe(0);
  });

  test('ends a wait that has begun', async () => {
    const bench = createWorkbench();
    const job = await bench.put({ state: 'Running' });
    const waiting = bench.host.waitJobs({ ids: [1] }, {});
    await bench.machine.watched();
    await move(bench, job, 'Blocked');
    await expect(waiting).rejects.toThrow(deadlock);
  });

  test('does not end the wait for any of several', async () => {
    const bench = createWorkbench();
    await bench.put({ state: 'Blocked' });
    const other = await bench.put({ state: 'Running' });
    const waiting = bench.host.waitJobs({ ids: [1, 2] }, { any: true });
    await bench.machine.watched();
    await move(bench, other, 'Completed');
    expect(await waiting).toMatchObject({ done: true, jobs: [{ id: 2 }] });
  });
});

describe('waiting for a job of an engine', () => {
  /** A running job, in a store whose server can be taken away. */
  const placed = async () => {
    const bench = createWorkbench();
    const server = { isAway: false };
    const durable = bench.durable();
    const remote = Object.assign(Object.create(durable) as JobStore, {
      remote: { wish: async () => false },
      find: async (query: Parameters<JobStore['find']>[0]) => {
        if (server.isAway) throw new JobError({ code: 'StoreUnavailable', message: 'the server cannot be reached' });
        return durable.find(query);
      },
    });
    const job = await bench.put({ state: 'Running' }, durable);
    const host = createJobHost({ ...bench.parts, stores: { ...bench.parts.stores, durable: () => remote } });
    const look = async (): Promise<void> => {
      bench.machine.hint();
      await bench.machine.watched();
    };
    return { bench, server, durable, job, host, look };
  };

  test('goes on while its server is restarted', async () => {
    const { bench, server, durable, job, host, look } = await placed();
    const waiting = host.waitJobs({ ids: [job.id] }, {});
    await bench.machine.watched();
    server.isAway = true;
    await look();
    bench.clock.advance(59_000);
    await look();
    server.isAway = false;
    await look();
    server.isAway = true;
    bench.clock.advance(59_000);
    await look();
    await durable.transition([changeOf(job, 'Completed')]);
    server.isAway = false;
    bench.machine.hint();
    expect(await waiting).toMatchObject({ done: true, jobs: [{ state: 'Completed' }], problems: [] });
  });

  test('ends when it has been away for a minute', async () => {
    const { bench, server, job, host, look } = await placed();
    const waiting = host.waitJobs({ ids: [job.id] }, {});
    const refused = expect(waiting).rejects.toThrow(jobError('StoreUnavailable'));
    await bench.machine.watched();
    server.isAway = true;
    await look();
    bench.clock.advance(60_000);
    bench.machine.hint();
    await refused;
  });
});
