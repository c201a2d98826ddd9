import { JobError, type JobState } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { createWorkbench, jobError } from './workbench.ts';

const states = (jobs: readonly { readonly state: JobState }[]): JobState[] => jobs.map(({ state }) => state);

describe('a suspend', () => {
  test('holds the run still, and job and child are Suspended', async () => {
    const bench = createWorkbench();
    const { view, run } = await bench.start();
    const { jobs, problems, warnings } = await bench.host.suspendJobs({ ids: [view.id] });
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
    expect(jobs).toMatchObject([{ id: 1, state: 'Suspended', reason: null, endTime: null }]);
    expect(bench.machine.held).toEqual(new Set([run.id]));
    expect(await bench.fresh(run)).toMatchObject({ state: 'Suspended' });
  });

  test('writes the wish down before anything is signalled', async () => {
    const bench = createWorkbench();
    await bench.start();
    let seen: JobState[] = [];
    bench.machine.beforeSignal = async () => {
      seen = states(await bench.session.find({}));
    };
    await bench.host.suspendJobs({ ids: [1] });
    expect(seen).toEqual(['Suspending', 'Suspending']);
  });

  test('whose caller dies half-way leaves Suspending, which another suspend finishes and a resume undoes', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.beforeSignal = () => Promise.reject(new Error('killed here'));
    await expect(bench.host.suspendJobs({ ids: [1] })).rejects.toThrow('killed here');
    bench.machine.beforeSignal = undefined;
    expect((await bench.host.getJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'Suspending' }]);
    expect((await bench.host.suspendJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'Suspended' }]);
    expect((await bench.host.resumeJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'Running' }]);
    expect(bench.machine.held.has(run.id)).toBe(false);
  });

  test('of a suspended job does nothing and says nothing', async () => {
    const bench = createWorkbench();
    await bench.start();
    await bench.host.suspendJobs({ ids: [1] });
    bench.machine.beforeSignal = () => Promise.reject(new Error('signalled again'));
    expect(await bench.host.suspendJobs({ ids: [1] })).toMatchObject({ jobs: [{ state: 'Suspended' }], problems: [], warnings: [] });
  });

  test.each([
    ['has ended', 'Completed', (bench: ReturnType<typeof createWorkbench>, run: Parameters<typeof bench.machine.exit>[0]) => bench.machine.exit(run, { exitCode: 0 })],
    ['is out of reach', 'Disconnected', (bench: ReturnType<typeof createWorkbench>, run: Parameters<typeof bench.machine.exit>[0]) => bench.machine.takeAway(run)],
  ])('of a job that %s is a warning that names the state %s', async (_what, state, happen) => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    happen(bench, run);
    for (const verb of ['suspendJobs', 'resumeJobs'] as const) {
      expect(await bench.host[verb]({ ids: [1] })).toMatchObject({ jobs: [{ state }], problems: [], warnings: [jobError('InvalidJobState', state)] });
    }
    expect(bench.machine.held.size).toBe(0);
  });

  test('of a job without a run of ours is a problem, and the others are suspended', async () => {
    const bench = createWorkbench();
    await bench.start();
    await bench.put({ state: 'Running' });
    await bench.start();
    const { jobs, problems } = await bench.host.suspendJobs({ names: ['*'] });
    expect(states(jobs)).toEqual(['Suspended', 'Running', 'Suspended']);
    expect(problems).toEqual([jobError('Job2OperationNotSupportedOnJob', 'ShellJob')]);
  });

  test('waits for the moment in which a launcher hands the run over', async () => {
    const bench = createWorkbench();
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    bench.machine.beforeClaim = () => {
      reached.resolve();
      return go.promise;
    };
    const starting = bench.start();
    await reached.promise;
    const suspending = bench.host.suspendJobs({ ids: [1] });
    await bench.machine.watched();
    go.resolve();
    expect((await suspending).jobs).toMatchObject([{ state: 'Suspended' }]);
    await starting;
    expect(bench.machine.watches).toBe(0);
  });

  test('that loses against a stop leaves the stop its way', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.beforeSignal = async () => {
      bench.machine.beforeSignal = undefined;
      await bench.host.stopJobs({ ids: [1] }, {});
    };
    await bench.host.suspendJobs({ ids: [1] });
    expect(await bench.fresh(run)).toMatchObject({ state: 'Stopped', reason: 'stopped' });
  });

  test('that is not approved changes nothing', async () => {
    const bench = createWorkbench();
    await bench.start();
    const asked: number[] = [];
    const { jobs } = await bench.host.suspendJobs({ ids: [1] }, { approve: ({ id }) => asked.push(id) === 0 });
    expect({ asked, states: states(jobs), held: bench.machine.held.size }).toEqual({ asked: [1], states: ['Running'], held: 0 });
  });
});

describe('a resume', () => {
  test('lets the run go on, and then job and child are Running', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    await bench.host.suspendJobs({ ids: [1] });
    let seen: JobState[] = [];
    bench.machine.beforeSignal = async () => {
      seen = states(await bench.session.find({}));
    };
    expect((await bench.host.resumeJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'Running' }]);
    expect(seen).toEqual(['Suspended', 'Suspended']);
    expect(bench.machine.held.has(run.id)).toBe(false);
  });

  test('whose caller dies after the signal is finished by the next resume', async () => {
    const bench = createWorkbench();
    await bench.start();
    await bench.host.suspendJobs({ ids: [1] });
    bench.machine.beforeSignal = () => Promise.reject(new JobError({ code: 'StoreUnavailable', message: 'killed here' }));
    expect((await bench.host.resumeJobs({ ids: [1] })).problems).toEqual([jobError('StoreUnavailable')]);
    bench.machine.beforeSignal = undefined;
    expect((await bench.host.resumeJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'Running' }]);
  });

  test('of a parent and its child in one call lets the run go on once, and nobody is warned', async () => {
    const bench = createWorkbench();
    await bench.start();
    for (const verb of ['suspendJobs', 'resumeJobs'] as const) {
      let signals = 0;
      bench.machine.beforeSignal = async () => void (signals += 1);
      const { jobs, warnings } = await bench.host[verb]({ ids: [1, 2] });
      const state = verb === 'suspendJobs' ? 'Suspended' : 'Running';
      expect({ states: states(jobs), warnings, signals }).toEqual({ states: [state, state], warnings: [], signals: 1 });
    }
  });

  test('of a running job is a warning', async () => {
    const bench = createWorkbench();
    await bench.start();
    expect(await bench.host.resumeJobs({ ids: [1] })).toMatchObject({ jobs: [{ state: 'Running' }], problems: [], warnings: [jobError('InvalidJobState', 'state is not valid for this operation')] });
  });

  test('of a job whose command has ended meanwhile finds its end', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    await bench.host.suspendJobs({ ids: [1] });
    bench.machine.exit(run, { signal: 'SIGKILL' });
    expect(await bench.host.resumeJobs({ ids: [1] })).toMatchObject({ jobs: [{ state: 'Failed', reason: 'signal' }], warnings: [jobError('InvalidJobState', 'Failed')] });
  });
});

test('a suspended job can be stopped, and is Stopped', async () => {
  const bench = createWorkbench();
  await bench.start();
  await bench.host.suspendJobs({ ids: [1] });
  expect((await bench.host.stopJobs({ ids: [1] }, {})).jobs).toMatchObject([{ state: 'Stopped', reason: 'stopped' }]);
});

test('a parent whose children are suspended one by one is Suspended with the last', async () => {
  const bench = createWorkbench();
  const [parent, first, second] = await bench.family(2);
  bench.machine.claim(first as never);
  bench.machine.claim(second as never);
  await bench.host.suspendJobs({ ids: [first?.id as number] });
  expect((await bench.host.getJobs({ ids: [parent.id] })).jobs).toMatchObject([{ state: 'Running' }]);
  await bench.host.suspendJobs({ ids: [parent.id] });
  expect((await bench.host.getJobs({ ids: [parent.id] })).jobs).toMatchObject([{ state: 'Suspended' }]);
});
