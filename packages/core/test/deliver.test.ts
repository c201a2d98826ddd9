// What receive-job shows besides records: jobs, events, bytes; and whose records it takes.

import { STREAM_NAMES, type Instance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import type { JobView, Receivable, ReceiveExtras, ReceiveRequest } from '../src/index.ts';
import { HERE } from './machine.ts';
import { brief, createWorkbench, jobError, receiveAll, type TestSpec, type Workbench } from './workbench.ts';

type Request = Partial<ReceiveRequest & ReceiveExtras>;

/** One line for whatever is delivered. */
function lineOf(received: Receivable): string {
  if ('job' in received) return `job ${received.job.id} ${received.job.state}`;
  if ('event' in received) return `event ${received.event.jobId} ${received.event.previousState} -> ${received.event.state}`;
  if ('bytes' in received) return `bytes ${received.jobId} ${received.channel ?? 'raw'} ${Buffer.from(received.bytes).toString('latin1')}`;
  return `records ${received.jobId} ${received.records.map(brief).join(', ')}`;
}

/** Delivers to the end and moves the cursors, as receive-job does. */
async function delivered(bench: Workbench, ids: readonly number[], request: Request = {}): Promise<string[]> {
  const { batches, commit } = await bench.host.deliverJobs({ ids }, { streams: STREAM_NAMES, from: 'cursor', keep: false, ...request });
  const lines: string[] = [];
  for await (const received of batches) lines.push(lineOf(received));
  await commit();
  return lines;
}

async function printed(stdout: string | Uint8Array, { stderr = '', spec = {} }: { stderr?: string; spec?: Partial<TestSpec> } = {}): Promise<{ bench: Workbench; run: Instance }> {
  const bench = createWorkbench();
  const { run } = await bench.start(spec);
  bench.machine.print(run, 'stdout', stdout);
  bench.machine.print(run, 'stderr', stderr);
  return { bench, run };
}

describe('plain text', () => {
  test('comes as bytes, line ends and all, one channel after the other', async () => {
    const { bench } = await printed('one\r\ntwo\n\xFF\n', { stderr: 'oh\n' });
    expect(await delivered(bench, [1], { plainText: true })).toEqual(['bytes 2 stdout one\r\ntwo\n\xC3\xBF\n', 'bytes 2 stderr oh\n']);
    expect(await delivered(bench, [1], { plainText: true })).toEqual([]);
  });

  test('keeps a line without end back until nothing can follow it', async () => {
    const { bench, run } = await printed('one\ntw');
    expect(await delivered(bench, [1], { plainText: true })).toEqual(['bytes 2 stdout one\n']);
    bench.machine.exit(run, { exitCode: 0 });
    expect(await delivered(bench, [1], { plainText: true })).toEqual(['bytes 2 stdout tw']);
  });

  test.each([
    ['a stream command', 'one\n::warning::w\ntwo\n', {}, {}, ['records 2 output one, warning w, output two']],
    ['a stream command at the very beginning', '::warning::w\n', {}, {}, ['records 2 warning w']],
    ['a stream command that nobody recognises', 'one\n::warning::w\n', { streamCommands: false }, {}, ['bytes 2 stdout one\n::warning::w\n']],
    ['values', '1\n', { outputFormat: 'ndjson' }, {}, ['records 2 output 1']],
    ['a choice of streams', 'one\n', {}, { streams: ['output'] }, ['records 2 output one']],
    ['a tail', 'one\ntwo\n', {}, { tail: 1 }, ['records 2 output two']],
  ] as const)('comes as records where it holds %s', async (_what, text, spec, request, lines) => {
    const { bench } = await printed(text, { spec });
    expect(await delivered(bench, [1], { plainText: true, ...request })).toEqual(lines);
  });

  test('comes as records where one stream was received before the others, each once', async () => {
    const { bench } = await printed('one\n::warning::w\ntwo\n');
    await receiveAll(bench, 1, { streams: ['warning'] });
    expect(await delivered(bench, [1], { plainText: true })).toEqual(['records 2 output one, output two']);
    expect(await delivered(bench, [1], { plainText: true })).toEqual([]);
  });

  test('of a failed job ends with the reason', async () => {
    const { bench, run } = await printed('one\n');
    bench.machine.exit(run, { exitCode: 3 });
    expect(await delivered(bench, [1], { plainText: true })).toEqual(['bytes 2 stdout one\n', 'records 2 error the command exited with code 3']);
  });

  test('of a job that ended before the time asked for is none', async () => {
    const { bench, run } = await printed('one\n');
    bench.machine.exit(run, { exitCode: 0 });
    expect(await delivered(bench, [1], { plainText: true, from: new Date(bench.clock.now().getTime() + 1) })).toEqual([]);
  });

  test('leaves numbers that are exact for records that follow', async () => {
    const { bench, run } = await printed('one\ntwo\n');
    await delivered(bench, [1], { plainText: true });
    bench.machine.print(run, 'stdout', 'three\n');
    const { batches } = await bench.host.receiveJobs({ ids: [1] }, { streams: STREAM_NAMES, from: 'cursor', keep: true });
    for await (const { records } of batches) expect(records).toMatchObject([{ seq: 3, value: 'three' }]);
  });
});

describe('raw bytes', () => {
  test('are those of one channel, half lines and stream commands included', async () => {
    const { bench } = await printed('a\r\n::warning::w\nhalf', { stderr: 'oh' });
    expect(await delivered(bench, [1], { raw: 'stdout' })).toEqual(['bytes 2 raw a\r\n::warning::w\nhalf']);
    expect(await delivered(bench, [1], { raw: 'stderr' })).toEqual(['bytes 2 raw oh']);
    expect(await delivered(bench, [1], { raw: 'stdout' })).toEqual([]);
  });

  test('of a job that ended before the time asked for are none', async () => {
    const { bench, run } = await printed('x');
    bench.machine.exit(run, { exitCode: 0 });
    expect(await delivered(bench, [1], { raw: 'stdout', from: new Date(bench.clock.now().getTime() + 1) })).toEqual([]);
    expect(await delivered(bench, [1], { raw: 'stdout', from: bench.clock.now() })).toEqual(['bytes 2 raw x']);
  });

  test('say nothing of why a job failed, which stays for later', async () => {
    const { bench, run } = await printed('x');
    bench.machine.exit(run, { exitCode: 3 });
    expect(await delivered(bench, [1], { raw: 'stdout' })).toEqual(['bytes 2 raw x']);
    expect(await delivered(bench, [1])).toEqual(['records 2 error the command exited with code 3']);
  });
});

describe('events', () => {
  test('tell of each job that comes to rest, child before parent, after its records', async () => {
    const { bench, run } = await printed('x\n');
    bench.machine.exit(run, { exitCode: 3 });
    expect(await delivered(bench, [1], { events: true, until: 'persistent' })).toEqual(['records 2 output x', 'records 2 error the command exited with code 3', 'event 2 Running -> Failed', 'event 1 Running -> Failed']);
  });

  test('of a parent come with its last child', async () => {
    const bench = createWorkbench();
    const [, first, second] = await bench.family(2);
    for (const run of [first, second] as Instance[]) {
      bench.machine.claim(run);
      bench.machine.exit(run, { exitCode: 0 });
    }
    expect(await delivered(bench, [1], { events: true, until: 'persistent' })).toEqual(['event 2 Running -> Completed', 'event 3 Running -> Completed', 'event 1 Running -> Completed']);
  });

  test('come once for a child that is named beside its parent', async () => {
    const { bench, run } = await printed('x\n');
    bench.machine.exit(run, { exitCode: 0 });
    expect(await delivered(bench, [1, 2], { events: true, until: 'persistent' })).toEqual(['records 2 output x', 'event 2 Running -> Completed', 'event 1 Running -> Completed']);
  });

  test('of a suspended job: that it is, and with force only its end', async () => {
    const { bench, run } = await printed('');
    await bench.host.suspendJobs({ ids: [1] });
    expect(await delivered(bench, [1], { events: true, until: 'persistent' })).toEqual(['event 2 Running -> Suspended', 'event 1 Running -> Suspended']);
    const waiting = delivered(bench, [1], { events: true, until: 'finished' });
    await bench.machine.watched();
    bench.machine.exit(run, { exitCode: 0 });
    expect(await waiting).toEqual(['event 2 Suspended -> Completed', 'event 1 Suspended -> Completed']);
  });
});

describe('a job in its results', () => {
  test('comes first, as it is then', async () => {
    const { bench } = await printed('x\n');
    expect(await delivered(bench, [1], { jobInResults: true })).toEqual(['job 1 Running', 'records 2 output x']);
  });

  test('comes once for each that was named', async () => {
    const { bench } = await printed('x\n');
    await bench.start();
    const jobs: JobView[] = [];
    const { batches } = await bench.host.deliverJobs({ ids: [3, 1] }, { streams: STREAM_NAMES, from: 'cursor', keep: true, jobInResults: true });
    for await (const received of batches) if ('job' in received) jobs.push(received.job);
    expect(jobs.map(({ id, childJobs }) => ({ id, childJobs }))).toEqual([{ id: 3, childJobs: [4] }, { id: 1, childJobs: [2] }]);
  });
});

describe('whose records', () => {
  test.each([
    ['a parent alone', [1], { noRecurse: true }, []],
    ['a child alone', [2], { noRecurse: true }, ['records 2 output x']],
    ['here, without case', [1], { locations: ['elsewhere', 'LocalHost'] }, ['records 2 output x']],
    ['elsewhere', [1], { locations: ['elsewhere'] }, []],
    ['nowhere', [1], { locations: [] }, []],
  ] as const)('%s: %j', async (_what, ids, request, lines) => {
    const { bench } = await printed('x\n');
    expect(await delivered(bench, ids, request)).toEqual(lines);
  });

  test.each([
    ['parent and child', [1, 2], {}],
    ['child and parent', [2, 1], {}],
    ['parent and child, where the parent has none', [1, 2], { noRecurse: true }],
    ['child and parent, where the parent has none', [2, 1], { noRecurse: true }],
    ['one job twice', [1, 1], {}],
  ] as const)('of %s come once: %j', async (_what, ids, request) => {
    const { bench } = await printed('x\n');
    expect(await delivered(bench, ids, request)).toEqual(['records 2 output x']);
  });

  test('that are not taken are not consumed, and what is waited for is waited for all the same', async () => {
    const { bench, run } = await printed('x\n');
    const waiting = delivered(bench, [1], { noRecurse: true, until: 'finished' });
    await bench.machine.watched();
    bench.machine.exit(run, { exitCode: 0 });
    expect(await waiting).toEqual([]);
    expect(await receiveAll(bench, 1)).toEqual(['output x']);
  });

  test('by computer is a question that only some types understand', async () => {
    const { bench } = await printed('x\n');
    const { jobs, problems } = await bench.host.receiveJobs({ ids: [1] }, { streams: STREAM_NAMES, from: 'cursor', keep: true, computerNames: ['localhost'] });
    expect({ jobs, problems }).toEqual({ jobs: [], problems: [jobError('ComputerNameParameterNotSupported', 'ShellJob')] });
  });
});

describe('a run that watches work on a computer', () => {
  /** A job on computers, each of which has written a line. */
  async function onComputers(locations: readonly string[], facts: { readonly hidesLocations?: true } = {}): Promise<{ bench: Workbench; parent: Instance; children: readonly Instance[] }> {
    const bench = createWorkbench();
    const plan = bench.plan({ type: 'RemoteJob' });
    const run = { holder: HERE, carries: plan.instanceId };
    const [parent] = (await bench.session.insert({ ...plan, run: { ...run, form: 'code', locations, ...facts } }, [])) as [Instance];
    const below = locations.map((location) => bench.plan({ type: 'RemoteJob', location, origin: { kind: 'parent' } as never, parentInstanceId: parent.instanceId, run: { ...run, watches: true } }));
    const children: Instance[] = [];
    for (const child of below) children.push(...(await bench.session.insert(child, [])));
    for (const child of children) {
      const { beginTime } = (await bench.parts.launcher.launch(child, { argv: ['ssh'] }, parent)) as { beginTime: Date };
      await bench.session.transition([{ instanceId: child.instanceId, from: ['NotStarted'], to: 'Running', beginTime }]);
      bench.machine.print(child, 'stdout', 'up\n');
    }
    return { bench, parent, children };
  }

  async function computersOf(bench: Workbench, ids: readonly number[], request: Request = {}): Promise<unknown[]> {
    const { batches } = await bench.host.deliverJobs({ ids }, { streams: STREAM_NAMES, from: 'cursor', keep: true, ...request });
    const seen: unknown[] = [];
    for await (const received of batches) seen.push((received as { computer?: object }).computer);
    return seen;
  }

  test.each([
    ['of several', ['web1', 'web2'], {}, [{ name: 'web1', isOneOfSeveral: true }, { name: 'web2', isOneOfSeveral: true }]],
    ['that are to be hidden', ['web1', 'web2'], { hidesLocations: true }, [{ name: 'web1', isOneOfSeveral: false }, { name: 'web2', isOneOfSeveral: false }]],
    ['of one', ['web1'], {}, [{ name: 'web1', isOneOfSeveral: false }]],
  ] as const)('says the name %s with its records, and with its bytes', async (_, locations, facts, computers) => {
    const { bench, parent } = await onComputers(locations, facts);
    expect(await computersOf(bench, [parent.id])).toEqual(computers);
    expect(await computersOf(bench, [parent.id], { plainText: true })).toEqual(computers);
  });

  test('stands alone where it is asked for by itself', async () => {
    const { bench, children } = await onComputers(['web1', 'web2']);
    expect(await computersOf(bench, [(children[1] as Instance).id])).toEqual([{ name: 'web2', isOneOfSeveral: false }]);
  });

  test('is found by its computer, without case', async () => {
    const { bench, parent } = await onComputers(['web1', 'web2']);
    expect(await computersOf(bench, [parent.id], { computerNames: ['WEB2'] })).toEqual([{ name: 'web2', isOneOfSeveral: true }]);
  });

  test('that has failed tells why, and its parent does not tell it again', async () => {
    const { bench, parent, children } = await onComputers(['web1', 'web2']);
    const [first] = children as [Instance];
    for (const { instanceId } of [parent, first]) await bench.session.transition([{ instanceId, from: ['NotStarted', 'Running'], to: 'Failed', reason: 'exit', statusMessage: 'no room', endTime: bench.clock.now() }]);
    const lines = await delivered(bench, [parent.id], { streams: ['error'] });
    expect(lines).toEqual([`records ${first.id} error no room`]);
    expect(await delivered(bench, [parent.id], { streams: ['error'], from: 'start', noRecurse: true })).toEqual([`records ${parent.id} error no room`]);
  });

  test('that has come to rest is told of before the job that has started it', async () => {
    const { bench, parent, children } = await onComputers(['web1', 'web2']);
    for (const { instanceId } of [parent, ...children]) await bench.session.transition([{ instanceId, from: ['NotStarted', 'Running'], to: 'Completed', endTime: bench.clock.now() }]);
    const events = (await delivered(bench, [parent.id], { streams: ['error'], events: true, until: 'persistent' })).map((line) => Number(line.split(' ')[1]));
    expect(events).toEqual([...children.map(({ id }) => id), parent.id]);
  });

  test('that watches nothing names no computer', async () => {
    const { bench } = await printed('one\n');
    expect(await computersOf(bench, [1])).toEqual([undefined]);
  });
});
