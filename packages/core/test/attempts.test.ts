import type { Instance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { createTriggerBench, TWICE } from './triggered-job.ts';

describe('the attempts of a job', () => {
  test('are listed only where they are asked for', async () => {
    const bench = createTriggerBench();
    const [parent] = await bench.due();
    expect((await bench.host.getJobs({ ids: [parent.id] })).jobs[0]).not.toHaveProperty('attempts');
  });

  test('are itself for a job that was tried once', async () => {
    const bench = createTriggerBench();
    const { view } = await bench.start();
    const { jobs: [job] } = await bench.host.getJobs({ ids: [view.id] }, { attempts: true });
    expect(job?.attempts).toEqual([{ attempt: 1, beginTime: job?.beginTime, endTime: null, reason: null, statusMessage: '', exitCode: null, signal: null }]);
  });

  test('are the closed ones and the current one, each with its own times and its own end', async () => {
    const bench = createTriggerBench();
    const [parent, run] = await bench.begun({ options: TWICE });
    const first = bench.clock.now().toISOString();
    bench.clock.advance(1_000);
    bench.machine.exit(run, { exitCode: 1 });
    const firstEnd = bench.clock.now().toISOString();
    const waiting = (await bench.runs.settle(run)) as Instance;
    const list = async () => (await bench.host.getJobs({ ids: [parent.id] }, { attempts: true, children: 'all' })).jobs.map(({ attempts }) => attempts);
    const closed = { attempt: 1, beginTime: first, endTime: firstEnd, reason: 'exit', statusMessage: 'the command exited with code 1', exitCode: 1, signal: null };
    const next = { attempt: 2, beginTime: null, endTime: null, reason: null, statusMessage: waiting.statusMessage, exitCode: null, signal: null };
    expect(await list()).toEqual([[closed, next], [closed, next]]);
    bench.clock.advance(10_000);
    const second = bench.clock.now().toISOString();
    const again = (await bench.runs.start(waiting)) as Instance;
    bench.clock.advance(1_000);
    bench.machine.exit(again, { signal: 'SIGTERM' });
    await bench.runs.stop(parent, 'stopped');
    expect((await list())[0]).toMatchObject([
      closed,
      { attempt: 2, beginTime: second, reason: 'signal', signal: 'SIGTERM', statusMessage: 'the command was ended by signal SIGTERM' },
      { attempt: 3, beginTime: null, reason: 'stopped', statusMessage: '' },
    ]);
    expect((await bench.host.getJobs({ ids: [parent.id] })).jobs).toMatchObject([{ beginTime: first }]);
  });
});
