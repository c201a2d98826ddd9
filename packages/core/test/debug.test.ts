import { describe, expect, test } from 'vitest';
import { createWorkbench, jobError } from './workbench.ts';

const ADDRESS = 'ws://127.0.0.1:9229/a';

describe('the debugger of a job', () => {
  test('has the address that its run gives', async () => {
    const bench = createWorkbench();
    bench.machine.address = ADDRESS;
    await bench.start();
    expect(await bench.host.debugJob({ ids: [1] })).toMatchObject({ address: ADDRESS });
    expect((await bench.host.getJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'Running' }]);
  });

  test('pauses it: AtBreakpoint until the signal, then Running', async () => {
    const bench = createWorkbench();
    bench.machine.address = ADDRESS;
    const { run } = await bench.start();
    const end = new AbortController();
    const debugging = await bench.host.debugJob({ ids: [1] });
    const pausing = debugging?.pause(end.signal);
    await expect.poll(async () => (await bench.fresh(run)).state).toBe('AtBreakpoint');
    expect((await bench.host.getJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'AtBreakpoint' }]);
    end.abort();
    await pausing;
    expect((await bench.host.getJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'Running' }]);
  });

  test('that has gone without a word leaves a job that the next look finds Running', async () => {
    const bench = createWorkbench();
    bench.machine.address = ADDRESS;
    const { run } = await bench.start();
    void (await bench.host.debugJob({ ids: [1] }))?.pause(new AbortController().signal);
    await expect.poll(async () => (await bench.fresh(run)).state).toBe('AtBreakpoint');
    bench.machine.atBreakpoint.clear();
    expect((await bench.host.getJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'Running' }]);
  });

  test('that lets go of a job which has ended meanwhile leaves its end alone', async () => {
    const bench = createWorkbench();
    bench.machine.address = ADDRESS;
    const { run } = await bench.start();
    const end = new AbortController();
    const pausing = (await bench.host.debugJob({ ids: [1] }))?.pause(end.signal);
    await expect.poll(async () => (await bench.fresh(run)).state).toBe('AtBreakpoint');
    bench.machine.exit(run, { exitCode: 3 });
    end.abort();
    await pausing;
    expect(await bench.fresh(run)).toMatchObject({ state: 'Failed', reason: 'exit', exitCode: 3 });
  });

  test('is opened only for who is approved, who sees the job', async () => {
    const bench = createWorkbench();
    bench.machine.inspector = () => Promise.reject(new Error('opened'));
    await bench.start({}, { name: 'Server' });
    const asked: string[] = [];
    expect(await bench.host.debugJob({ ids: [1] }, { approve: ({ name }) => asked.push(name) === 0 })).toBeUndefined();
    expect(asked).toEqual(['Server']);
  });
});

describe('debugging is refused', () => {
  test.each([
    ['a job without an inspector', undefined, 'none of its processes'],
    ['a job that has ended', 'Completed', 'Completed'],
    ['a suspended job', 'Suspended', 'Suspended'],
  ])('of %s', async (_what, state, part) => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    if (state !== undefined) bench.machine.address = ADDRESS;
    if (state === 'Completed') bench.machine.exit(run, { exitCode: 0 });
    if (state === 'Suspended') await bench.host.suspendJobs({ ids: [1] });
    await expect(bench.host.debugJob({ ids: [1] })).rejects.toEqual(jobError('DebugJobNoDebuggableJobsFound', part));
  });

  test('of a job whose port another process has, and a free one is advised', async () => {
    const bench = createWorkbench();
    bench.machine.inspector = async () => ({ taken: '127.0.0.1:9229' });
    await bench.start({}, { name: 'Server' });
    await expect(bench.host.debugJob({ ids: [1] })).rejects.toMatchObject({ code: 'DebugJobNoDebuggableJobsFound', message: expect.stringMatching(/^Server cannot be debugged: .*127\.0\.0\.1:9229/), hint: expect.stringContaining('--inspect-port=0') });
  });

  test('of several jobs, by whatever selector', async () => {
    const bench = createWorkbench();
    await bench.start({}, { name: 'X' });
    await bench.start({}, { name: 'X' });
    for (const selector of [{ names: ['X'] }, { names: ['*'] }, { ids: [1, 3] }, { words: ['X'] }]) {
      await expect(bench.host.debugJob(selector)).rejects.toEqual(jobError('DebugJobFoundMultipleJobsWithName', '1, 3'));
    }
  });

  test.each([
    [{ names: ['nobody'] }, 'DebugJobCannotFindJobWithName'],
    [{ names: ['no*'] }, 'DebugJobCannotFindJobWithName'],
    [{ ids: [99] }, 'DebugJobCannotFindJobWithId'],
    [{ instanceIds: ['01234567-89ab-7def-8123-456789abcdef'] }, 'DebugJobCannotFindJobWithInstanceId'],
  ])('of nothing: %j is %s', async (selector, code) => {
    const bench = createWorkbench();
    await bench.start();
    await expect(bench.host.debugJob(selector)).rejects.toEqual(jobError(code));
  });
});
