import { existsSync } from 'node:fs';
import { isFinished, STREAM_NAMES, type Instance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { conclude } from '../src/index.ts';
import { createTriggerBench, TWICE, type TriggerBench } from './triggered-job.ts';
import { jobError, receiveAll } from './workbench.ts';

const now = new Date(Date.UTC(2026, 0, 1));

/** A job of each kind of wait. */
const KINDS = [
  ['for its first attempt', async (bench: TriggerBench) => bench.due({ options: TWICE })],
  [
    'between two attempts',
    async (bench: TriggerBench): Promise<readonly [Instance, Instance]> => {
      const [parent, run] = await bench.begun({ options: TWICE });
      bench.machine.print(run, 'stdout', 'first\n');
      bench.machine.exit(run, { exitCode: 1 });
      return [await bench.fresh(parent), (await bench.runs.settle(run)) as Instance];
    },
  ],
] as const;

describe.each(KINDS)('a job that waits %s', (_what, make) => {
  test('is left as it is by whoever looks', async () => {
    const bench = createTriggerBench();
    const [parent, child] = await make(bench);
    await bench.host.getJobs({ ids: [parent.id] });
    expect(await bench.fresh(child)).toEqual(child);
  });

  test('is Stopped at once by stop-job, without a signal, and never starts', async () => {
    const bench = createTriggerBench();
    const [parent, child] = await make(bench);
    const { jobs, problems } = await bench.host.stopJobs({ ids: [parent.id] }, {});
    expect(problems).toEqual([]);
    expect(jobs).toMatchObject([{ state: 'Stopped', reason: 'stopped', statusMessage: '', exitCode: null }]);
    expect(bench.machine.ended).toEqual([]);
    expect(await bench.runs.start(child)).toBeUndefined();
    expect(await bench.durable().attempts(child.instanceId)).toHaveLength(child.attempt - 1);
  });

  test('is stopped with the reason that the scheduler gives', async () => {
    const bench = createTriggerBench();
    const [parent] = await make(bench);
    await bench.runs.stop(parent, 'condition');
    expect(await bench.fresh(parent)).toMatchObject({ state: 'Stopped', reason: 'condition' });
  });

  test('does not start while it is suspended, and waits again when it is resumed', async () => {
    const bench = createTriggerBench();
    const [parent, child] = await make(bench);
    expect((await bench.host.suspendJobs({ ids: [parent.id] })).warnings).toEqual([]);
    expect(await bench.fresh(parent)).toMatchObject({ state: 'Suspended' });
    expect(await bench.runs.start(child)).toBeUndefined();
    expect((await bench.host.resumeJobs({ ids: [parent.id] })).warnings).toEqual([]);
    expect(await bench.fresh(parent)).toMatchObject({ state: parent.state });
    expect([...bench.machine.held]).toEqual([]);
    expect(await bench.runs.start(child)).toMatchObject({ state: 'Running', attempt: child.attempt });
  });

  test('can be stopped while it is suspended', async () => {
    const bench = createTriggerBench();
    const [parent] = await make(bench);
    await bench.host.suspendJobs({ ids: [parent.id] });
    expect(await bench.host.stopJobs({ ids: [parent.id] }, {})).toMatchObject({ jobs: [{ state: 'Stopped' }], problems: [] });
  });

  test('is waited for', async () => {
    const bench = createTriggerBench();
    const [parent, child] = await make(bench);
    const waiting = bench.host.waitJobs({ ids: [parent.id] }, {});
    await bench.machine.watched();
    bench.machine.exit((await bench.runs.start(child)) as Instance, { exitCode: 0 });
    expect(await waiting).toMatchObject({ done: true, jobs: [{ state: 'Completed', attempt: child.attempt }] });
  });

  test('is removed with force alone', async () => {
    const bench = createTriggerBench();
    const [parent, child] = await make(bench);
    expect((await bench.host.removeJobs({ ids: [parent.id] }, { force: false })).problems).toEqual([jobError('JobObjectNotFinishedCannotBeRemoved')]);
    expect((await bench.host.removeJobs({ ids: [parent.id] }, { force: true })).problems).toEqual([]);
    expect(await bench.durable().find({ family: parent.id })).toEqual([]);
    expect(existsSync(child.runFolder as string)).toBe(false);
    expect(await bench.runs.start(child)).toBeUndefined();
  });
});

/** Lets something happen when a run is looked at for the n-th time, once. */
function atLook(bench: TriggerBench, n: number, act: () => Promise<unknown>): void {
  let looks = 0;
  bench.machine.beforeLook = async () => {
    if (++looks === n) await act();
  };
}

describe('a run that is started while somebody', () => {
  /** Before the verb itself begins, its job is looked at once. */
  const LAST_LOOK = { stop: 3, suspend: 2 };

  test('wishes to stop it ends', async () => {
    const bench = createTriggerBench();
    const [parent, child] = await bench.due();
    atLook(bench, LAST_LOOK.stop, () => bench.runs.start(child));
    await bench.host.stopJobs({ ids: [parent.id] }, {});
    expect(await bench.fresh(child)).toMatchObject({ state: 'Stopped', reason: 'stopped' });
    expect(bench.machine.ended).toHaveLength(1);
  });

  test('wishes to stop it, and was only taken up by then, never runs', async () => {
    const bench = createTriggerBench();
    const [parent, child] = await bench.due();
    const stopped = Promise.withResolvers<void>();
    let starting: Promise<Instance | undefined> | undefined;
    atLook(bench, LAST_LOOK.stop, async () => {
      const takenUp = Promise.withResolvers<void>();
      bench.machine.beforeClaim = async () => {
        takenUp.resolve();
        await stopped.promise;
      };
      starting = bench.runs.start(child);
      await takenUp.promise;
    });
    await bench.host.stopJobs({ ids: [parent.id] }, {});
    stopped.resolve();
    const run = (await starting) as Instance;
    expect(run).toMatchObject({ state: 'Stopped' });
    expect(await bench.machine.observe(run)).toEqual({ is: 'revoked' });
  });

  test('suspends it stands still', async () => {
    const bench = createTriggerBench();
    const [parent, child] = await KINDS[1][1](bench);
    atLook(bench, LAST_LOOK.suspend, () => bench.runs.start(child));
    await bench.host.suspendJobs({ ids: [parent.id] });
    expect(await bench.fresh(child)).toMatchObject({ state: 'Suspended', attempt: 2 });
    expect([...bench.machine.held]).toEqual([child.id]);
  });
});

describe('what a look at a waiting run concludes', () => {
  const waiting = (facts: Partial<Instance>): Instance => ({
    id: 2, instanceId: 'i2', name: 'Job2', type: 'ShellJob', location: 'localhost', command: 'true', attempt: 2, origin: { kind: 'parent', parentId: 1 }, parentId: 1,
    run: { carries: 'i1' }, state: 'Running', statusMessage: 'attempt 2 of 3 starts at …', ...facts,
  });

  test.each(['NotStarted', 'Running', 'Suspended', 'Suspending', 'Disconnected'] as const)('is nothing while it is %s', (state) => {
    expect(isFinished(state)).toBe(false);
    expect(conclude(waiting({ state }), { is: 'waiting' }, now)).toEqual([]);
  });

  test('is that it never ran when somebody wants it stopped; what earlier attempts left stays counted', () => {
    expect(conclude(waiting({ state: 'Stopping', stopReason: 'overlap' }), { is: 'waiting', outputBytes: 6 }, now)).toEqual([{ to: 'Stopped', reason: 'overlap', statusMessage: '', endTime: now, outputBytes: 6 }]);
  });
});

describe('receive-job', () => {
  test('gives nothing of a job that never ran', async () => {
    const bench = createTriggerBench();
    const [parent] = await bench.due();
    expect(await receiveAll(bench, parent.id)).toEqual([]);
  });

  test('gives the output of every attempt once, and the reason of the last one', async () => {
    const bench = createTriggerBench();
    let [parent, run] = await bench.begun({ options: TWICE });
    const received: string[][] = [];
    for (const attempt of [1, 2, 3]) {
      bench.machine.print(run, 'stdout', `out ${attempt}\n`);
      bench.machine.print(run, 'stderr', `err ${attempt}`);
      bench.machine.exit(run, { exitCode: attempt });
      const next = (await bench.runs.settle(run)) as Instance;
      if (attempt !== 2) received.push(await receiveAll(bench, parent.id));
      run = (await bench.runs.start(next)) ?? next;
    }
    expect(received).toEqual([
      ['output out 1', 'error err 1'],
      ['output out 2', 'error err 2', 'output out 3', 'error err 3', 'error the command exited with code 3'],
    ]);
    expect(await receiveAll(bench, parent.id)).toEqual([]);
    expect((await bench.host.getJobs({ ids: [parent.id] })).jobs).toMatchObject([{ hasMoreData: false }]);
    expect(await receiveAll(bench, parent.id, { from: 'start' })).toHaveLength(7);
  });

  test('gives one stream of all attempts, and the others later', async () => {
    const bench = createTriggerBench();
    const [parent, run] = await bench.begun({ options: TWICE });
    bench.machine.print(run, 'stdout', 'one\n::warning::careful\n');
    bench.machine.exit(run, { exitCode: 1 });
    const again = (await bench.runs.start((await bench.runs.settle(run)) as Instance)) as Instance;
    bench.machine.print(again, 'stdout', '::warning::again\ntwo\n');
    bench.machine.exit(again, { exitCode: 0 });
    expect(await receiveAll(bench, parent.id, { streams: ['warning'] })).toEqual(['warning careful', 'warning again']);
    expect(await receiveAll(bench, parent.id)).toEqual(['output one', 'output two']);
  });

  test('into a pipe gives each attempt whole before the next', async () => {
    const bench = createTriggerBench();
    const [parent, run] = await bench.begun({ options: TWICE });
    bench.machine.print(run, 'stdout', 'out 1\n');
    bench.machine.print(run, 'stderr', 'err 1\n');
    bench.machine.exit(run, { exitCode: 1 });
    const again = (await bench.runs.start((await bench.runs.settle(run)) as Instance)) as Instance;
    bench.machine.print(again, 'stdout', 'out 2\n');
    bench.machine.exit(again, { exitCode: 0 });
    const { batches } = await bench.host.deliverJobs({ ids: [parent.id] }, { streams: STREAM_NAMES, from: 'cursor', keep: true, plainText: true });
    const lines: string[] = [];
    for await (const batch of batches) if ('records' in batch) lines.push(...batch.records.map(({ bytes }) => Buffer.from(bytes ?? []).toString()));
    expect(lines).toEqual(['out 1\n', 'err 1\n', 'out 2\n']);
  });

  test('that follows goes on with the next attempt', async () => {
    const bench = createTriggerBench();
    const [parent, run] = await bench.begun({ options: TWICE });
    const following = receiveAll(bench, parent.id, { until: 'finished' });
    bench.machine.print(run, 'stdout', 'one\n');
    bench.machine.exit(run, { exitCode: 1 });
    const again = (await bench.runs.start((await bench.runs.settle(run)) as Instance)) as Instance;
    bench.machine.print(again, 'stdout', 'two\n');
    bench.machine.exit(again, { exitCode: 0 });
    expect(await following).toEqual(['output one', 'output two']);
  });
});
