import type { Instance, JobState } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { createRegistry, followJob, reconcile, startChild, type CodeSeen, type JobLauncher } from '../src/index.ts';
import { HERE } from './machine.ts';
import { createWorkbench, jobError, pluginOf, shellJob, type Workbench } from './workbench.ts';
import { NEVER, typeOf } from './code-run.ts';

const note = typeOf({}, { persist: true, suspend: true, input: true });
const plain = { ...typeOf({}), name: 'PlainJob' };
const types = createRegistry([pluginOf('nightshift-plugin-note', shellJob, note, plain)]);

const STARTED: CodeSeen = { started: new Date(Date.UTC(2026, 0, 2, 3, 4, 6)), checkpoint: false };

/** A running job of JavaScript. */
async function started(bench: Workbench, code: CodeSeen = STARTED, type = 'NoteJob'): Promise<Instance> {
  bench.machine.beforeClaim = async (instance) => void bench.machine.code.set(instance.id, code);
  const { id } = await bench.host.startJob({ what: { type, spec: { a: 1 } }, callerDirectory: '/home/me', warn: () => {} });
  bench.machine.beforeClaim = undefined;
  return bench.fresh({ id } as Instance);
}

async function child(bench: Workbench, parent: Instance, type = 'ShellJob'): Promise<Instance> {
  return startChild(bench.parts, bench.session, parent, { type, spec: { argv: ['true'] } }, { workingDirectory: '/home/me' });
}

const states = async (bench: Workbench): Promise<unknown> => (await bench.session.find({})).map(({ state, stopReason }) => (stopReason === undefined ? state : `${state} ${stopReason}`));

describe('a job that runs JavaScript', () => {
  test('is one row, which says how to start it again, and is shown when it has begun', async () => {
    const bench = createWorkbench({ types });
    const run = await started(bench);
    expect(run).toMatchObject({ id: 1, state: 'Running', beginTime: STARTED.started, run: { form: 'code', plugin: 'nightshift-plugin-note', can: { suspend: true, input: true }, resumable: true, carries: run.instanceId } });
    expect(JSON.parse(run.launch as string)).toMatchObject({ code: { reference: { type: 'NoteJob', plugin: 'nightshift-plugin-note', version: '1.0.0' }, spec: { a: 1 }, argumentList: [] } });
    expect(await bench.session.find({})).toHaveLength(1);
    expect((await bench.host.getJobs({})).jobs).toMatchObject([{ childJobs: [], command: '{"a":1}', location: 'localhost', hasMoreData: true }]);
  });

  test('that takes its time is shown as it is after two seconds', async () => {
    const bench = createWorkbench({ types });
    const starting = bench.host.startJob({ what: { type: 'NoteJob', spec: {} }, callerDirectory: '/home/me', warn: () => {} });
    await bench.clock.asleep();
    bench.clock.advance(2_000);
    expect(await starting).toMatchObject({ state: 'NotStarted', beginTime: null });
  });

  test('that cannot be started is Failed at once', async () => {
    const bench = createWorkbench({ types });
    bench.machine.refusal = 'SpawnFailed: no room';
    expect(await bench.host.startJob({ what: { type: 'NoteJob', spec: {} }, callerDirectory: '/home/me', warn: () => {} })).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: 'SpawnFailed: no room' });
  });

  test('is kept only where its type can be', async () => {
    const bench = createWorkbench({ types });
    const start = (type: string) => bench.host.startJob({ what: { type, spec: {} }, callerDirectory: '/home/me', warn: () => {}, persist: true });
    await expect(start('PlainJob')).rejects.toThrow(jobError('PersistNotSupported', 'PlainJob'));
  });
});

describe('what a job has started', () => {
  test('is below it, in its store, under its own name; its parent stays what it is', async () => {
    const bench = createWorkbench({ types });
    const parent = await started(bench);
    const one = await child(bench, parent);
    expect(one).toMatchObject({ id: 2, parentId: 1, state: 'Running', run: { carries: one.instanceId } });
    expect(bench.machine.launched.at(-1)?.job).toMatchObject({ id: 2, instanceId: one.instanceId, parentId: 1 });
    bench.machine.exit(one, { exitCode: 1 });
    expect((await bench.host.getJobs({}, { children: 'all' })).jobs).toMatchObject([{ id: 1, state: 'Running', childJobs: [2] }, { id: 2, state: 'Failed' }]);
  });

  test('is refused like any other start, before there is a child', async () => {
    const bench = createWorkbench({ types });
    const parent = await started(bench);
    const start = (request: { type: string; spec: unknown }) => startChild(bench.parts, bench.session, parent, request, { workingDirectory: '/' });
    await expect(start({ type: 'NoJob', spec: {} })).rejects.toThrow(jobError('JobTypeNotFound'));
    await expect(start({ type: 'ShellJob', spec: {} })).rejects.toThrow(jobError('DefinitionValueInvalid', 'argv'));
    expect(await bench.session.find({})).toHaveLength(1);
  });

  test('that is not to run has failed for its dependency, and never ran', async () => {
    const bench = createWorkbench({ types });
    const parent = await started(bench);
    const one = await startChild(bench.parts, bench.session, parent, { type: 'ShellJob', spec: { argv: ['true'] }, failedDependency: 'step 1 has failed', location: 'there', name: 'step 2' }, { workingDirectory: '/' });
    expect(one).toMatchObject({ name: 'step 2', location: 'there', state: 'Failed', reason: 'dependency', statusMessage: 'step 1 has failed' });
    expect(bench.machine.launched).toHaveLength(1);
  });

  test('may be a program: a job of its own type, which runs what it is told, with what is said of any child', async () => {
    const bench = createWorkbench({ types });
    const parent = await started(bench);
    const command = { argv: ['ssh', 'web1'], commandText: 'uptime', environment: { A: '1' }, input: ['secret'] } as const;
    const one = await startChild(bench.parts, bench.session, parent, { command, name: 'web1', location: 'web1', environment: { A: '0', B: '2' }, timeout: 5_000, gracePeriod: 100 }, { workingDirectory: '/home/me' });
    expect(one).toMatchObject({ id: 2, parentId: 1, type: 'NoteJob', name: 'web1', location: 'web1', command: 'uptime', state: 'Running', run: { timeout: 5_000, gracePeriod: 100, carries: one.instanceId } });
    expect([one.launch, one.run?.form, one.run?.watches]).toEqual([undefined, undefined, undefined]);
    expect(bench.machine.launched.at(-1)?.command).toEqual({ ...command, environment: { A: '1', B: '2' }, timeout: 5_000, gracePeriod: 100, workingDirectory: '/home/me' });
    bench.machine.exit(one, { exitCode: 1 });
    expect((await bench.host.getJobs({ ids: [2] })).jobs).toMatchObject([{ state: 'Failed', reason: 'exit' }]);
  });

  test('and watches work elsewhere is kept with the words that take it up again, without its input, and is taken up by them', async () => {
    const bench = createWorkbench({ types });
    const parent = await started(bench);
    const command = { argv: ['client', 'begin'], reattach: ['client', 'again'], input: ['secret'], environment: { A: '1' } } as const;
    bench.machine.watchers.set(2, { reached: true });
    const one = await startChild(bench.parts, bench.session, parent, { command, name: 'web1' }, { workingDirectory: '/home/me' });
    expect(one).toMatchObject({ state: 'Running', command: 'client begin', run: { watches: true } });
    expect(JSON.stringify(one)).not.toContain('secret');
    bench.machine.exit(one, { exitCode: 1 });
    expect((await bench.host.getJobs({ ids: [2] })).jobs).toMatchObject([{ state: 'Disconnected', attempt: 1 }]);
    expect(await bench.host.resumeJobs({ ids: [2] })).toMatchObject({ problems: [], warnings: [], jobs: [{ state: 'Running', attempt: 2 }] });
    expect(bench.machine.launched.at(-1)).toMatchObject({ command: { argv: ['client', 'again'], environment: { A: '1' }, workingDirectory: '/home/me' }, job: { id: 2, parentId: 1 } });
    expect(bench.machine.launched.at(-1)?.command).not.toHaveProperty('input');
    bench.machine.watchers.set(2, { reached: true, outcome: { state: 'Completed', exitCode: 0, at: bench.clock.now() } });
    bench.machine.exit(await bench.fresh(one), { exitCode: 0 });
    expect((await bench.host.getJobs({ ids: [2] })).jobs).toMatchObject([{ state: 'Completed', exitCode: 0 }]);
  });

  test('is followed: a change of one is told after what has become of another that was Disconnected', async () => {
    const bench = createWorkbench({ types });
    const parent = await started(bench);
    const command = { argv: ['client', 'begin'], reattach: ['client', 'again'] } as const;
    const [one, other] = [await startChild(bench.parts, bench.session, parent, { command }, { workingDirectory: '/' }), await startChild(bench.parts, bench.session, parent, { command }, { workingDirectory: '/' })];
    for (const { id } of [one, other]) bench.machine.watchers.set(id, { reached: true });
    bench.machine.exit(one, { exitCode: 1 });
    const away = (await reconcile(bench.parts, bench.session, one)) as Instance;
    const told: string[] = [];
    const listen = async (name: string, states: AsyncIterable<JobState>): Promise<void> => {
      for await (const state of states) told.push(`${name} ${state}`);
    };
    // Nothing tells it of anything.
    const deaf = { observe: (run: Instance) => bench.machine.observe(run), watch: () => ({ changed: () => NEVER, [Symbol.dispose]: () => {} }) } as Partial<JobLauncher> as JobLauncher;
    const still = followJob({ ...bench.parts, launcher: deaf }, bench.session, away);
    const ending = followJob(bench.parts, bench.session, other, () => still.refresh());
    void listen('one', still.states());
    const heard = listen('other', ending.states());
    await bench.session.nextAttempt({ instanceId: one.instanceId, closed: { attempt: 1 }, notBefore: bench.clock.now(), retried: 0, statusMessage: '' });
    const [waiting] = await bench.session.find({ ids: [one.id] });
    bench.machine.claim((await bench.session.takeUp(waiting as Instance, HERE, true)) as Instance);
    bench.machine.watchers.set(other.id, { reached: true, outcome: { state: 'Completed', at: bench.clock.now() } });
    bench.machine.exit(other, { exitCode: 0 });
    expect(await ending.finished).toMatchObject({ state: 'Completed' });
    await heard;
    expect(told).toEqual(['one Disconnected', 'other Running', 'one Running', 'other Completed']);
  });

  test('ends with it, whatever is below, and also what it starts while it is being stopped', async () => {
    const bench = createWorkbench({ types });
    const parent = await started(bench);
    const code = await child(bench, parent, 'NoteJob');
    bench.machine.code.set(code.id, STARTED);
    await child(bench, code);
    let late: Instance | undefined;
    bench.machine.beforeEnd = async ({ id }) => {
      if (id === code.id && late === undefined) late = await child(bench, code).catch(() => undefined);
    };
    const { problems } = await bench.host.stopJobs({ ids: [1] }, {});
    expect(problems).toEqual([]);
    expect(await states(bench)).toEqual(['Stopped stopped', 'Stopped parent', 'Stopped parent']);
  });

  test('may be stopped alone', async () => {
    const bench = createWorkbench({ types });
    const parent = await started(bench);
    const one = await child(bench, parent);
    await child(bench, parent);
    await bench.host.stopJobs({ ids: [one.id] }, {});
    expect(await states(bench)).toEqual(['Running', 'Stopped stopped', 'Running']);
  });

  test('outlives it when it is cut off, is looked at all the same, and goes with it when it is removed', async () => {
    const bench = createWorkbench({ types });
    const parent = await started(bench);
    const [one, two] = [await child(bench, parent), await child(bench, parent)];
    bench.machine.kill(parent);
    bench.machine.exit(one, { exitCode: 0 });
    expect((await bench.host.getJobs({ ids: [1] }, { children: 'all' })).jobs).toMatchObject([{ state: 'Failed' }, { state: 'Completed' }, { id: two.id, state: 'Running' }]);
    expect(await bench.host.removeJobs({ ids: [1] }, { force: false })).toMatchObject({ problems: [] });
    expect(await bench.session.find({})).toEqual([]);
    expect(bench.machine.ended.map(({ id }) => id)).toEqual([two.id]);
  });
});

describe('suspending', () => {
  test('tells the host and returns; with --wait when it is Suspended', async () => {
    const bench = createWorkbench({ types });
    const run = await started(bench);
    bench.machine.onWish = async (instance) => {
      await bench.session.transition([{ instanceId: instance.instanceId, from: ['Suspending'], to: 'Suspended', statusMessage: '' }]);
      return {};
    };
    expect(await bench.host.suspendJobs({ ids: [1] }, { wait: true })).toMatchObject({ jobs: [{ state: 'Suspended' }], problems: [], warnings: [] });
    expect(bench.machine.wishes).toEqual([{ id: run.id, wish: { is: 'suspend', reason: 'asked' } }]);
    expect(bench.machine.held.size).toBe(0);
  });

  test.each([
    ['waits until it has ended', {}, ['suspend', 'Suspended', 'end']],
    ['does not wait by force', { force: true }, ['end']],
  ])('that goes on when a stop is asked for: the stop %s', async (_what, request, order) => {
    const bench = createWorkbench({ types });
    const run = await started(bench);
    await bench.session.transition([{ instanceId: run.instanceId, from: ['Running'], to: 'Suspending' }]);
    const seen: string[] = [];
    bench.machine.onWish = async (instance, wish) => {
      seen.push(wish.is);
      await bench.session.transition([{ instanceId: instance.instanceId, from: ['Suspending'], to: 'Suspended', statusMessage: '' }]);
      seen.push((await bench.fresh(run)).state);
      return {};
    };
    bench.machine.beforeEnd = async () => void seen.push('end');
    expect(await bench.host.stopJobs({ ids: [1] }, request)).toMatchObject({ jobs: [{ state: 'Stopped' }], problems: [] });
    expect(seen).toEqual(order);
  });

  test('is refused with the words of the type, and of a type that cannot', async () => {
    const bench = createWorkbench({ types });
    await started(bench);
    bench.machine.onWish = async () => ({ error: { code: 'CheckpointNotPossible', message: 'it has no checkpoints' } });
    expect(await bench.host.suspendJobs({ ids: [1] })).toMatchObject({ problems: [jobError('CheckpointNotPossible', 'no checkpoints')] });
    const other = await started(bench, STARTED, 'PlainJob');
    expect(await bench.host.suspendJobs({ ids: [other.id] })).toMatchObject({ problems: [jobError('Job2OperationNotSupportedOnJob', 'PlainJob')] });
  });

  test('by force ends the host and what it has started, and leaves the job to be resumed', async () => {
    const bench = createWorkbench({ types });
    const run = await started(bench, { ...STARTED, checkpoint: true });
    await child(bench, run);
    expect(await bench.host.suspendJobs({ ids: [1] }, { force: true })).toMatchObject({ jobs: [{ state: 'Suspended', reason: 'interrupted' }], problems: [] });
    expect(await states(bench)).toEqual(['Suspended', 'Stopped parent']);
    expect(bench.machine.wishes).toEqual([]);
  });
});

describe('resuming', () => {
  async function cutOff(bench: Workbench): Promise<Instance> {
    const run = await started(bench, { ...STARTED, checkpoint: true });
    bench.machine.kill(run);
    expect((await bench.host.getJobs({ ids: [1] })).jobs).toMatchObject([{ state: 'Suspended', reason: 'interrupted' }]);
    return run;
  }

  test('tells a host that lives', async () => {
    const bench = createWorkbench({ types });
    const run = await started(bench);
    await bench.session.transition([{ instanceId: run.instanceId, from: ['Running'], to: 'Suspended', statusMessage: '' }]);
    bench.machine.onWish = async (instance) => {
      await bench.session.transition([{ instanceId: instance.instanceId, from: ['Suspended'], to: 'Running' }]);
      return {};
    };
    expect(await bench.host.resumeJobs({ ids: [1] })).toMatchObject({ jobs: [{ state: 'Running', attempt: 1 }], problems: [] });
    expect(bench.machine.wishes).toMatchObject([{ wish: { is: 'resume' } }]);
  });

  test('starts a new host where there is none, as the next attempt, with the order of the first; two ask, one starts', async () => {
    const bench = createWorkbench({ types });
    const run = await cutOff(bench);
    bench.machine.code.set(run.id, { ...STARTED, checkpoint: true });
    const answers = await Promise.all([bench.host.resumeJobs({ ids: [1] }), bench.host.resumeJobs({ ids: [1] })]);
    expect(answers.map(({ problems }) => problems)).toEqual([[], []]);
    expect(bench.machine.launched.map(({ instance, command }) => [instance.attempt, (command as { code?: unknown }).code])).toEqual([[1, expect.objectContaining({ spec: { a: 1 } })], [2, expect.objectContaining({ spec: { a: 1 } })]]);
    expect(bench.machine.strays).toEqual([run.id]);
    expect((await bench.host.getJobs({ ids: [1] }, { attempts: true })).jobs).toMatchObject([{ state: 'Running', attempt: 2, reason: null, attempts: [{ attempt: 1, reason: 'interrupted' }, { attempt: 2 }] }]);
  });

  test('that finds no room leaves it Suspended, for the next one who asks', async () => {
    const bench = createWorkbench({ types });
    const run = await cutOff(bench);
    bench.machine.refusal = 'DirectoryNotFoundException: the working directory is not there';
    expect(await bench.host.resumeJobs({ ids: [1] })).toMatchObject({ jobs: [{ state: 'Suspended' }], problems: [jobError('SpawnFailed', 'DirectoryNotFoundException')] });
    bench.machine.refusal = undefined;
    bench.machine.code.set(run.id, { ...STARTED, checkpoint: true });
    expect(await bench.host.resumeJobs({ ids: [1] })).toMatchObject({ jobs: [{ state: 'Running', attempt: 3 }], problems: [] });
  });

  test('is not counted as a retry, and a stop ends what waits to be resumed', async () => {
    const bench = createWorkbench({ types });
    await cutOff(bench);
    expect(await bench.host.stopJobs({ ids: [1] }, {})).toMatchObject({ jobs: [{ state: 'Stopped', reason: 'stopped' }], problems: [] });
    expect(await bench.host.resumeJobs({ ids: [1] })).toMatchObject({ warnings: [jobError('InvalidJobState', 'Stopped')] });
  });
});

test('an answer reaches a Blocked job, and nobody else', async () => {
  const bench = createWorkbench({ types });
  const run = await started(bench);
  expect(await bench.host.unblockJobs({ ids: [1] }, 1)).toMatchObject({ problems: [jobError('InvalidJobState', 'Running')] });
  await bench.session.transition([{ instanceId: run.instanceId, from: ['Running'], to: 'Blocked', statusMessage: 'which?' }]);
  expect(await bench.host.unblockJobs({ ids: [1] }, { a: 1 })).toMatchObject({ problems: [] });
  expect(bench.machine.wishes).toEqual([{ id: 1, wish: { is: 'unblock', input: { a: 1 } } }]);
  const { view } = await bench.start();
  expect(await bench.host.unblockJobs({ ids: [view.id] }, 1)).toMatchObject({ problems: [jobError('Job2OperationNotSupportedOnJob')] });
});
