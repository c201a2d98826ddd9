import { existsSync } from 'node:fs';
import { isFinished, JOB_STATES, type Instance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { createWorkbench, jobError } from './workbench.ts';

const UNFINISHED = JOB_STATES.filter((state) => !isFinished(state));

describe('a removal', () => {
  test('takes the job, its child, its records and its folder', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.print(run, 'stdout', 'one\n');
    bench.machine.exit(run, { exitCode: 0 });
    expect(await bench.host.removeJobs({ ids: [1] }, { force: false })).toEqual({ jobs: [], problems: [] });
    expect(await bench.session.find({})).toEqual([]);
    expect(existsSync(run.runFolder as string)).toBe(false);
  });

  test.each(['Completed', 'Failed', 'Stopped'] as const)('takes a job that is %s', async (state) => {
    const bench = createWorkbench();
    await bench.put({ state });
    expect(await bench.host.removeJobs({ ids: [1] }, { force: false })).toEqual({ jobs: [], problems: [] });
  });

  test.each(UNFINISHED)('refuses a job that is %s', async (state) => {
    const bench = createWorkbench();
    await bench.put({ state });
    const { jobs, problems } = await bench.host.removeJobs({ ids: [1] }, { force: false });
    expect(problems).toEqual([jobError('JobObjectNotFinishedCannotBeRemoved', `Job1 is ${state}`)]);
    expect(jobs).toMatchObject([{ id: 1, state }]);
  });

  test.each([[{ states: ['Running'] }], [{ command: 'true' }], [{ names: ['*'] }], [{ words: ['1'] }]] as const)('refuses an unfinished job whatever names it: %j', async (selector) => {
    const bench = createWorkbench();
    await bench.start();
    expect((await bench.host.removeJobs(selector, { force: false })).problems).toEqual([jobError('JobObjectNotFinishedCannotBeRemoved')]);
  });

  test('handles the finished ones of the same call', async () => {
    const bench = createWorkbench();
    for (const state of ['Completed', 'Suspended', 'Failed'] as const) await bench.put({ state });
    const { problems } = await bench.host.removeJobs({ ids: [1, 2, 9, 3] }, { force: false });
    expect(problems.map(({ code }) => code)).toEqual(['JobWithSpecifiedSessionNotFound', 'JobObjectNotFinishedCannotBeRemoved']);
    expect(await bench.session.find({})).toMatchObject([{ id: 2 }]);
  });

  test('takes a job that has ended since it was last looked at', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.exit(run, { exitCode: 0 });
    expect((await bench.host.removeJobs({ states: ['Completed'] }, { force: false })).problems).toEqual([]);
    expect(await bench.session.find({})).toEqual([]);
  });

  test('with force stops the job first', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    expect(await bench.host.removeJobs({ ids: [1] }, { force: true })).toEqual({ jobs: [], problems: [] });
    expect(bench.machine.ended).toMatchObject([{ id: run.id }]);
    expect(await bench.session.find({})).toEqual([]);
  });

  test('with force keeps a job that cannot be stopped', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.makeImmortal(run);
    expect((await bench.host.removeJobs({ ids: [1] }, { force: true })).problems).toEqual([jobError('StopJobError')]);
    expect(await bench.session.find({})).toHaveLength(2);
    expect(existsSync(run.runFolder as string)).toBe(true);
  });

  test('ends what a finished job has left running, before its folder goes', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.exit(run, { exitCode: 0 });
    const endStrays = bench.machine.endStrays.bind(bench.machine);
    bench.machine.endStrays = async (instances) => {
      expect(existsSync(run.runFolder as string)).toBe(true);
      return endStrays(instances);
    };
    await bench.host.removeJobs({ ids: [1] }, { force: false });
    expect(bench.machine.strays).toEqual([run.id]);
  });

  test.each([[{ ids: [2] }], [{ words: ['2'] }]])('refuses a child by its id, with or without force: %j', async (selector) => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.exit(run, { exitCode: 0 });
    for (const force of [false, true]) expect((await bench.host.removeJobs(selector, { force })).problems).toEqual([jobError('CannotRemoveJob', 'Job2')]);
    expect(await bench.session.find({})).toHaveLength(2);
  });

  test('refuses a child by its instance id', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.exit(run, { exitCode: 0 });
    expect((await bench.host.removeJobs({ instanceIds: [run.instanceId] }, { force: true })).problems).toEqual([jobError('CannotRemoveJob')]);
  });

  test.each([[{ names: ['Job2'] }], [{ words: ['Job2'] }]])('does not search the names of children: %j', async (selector) => {
    const bench = createWorkbench();
    await bench.start();
    expect((await bench.host.removeJobs(selector, { force: true })).problems).toEqual([jobError('JobWithSpecifiedNameNotFound', '"Job2"')]);
    expect(await bench.session.find({})).toMatchObject([{ state: 'Running' }, { state: 'Running' }]);
  });

  test('is silent about a wildcard that only names of children fit', async () => {
    const bench = createWorkbench();
    await bench.start({}, { name: 'Build' });
    expect((await bench.host.removeJobs({ names: ['Job*'] }, { force: true })).problems).toEqual([]);
    expect(await bench.session.find({})).toHaveLength(2);
  });

  test('twice finds nothing the second time', async () => {
    const bench = createWorkbench();
    await bench.put({ state: 'Completed' });
    await bench.host.removeJobs({ ids: [1] }, { force: false });
    expect((await bench.host.removeJobs({ ids: [1] }, { force: false })).problems).toEqual([jobError('JobWithSpecifiedSessionNotFound')]);
  });

  test('of a kept run takes its folder and row, and leaves the others', async () => {
    const bench = createWorkbench();
    const [one, other] = [await bench.start({}, { persist: true }), await bench.start({}, { persist: true })];
    for (const { run } of [one, other]) bench.machine.exit(run, { exitCode: 0 });
    await bench.host.removeJobs({ ids: [one.view.id] }, { force: false });
    expect(await bench.durable().find({ topLevel: true })).toMatchObject([{ id: other.view.id }]);
    expect(existsSync(one.run.runFolder as string)).toBe(false);
    expect(existsSync(other.run.runFolder as string)).toBe(true);
  });

  test('of a parent takes all its children', async () => {
    const bench = createWorkbench();
    const [, first, second] = (await bench.family(2)) as unknown as [Instance, Instance, Instance];
    await bench.host.stopJobs({ ids: [first.id] }, {});
    await bench.host.stopJobs({ ids: [second.id] }, {});
    expect((await bench.host.removeJobs({ ids: [1] }, { force: false })).problems).toEqual([]);
    expect(await bench.session.find({})).toEqual([]);
    expect([first, second].map(({ runFolder }) => existsSync(runFolder as string))).toEqual([false, false]);
  });
});
