import { describe, expect, test } from 'vitest';
import { createWorkbench, jobError } from './workbench.ts';

describe('a verb on several jobs', () => {
  test('tells its problems in the order of the jobs, what was not found first', async () => {
    const bench = createWorkbench();
    for (const state of ['Running', 'Completed', 'Suspended'] as const) await bench.put({ state });
    const { jobs, problems } = await bench.host.removeJobs({ words: ['3', 'nobody', '2', '1'] }, { force: false });
    expect(problems).toEqual([jobError('JobWithSpecifiedNameNotFound'), jobError('JobObjectNotFinishedCannotBeRemoved', 'Job3'), jobError('JobObjectNotFinishedCannotBeRemoved', 'Job1')]);
    expect(jobs.map(({ id }) => id)).toEqual([1, 3]);
  });

  test('of both stores shows them in id order', async () => {
    const bench = createWorkbench();
    const kept = await bench.start({}, { persist: true });
    const brief = await bench.start();
    const { jobs } = await bench.host.stopJobs({ ids: [brief.view.id, kept.view.id] }, {});
    expect(jobs).toMatchObject([{ id: 1, state: 'Stopped' }, { id: 3, state: 'Stopped' }]);
  });

  test('does not take a fault of ours for a problem of a job', async () => {
    const bench = createWorkbench();
    await bench.start();
    bench.machine.beforeEnd = () => Promise.reject(new TypeError('a mistake of ours'));
    await expect(bench.host.stopJobs({ ids: [1] }, {})).rejects.toThrow(new TypeError('a mistake of ours'));
  });
});

test('a started job is shown as get-job shows it', async () => {
  const bench = createWorkbench();
  const { view } = await bench.start();
  expect((await bench.host.getJobs({ ids: [view.id] })).jobs).toEqual([view]);
});
