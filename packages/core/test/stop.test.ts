import { JobError, type Instance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { createWorkbench, jobError, receiveAll } from './workbench.ts';

describe('a stop', () => {
  test('ends the run, and job and child are Stopped', async () => {
    const bench = createWorkbench();
    const { view, run } = await bench.start();
    const { jobs, problems } = await bench.host.stopJobs({ ids: [view.id] }, {});
    expect(problems).toEqual([]);
    expect(jobs).toMatchObject([{ id: view.id, state: 'Stopped', reason: 'stopped', statusMessage: '', exitCode: null, signal: 'SIGTERM', endTime: bench.clock.now().toISOString() }]);
    expect(await bench.fresh(run)).toMatchObject({ state: 'Stopped', stopReason: 'stopped' });
  });

  test('writes the wish down before anything is signalled', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    let written: readonly Instance[] = [];
    bench.machine.beforeEnd = async () => {
      written = await bench.session.find({});
    };
    await bench.host.stopJobs({ ids: [1] }, {});
    expect(written).toMatchObject([{ id: 1, state: 'Stopping' }, { id: run.id, state: 'Stopping', stopReason: 'stopped' }]);
  });

  test('whose caller dies half-way is finished by the next reader', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.beforeEnd = () => Promise.reject(new Error('killed here'));
    await expect(bench.host.stopJobs({ ids: [1] }, {})).rejects.toThrow('killed here');
    bench.machine.exit(run, { exitCode: 143 });
    expect((await bench.host.getJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'Stopped', reason: 'stopped', exitCode: 143 }]);
  });

  test.each([
    ['ten seconds of grace', {}, { force: false, gracePeriod: 10_000 }],
    ['the grace that is asked for', { gracePeriod: 500 }, { force: false, gracePeriod: 500 }],
    ['no grace at all', { gracePeriod: 0 }, { force: false, gracePeriod: 0 }],
    ['force at once', { force: true }, { force: true, gracePeriod: 10_000 }],
  ])('gives %s', async (_what, request, how) => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    await bench.host.stopJobs({ ids: [1] }, request);
    expect(bench.machine.ended).toEqual([{ id: run.id, ...how }]);
  });

  test('of several jobs ends them at the same time', async () => {
    const bench = createWorkbench();
    for (let made = 0; made < 3; made++) await bench.start();
    const all = Promise.withResolvers<void>();
    bench.machine.beforeEnd = () => {
      if (bench.machine.ended.length === 3) all.resolve();
      return all.promise;
    };
    const { jobs } = await bench.host.stopJobs({ names: ['*'] }, {});
    expect(jobs).toMatchObject([{ id: 1, state: 'Stopped' }, { id: 3, state: 'Stopped' }, { id: 5, state: 'Stopped' }]);
  });

  test('of a finished job does nothing and is no error', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.exit(run, { exitCode: 3 });
    expect(await bench.host.stopJobs({ ids: [1] }, {})).toMatchObject({ jobs: [{ state: 'Failed', exitCode: 3 }], problems: [] });
    expect(bench.machine.ended).toEqual([]);
  });

  test('twice is a stop once', async () => {
    const bench = createWorkbench();
    await bench.start();
    const [one, other] = await Promise.all([bench.host.stopJobs({ ids: [1] }, {}), bench.host.stopJobs({ ids: [1] }, {})]);
    expect([one, other]).toMatchObject([{ jobs: [{ state: 'Stopped' }], problems: [] }, { jobs: [{ state: 'Stopped' }], problems: [] }]);
  });

  test('of a run that nobody has claimed takes the claim: it never runs', async () => {
    const bench = createWorkbench();
    const [, child] = (await bench.family(1)) as unknown as [Instance, Instance];
    expect(await bench.host.stopJobs({ ids: [1] }, {})).toMatchObject({ jobs: [{ state: 'Stopped', reason: 'stopped', beginTime: null }], problems: [] });
    expect(bench.machine.ended).toEqual([]);
    expect(await bench.machine.revoke(child)).toBe(false);
  });

  test('keeps the reason that was there first', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    const rows = await bench.session.find({});
    await bench.session.transition(rows.map(({ instanceId }) => ({ instanceId, from: ['Running'] as const, to: 'Stopping' as const, stopReason: 'overlap' as const })));
    expect(await bench.host.stopJobs({ ids: [1] }, {})).toMatchObject({ jobs: [{ state: 'Stopped', reason: 'overlap' }] });
    expect(await bench.fresh(run)).toMatchObject({ stopReason: 'overlap' });
  });

  test('of a parent stops every child', async () => {
    const bench = createWorkbench();
    const [, first, second] = (await bench.family(2)) as unknown as [Instance, Instance, Instance];
    bench.machine.claim(first);
    bench.machine.claim(second);
    expect(await bench.host.stopJobs({ ids: [1] }, {})).toMatchObject({ problems: [] });
    expect(await bench.session.find({})).toMatchObject([{ state: 'Stopped' }, { state: 'Stopped' }, { state: 'Stopped' }]);
  });

  test('of a child stops that child alone', async () => {
    const bench = createWorkbench();
    const [, first, second] = (await bench.family(2)) as unknown as [Instance, Instance, Instance];
    bench.machine.claim(first);
    bench.machine.claim(second);
    await bench.host.getJobs({ ids: [1] });
    await bench.host.stopJobs({ ids: [first.id] }, {});
    expect(await bench.session.find({ parentIds: [1] })).toMatchObject([{ state: 'Stopped' }, { state: 'Running' }]);
    bench.machine.exit(second, { exitCode: 0 });
    expect((await bench.host.getJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'Stopped' }]);
  });

  test('leaves what was printed before to be received', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.print(run, 'stdout', 'one\nhalf a li');
    await bench.host.stopJobs({ ids: [1] }, {});
    expect(await receiveAll(bench, 1)).toEqual(['output one', 'output half a li']);
  });

  test('that cannot end a run is an error, and the others are stopped', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    await bench.start();
    bench.machine.makeImmortal(run);
    expect(await bench.host.stopJobs({ ids: [1, 3] }, {})).toMatchObject({ jobs: [{ id: 1, state: 'Stopping' }, { id: 3, state: 'Stopped' }], problems: [jobError('StopJobError', 'Job2')] });
  });

  test('that the system refuses is the error of that job', async () => {
    const bench = createWorkbench();
    await bench.start();
    bench.machine.beforeEnd = () => Promise.reject(new JobError({ code: 'StopJobError', message: 'Job2 has processes that do not end: 7' }));
    expect(await bench.host.stopJobs({ ids: [1] }, {})).toMatchObject({ problems: [jobError('StopJobError', 'do not end: 7')] });
  });

  test('of a job of another machine signals nobody, and the job keeps its state', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.takeAway(run);
    const { problems } = await bench.host.stopJobs({ ids: [1] }, {});
    expect(problems).toHaveLength(1);
    expect(await bench.fresh(run)).toMatchObject({ state: 'Disconnected' });
    expect(bench.machine.ended).toEqual([]);
  });
});
