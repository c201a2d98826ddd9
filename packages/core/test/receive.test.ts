import { STREAM_NAMES, type Instance, type StreamName } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import type { Received, ReceiveRequest } from '../src/index.ts';
import { createTriggerBench } from './triggered-job.ts';
import { brief, createWorkbench, jobError, receiveAll, type Workbench } from './workbench.ts';

const MIXED = 'one\n::warning::careful\ntwo\n::error::oh\n::verbose::so\nthree\n';

async function printed(text: string, stderr = ''): Promise<{ readonly bench: Workbench; readonly run: Instance; readonly id: number }> {
  const bench = createWorkbench();
  const { view, run } = await bench.start();
  bench.machine.print(run, 'stdout', text);
  bench.machine.print(run, 'stderr', stderr);
  return { bench, run, id: view.id };
}

async function hasMoreData({ host }: Workbench, id: number): Promise<boolean | undefined> {
  return (await host.getJobs({ ids: [id] })).jobs[0]?.hasMoreData;
}

/** A follower that is asked for one batch after the other. */
async function follower(bench: Workbench, ids: readonly number[], request: Partial<ReceiveRequest> = {}): Promise<AsyncGenerator<Received> & { commit(): Promise<void> }> {
  const { batches, commit } = await bench.host.receiveJobs({ ids }, { streams: STREAM_NAMES, from: 'cursor', keep: false, until: 'finished', ...request });
  return Object.assign(batches, { commit });
}

async function nextOf(batches: AsyncGenerator<Received>): Promise<string[] | 'the end'> {
  const { done, value } = await batches.next();
  return done === true ? 'the end' : (value as Received).records.map(brief);
}

describe('receiving', () => {
  test('takes what there is and returns', async () => {
    const { bench, id } = await printed('one\ntwo\n', 'oh\n');
    expect(await receiveAll(bench, id)).toEqual(['output one', 'output two', 'error oh']);
  });

  test('goes on after what was delivered', async () => {
    const { bench, run, id } = await printed('one\n');
    await receiveAll(bench, id);
    expect(await receiveAll(bench, id)).toEqual([]);
    bench.machine.print(run, 'stdout', 'two\n');
    expect(await receiveAll(bench, id)).toEqual(['output two']);
  });

  test('with keep leaves the cursor where it is', async () => {
    const { bench, run, id } = await printed('one\n');
    expect(await receiveAll(bench, id, { keep: true })).toEqual(['output one']);
    bench.machine.print(run, 'stdout', 'two\n');
    expect(await receiveAll(bench, id, { keep: true })).toEqual(['output one', 'output two']);
    expect(await receiveAll(bench, id)).toEqual(['output one', 'output two']);
  });

  test('a job that is removed meanwhile tells of it, since not all may have come', async () => {
    const { bench, id } = await printed(`${'line\n'.repeat(2_000)}`);
    const { batches, problems } = await bench.host.receiveJobs({ ids: [id] }, { streams: STREAM_NAMES, from: 'cursor', keep: false });
    expect((await batches.next()).done).toBe(false);
    await bench.host.removeJobs({ ids: [id] }, { force: true });
    expect((await batches.next()).done).toBe(true);
    expect(problems).toEqual([jobError('JobWithSpecifiedSessionNotFound', '(2)')]);
  });

  test('from the start gives every line again, after any receive', async () => {
    const { bench, run, id } = await printed('one\n');
    await receiveAll(bench, id);
    bench.machine.print(run, 'stdout', 'two\n');
    expect(await receiveAll(bench, id, { from: 'start' })).toEqual(['output one', 'output two']);
    expect(await receiveAll(bench, id)).toEqual(['output two']);
  });

  test('moves no cursor when the delivery fails', async () => {
    const { bench, id } = await printed('one\n');
    const { batches } = await bench.host.receiveJobs({ ids: [id] }, { streams: STREAM_NAMES, from: 'cursor', keep: false });
    await batches.next();
    await batches.return(undefined);
    expect(await receiveAll(bench, id)).toEqual(['output one']);
  });

  test('moves the cursor past what was asked for, and no further', async () => {
    const { bench, id } = await printed(Array.from({ length: 2_500 }, (_, line) => `${line}\n`).join(''));
    const { batches, commit } = await bench.host.receiveJobs({ ids: [id] }, { streams: STREAM_NAMES, from: 'cursor', keep: false });
    const { value } = await batches.next();
    await batches.return(undefined);
    await commit();
    const first = (value as Received).records;
    const rest = await receiveAll(bench, id);
    expect(first.length + rest.length).toBe(2_500);
    expect(rest[0]).toBe(`output ${first.length}`);
    expect(rest.at(-1)).toBe('output 2499');
  });

  test('keeps the line that has no end yet until the command has ended', async () => {
    const { bench, run, id } = await printed('one\ntw');
    expect(await receiveAll(bench, id)).toEqual(['output one']);
    bench.machine.print(run, 'stdout', 'o');
    bench.machine.exit(run, { exitCode: 0 });
    expect(await receiveAll(bench, id)).toEqual(['output two']);
  });

  test('numbers the lines of each file from one, without gaps', async () => {
    const { bench, id } = await printed(MIXED, 'a\nb\n');
    const { batches } = await bench.host.receiveJobs({ ids: [id] }, { streams: STREAM_NAMES, from: 'cursor', keep: true });
    const { value } = await batches.next();
    expect((value as Received).records.map(({ channel, seq, at }) => `${channel} ${seq} ${at}`)).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((seq) => `stdout ${seq} null`), 'stderr 1 null', 'stderr 2 null',
    ]);
  });

  test('tells the records of a child by the id of the child', async () => {
    const { bench, run, id } = await printed('one\n');
    const { batches } = await bench.host.receiveJobs({ ids: [id] }, { streams: STREAM_NAMES, from: 'cursor', keep: true });
    expect((await batches.next()).value).toMatchObject({ jobId: run.id });
  });

  test('takes several jobs in the order given, and the children of one by id', async () => {
    const bench = createWorkbench();
    const [parent, first, second] = (await bench.family(2)) as unknown as [Instance, Instance, Instance];
    for (const child of [first, second]) {
      bench.machine.claim(child);
      bench.machine.print(child, 'stdout', `${child.name}\n`);
    }
    const { view, run } = await bench.start();
    bench.machine.print(run, 'stdout', 'other\n');
    const { batches } = await bench.host.receiveJobs({ ids: [view.id, parent.id] }, { streams: STREAM_NAMES, from: 'cursor', keep: false });
    expect(await nextOf(batches)).toEqual(['output other']);
    expect(await nextOf(batches)).toEqual(['output Job2']);
    expect(await nextOf(batches)).toEqual(['output Job3']);
    expect(await nextOf(batches)).toBe('the end');
  });

  test('of a job that has nothing to run gives nothing', async () => {
    const bench = createWorkbench();
    const { id } = await bench.put();
    expect(await receiveAll(bench, id)).toEqual([]);
  });

  test('writes down that the run has ended meanwhile', async () => {
    const { bench, run, id } = await printed('one\n');
    bench.machine.exit(run, { exitCode: 0 });
    await receiveAll(bench, id);
    expect(await bench.session.find({})).toMatchObject([{ state: 'Completed' }, { state: 'Completed' }]);
  });

  test('keeps the cursor of a kept run in the session store', async () => {
    const bench = createWorkbench();
    const { view, run } = await bench.start({}, { persist: true });
    bench.machine.print(run, 'stdout', 'one\n');
    expect(await receiveAll(bench, view.id)).toEqual(['output one']);
    expect(await receiveAll(bench, view.id)).toEqual([]);
    expect((await bench.session.reading([run.instanceId])).has(run.instanceId)).toBe(true);
    expect((await bench.durable().reading([run.instanceId])).size).toBe(0);
  });
});

test('a value that is written as a secret is shown without it: a text, a key and a number', async () => {
  const bench = createWorkbench();
  Object.assign(bench.parts, { masking: async () => (text: string) => text.replaceAll('12345678', '***') });
  const { view, run } = await bench.start({ outputFormat: 'ndjson', secrets: { PIN: 'env:PIN' } });
  bench.machine.print(run, 'stdout', '{"12345678":["is 12345678",12345678,1234567,true]}\n12345678\n');
  const { batches } = await bench.host.receiveJobs({ ids: [view.id] }, { streams: STREAM_NAMES, from: 'cursor', keep: false });
  const values: unknown[] = [];
  for await (const { records } of batches) values.push(...records.map(({ value }) => value));
  expect(values).toEqual([{ '***': ['is ***', '***', 1_234_567, true] }, '***']);
});

describe('a stream that was left out', () => {
  test.each([
    [['warning'], ['warning careful'], ['output one', 'output two', 'error oh', 'verbose so', 'output three', 'error bad']],
    [['output'], ['output one', 'output two', 'output three'], ['warning careful', 'error oh', 'verbose so', 'error bad']],
    [['error'], ['error oh', 'error bad'], ['output one', 'warning careful', 'output two', 'verbose so', 'output three']],
    [['progress'], [], ['output one', 'warning careful', 'output two', 'error oh', 'verbose so', 'output three', 'error bad']],
  ] as const)('is still there after %j was received', async (streams, now, later) => {
    const { bench, id } = await printed(MIXED, 'bad\n');
    expect(await receiveAll(bench, id, { streams })).toEqual(now);
    expect(await receiveAll(bench, id)).toEqual(later);
    expect(await receiveAll(bench, id)).toEqual([]);
  });

  test('can be received after any other, each record once', async () => {
    const { bench, run, id } = await printed(MIXED, 'bad\n');
    bench.machine.exit(run, { exitCode: 0 });
    const seen: string[] = [];
    for (const stream of STREAM_NAMES.toReversed()) {
      expect(await hasMoreData(bench, id)).toBe(true);
      seen.push(...(await receiveAll(bench, id, { streams: [stream] as readonly StreamName[] })));
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
    expect(await hasMoreData(bench, id)).toBe(false);
  });
});

describe('a warning of ours', () => {
  const TEXT = 'whether the machine is idle cannot be seen here';

  /** A run of a trigger that carries a warning, and has written a line. */
  async function warned(stdout: string) {
    const bench = createTriggerBench();
    const [parent, run] = await bench.begun({}, { wait: { warnings: [TEXT] } });
    bench.machine.print(run, 'stdout', stdout);
    bench.machine.exit(run, { exitCode: 0 });
    return { bench, id: parent.id };
  }

  test.each(['one\n', ''])('comes before what the run wrote (%j), once', async (stdout) => {
    const { bench, id } = await warned(stdout);
    const all = [`warning ${TEXT}`, ...(stdout === '' ? [] : ['output one'])];
    expect(await hasMoreData(bench, id)).toBe(true);
    expect(await receiveAll(bench, id, { keep: true })).toEqual(all);
    expect(await receiveAll(bench, id)).toEqual(all);
    expect(await receiveAll(bench, id)).toEqual([]);
    expect(await hasMoreData(bench, id)).toBe(false);
    expect(await receiveAll(bench, id, { from: 'start' })).toEqual(all);
  });

  test('waits for a call that asks for the Warning stream', async () => {
    const { bench, id } = await warned('one\n');
    expect(await receiveAll(bench, id, { streams: ['output'] })).toEqual(['output one']);
    expect(await hasMoreData(bench, id)).toBe(true);
    expect(await receiveAll(bench, id, { streams: ['warning'] })).toEqual([`warning ${TEXT}`]);
    expect(await hasMoreData(bench, id)).toBe(false);
  });
});

describe('the reason of a failed job', () => {
  test.each([
    ['its exit code', { exitCode: 7 }, 'the command exited with code 7'],
    ['its signal', { signal: 'SIGKILL' }, 'the command was ended by signal SIGKILL'],
  ])('names %s after its last Error record, once', async (_what, how, text) => {
    const { bench, run, id } = await printed('one\n', 'oh\n');
    expect(await receiveAll(bench, id)).toEqual(['output one', 'error oh']);
    bench.machine.exit(run, how);
    expect(await receiveAll(bench, id)).toEqual([`error ${text}`]);
    expect(await receiveAll(bench, id)).toEqual([]);
  });

  test('is told when the run was interrupted', async () => {
    const { bench, run, id } = await printed('one\n');
    bench.machine.kill(run);
    expect(await receiveAll(bench, id)).toEqual(['output one', 'error the run was interrupted']);
  });

  test('is told when nothing could be started', async () => {
    const bench = createWorkbench();
    bench.machine.refusal = 'ProgramNotFound: "gone" is not in PATH';
    const { view } = await bench.start();
    expect(await hasMoreData(bench, view.id)).toBe(true);
    expect(await receiveAll(bench, view.id)).toEqual(['error ProgramNotFound: "gone" is not in PATH']);
    expect(await hasMoreData(bench, view.id)).toBe(false);
  });

  test('comes each time with keep, and from the start', async () => {
    const { bench, run, id } = await printed('one\n');
    bench.machine.exit(run, { exitCode: 1 });
    const all = ['output one', 'error the command exited with code 1'];
    expect(await receiveAll(bench, id, { keep: true })).toEqual(all);
    expect(await receiveAll(bench, id, { keep: true })).toEqual(all);
    expect(await receiveAll(bench, id)).toEqual(all);
    expect(await receiveAll(bench, id)).toEqual([]);
    expect(await receiveAll(bench, id, { from: 'start' })).toEqual(all);
  });

  test('waits for a call that asks for the Error stream', async () => {
    const { bench, run, id } = await printed('one\n');
    bench.machine.exit(run, { exitCode: 1 });
    expect(await receiveAll(bench, id, { streams: ['output'] })).toEqual(['output one']);
    expect(await hasMoreData(bench, id)).toBe(true);
    expect(await receiveAll(bench, id, { streams: ['error'] })).toEqual(['error the command exited with code 1']);
    expect(await hasMoreData(bench, id)).toBe(false);
  });

  test('is marked as the record that ended the job', async () => {
    const { bench, run, id } = await printed('');
    bench.machine.exit(run, { exitCode: 1 });
    const { batches } = await bench.host.receiveJobs({ ids: [id] }, { streams: STREAM_NAMES, from: 'cursor', keep: true });
    expect((await batches.next()).value).toMatchObject({ records: [{ stream: 'error', value: { message: 'the command exited with code 1', terminating: true }, at: bench.clock.now() }] });
  });

  test.each([
    ['completed', { exitCode: 0 }, false],
    ['was stopped', { signal: 'SIGTERM' }, true],
  ] as const)('is missing from a job that %s', async (_what, how, stop) => {
    const { bench, run, id } = await printed('one\n');
    if (stop) await bench.host.stopJobs({ ids: [id] }, {});
    else bench.machine.exit(run, how);
    expect(await receiveAll(bench, id)).toEqual(['output one']);
  });
});

describe('the tail', () => {
  test.each([
    [0, []],
    [1, ['error the command exited with code 1']],
    [2, ['error bad', 'error the command exited with code 1']],
    [4, ['verbose so', 'output three', 'error bad', 'error the command exited with code 1']],
    [99, ['output one', 'warning careful', 'output two', 'error oh', 'verbose so', 'output three', 'error bad', 'error the command exited with code 1']],
  ])('of %i is counted from the end of all records', async (tail, records) => {
    const { bench, run, id } = await printed(MIXED, 'bad\n');
    bench.machine.exit(run, { exitCode: 1 });
    expect(await receiveAll(bench, id, { tail, keep: true })).toEqual(records);
  });

  test('is counted among the streams that are asked for', async () => {
    const { bench, id } = await printed(MIXED);
    expect(await receiveAll(bench, id, { tail: 2, streams: ['output'], keep: true })).toEqual(['output two', 'output three']);
  });

  test('counts what was received before as well', async () => {
    const { bench, id } = await printed('one\ntwo\nthree\n');
    await receiveAll(bench, id);
    expect(await receiveAll(bench, id, { tail: 2 })).toEqual(['output two', 'output three']);
  });

  test('of more records than are read at once is still the last ones', async () => {
    const { bench, id } = await printed(Array.from({ length: 3_500 }, (_, line) => `${line}\n`).join(''));
    expect(await receiveAll(bench, id, { tail: 3 })).toEqual(['output 3497', 'output 3498', 'output 3499']);
  });

  test('is followed by everything that comes after it', async () => {
    const { bench, run, id } = await printed('one\ntwo\nthree\n');
    const batches = await follower(bench, [id], { tail: 1 });
    expect(await nextOf(batches)).toEqual(['output three']);
    bench.machine.print(run, 'stdout', 'four\nfive\n');
    expect(await nextOf(batches)).toEqual(['output four', 'output five']);
    bench.machine.exit(run, { exitCode: 0 });
    expect(await nextOf(batches)).toBe('the end');
  });
});

describe('from a time', () => {
  test('a job that ended before it gives nothing, a later one everything', async () => {
    const { bench, run, id } = await printed('one\n');
    bench.machine.exit(run, { exitCode: 1 });
    const before = new Date(bench.clock.now().getTime() - 1);
    const after = new Date(bench.clock.now().getTime() + 1);
    expect(await receiveAll(bench, id, { from: after })).toEqual([]);
    expect(await receiveAll(bench, id, { from: before })).toEqual(['output one', 'error the command exited with code 1']);
  });

  test('a job that goes on gives everything, and the cursor stays', async () => {
    const { bench, id } = await printed('one\n');
    expect(await receiveAll(bench, id, { from: new Date(bench.clock.now().getTime() + 1_000) })).toEqual(['output one']);
    expect(await receiveAll(bench, id)).toEqual(['output one']);
  });
});

describe('has more data', () => {
  test('of a job that runs is true, also when everything was received', async () => {
    const { bench, id } = await printed('');
    expect(await hasMoreData(bench, id)).toBe(true);
    await receiveAll(bench, id);
    expect(await hasMoreData(bench, id)).toBe(true);
  });

  test('of a finished job is true until everything was received, and false ever after', async () => {
    const { bench, run, id } = await printed('one\n');
    bench.machine.exit(run, { exitCode: 1 });
    expect(await hasMoreData(bench, id)).toBe(true);
    await receiveAll(bench, id, { keep: true });
    expect(await hasMoreData(bench, id)).toBe(true);
    await receiveAll(bench, id, { from: 'start' });
    expect(await hasMoreData(bench, id)).toBe(true);
    await receiveAll(bench, id);
    expect(await hasMoreData(bench, id)).toBe(false);
    bench.machine.print(run, 'stdout', 'a straggler\n');
    await receiveAll(bench, id, { from: 'start' });
    await receiveAll(bench, id, { tail: 1 });
    expect(await hasMoreData(bench, id)).toBe(false);
  });

  test('of a completed job without output is false at once', async () => {
    const { bench, run, id } = await printed('');
    bench.machine.exit(run, { exitCode: 0 });
    expect(await hasMoreData(bench, id)).toBe(false);
  });
});

describe('a follower', () => {
  test('gets what comes as it comes, and ends with the job', async () => {
    const { bench, run, id } = await printed('one\n');
    const batches = await follower(bench, [id]);
    expect(await nextOf(batches)).toEqual(['output one']);
    const pending = nextOf(batches);
    await bench.machine.watched();
    bench.machine.print(run, 'stdout', 'two\n');
    expect(await pending).toEqual(['output two']);
    bench.machine.print(run, 'stdout', 'last');
    bench.machine.exit(run, { exitCode: 2 });
    expect(await nextOf(batches)).toEqual(['output last']);
    expect(await nextOf(batches)).toEqual(['error the command exited with code 2']);
    expect(await nextOf(batches)).toBe('the end');
    await batches.commit();
    expect(await receiveAll(bench, id)).toEqual([]);
    expect(await hasMoreData(bench, id)).toBe(false);
  });

  test('of several jobs goes on until the last is finished', async () => {
    const bench = createWorkbench();
    const [one, two] = [await bench.start(), await bench.start()];
    const batches = await follower(bench, [one.view.id, two.view.id]);
    bench.machine.exit(one.run, { exitCode: 0 });
    const pending = nextOf(batches);
    await bench.machine.watched();
    bench.machine.print(two.run, 'stdout', 'late\n');
    bench.machine.exit(two.run, { exitCode: 0 });
    expect(await pending).toEqual(['output late']);
    expect(await nextOf(batches)).toBe('the end');
  });

  test.each([
    ['persistent', 'Suspended', 'the end'],
    ['persistent', 'Disconnected', 'the end'],
    ['finished', 'Suspended', ['output two']],
    ['finished', 'Disconnected', ['output two']],
  ] as const)('until %s of a job that becomes %s: %s', async (until, state, next) => {
    const { bench, run, id } = await printed('one\n');
    const batches = await follower(bench, [id], { until });
    expect(await nextOf(batches)).toEqual(['output one']);
    await bench.session.transition([{ instanceId: run.instanceId, from: ['Running'], to: state }]);
    if (state === 'Disconnected') bench.machine.takeAway(run);
    const pending = nextOf(batches);
    if (next !== 'the end') {
      await bench.machine.watched();
      bench.machine.print(run, 'stdout', 'two\n');
    }
    bench.machine.hint();
    expect(await pending).toEqual(next);
    await batches.return(undefined);
  });

  test('that is interrupted ends, holds nothing, and the job goes on', async () => {
    const { bench, id } = await printed('one\n');
    const interrupt = new AbortController();
    const batches = await follower(bench, [id], { signal: interrupt.signal });
    expect(await nextOf(batches)).toEqual(['output one']);
    const pending = nextOf(batches);
    await bench.machine.watched();
    interrupt.abort();
    expect(await pending).toBe('the end');
    expect(bench.machine.watches).toBe(0);
    expect((await bench.host.getJobs({ ids: [id] })).jobs).toMatchObject([{ state: 'Running' }]);
  });

  test('of a job that somebody stops and removes between two looks ends', async () => {
    const { bench, run, id } = await printed('one\n');
    const batches = await follower(bench, [id]);
    expect(await nextOf(batches)).toEqual(['output one']);
    const pending = nextOf(batches);
    await bench.machine.watched();
    bench.machine.beforeLook = async () => {
      bench.machine.beforeLook = undefined;
      await bench.session.remove(await bench.session.find({ ids: [id, run.id] }));
    };
    bench.machine.hint();
    expect(await pending).toBe('the end');
  });

  test('that goes away early gives its watch back', async () => {
    const { bench, id } = await printed('one\n');
    const batches = await follower(bench, [id]);
    await nextOf(batches);
    await batches.return(undefined);
    expect(bench.machine.watches).toBe(0);
  });

  test('with keep gets everything from the cursor on and leaves it there', async () => {
    const { bench, run, id } = await printed('one\n');
    bench.machine.exit(run, { exitCode: 0 });
    expect(await receiveAll(bench, id, { until: 'finished', keep: true })).toEqual(['output one']);
    expect(await receiveAll(bench, id)).toEqual(['output one']);
  });
});
