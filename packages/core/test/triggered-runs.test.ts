import { existsSync } from 'node:fs';
import { JobError, type Instance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { HERE } from './machine.ts';
import { createTriggerBench, DUE, TWICE } from './triggered-job.ts';
import { jobError } from './workbench.ts';

describe('the plan of a definition', () => {
  test('is plain data with all that its runs need', async () => {
    const { runs, define } = createTriggerBench();
    const options = { timeout: '2h', gracePeriod: 'PT5S', retry: { limit: 2, onInterrupted: true } };
    const plan = await runs.plan(define({ options, maxResultCount: 5 }, { argv: ['make', 'all'], successExitCodes: [0, 3] }));
    expect(structuredClone(plan)).toEqual({
      name: 'Nightly', type: 'TimedJob', runs: 'ShellJob', command: 'make all',
      definition: { key: 'project/nightly', name: 'Nightly', path: '/project/definitions/Nightly.yaml' },
      launch: expect.any(String) as string,
      run: { successExitCodes: [0, 3], timeout: 7_200_000, gracePeriod: 5_000, maxResultCount: 5, retry: { limit: 2, delay: 10_000, factor: 2, maxDelay: 600_000, onInterrupted: true }, stopConditions: { onBattery: 'always' } },
    });
    expect(JSON.parse(plan.launch)).toMatchObject({ argv: ['make', 'all'], workingDirectory: '/project/definitions', timeout: 7_200_000, gracePeriod: 5_000 });
  });

  test('keeps 32 results and tries nothing again where nobody says otherwise', async () => {
    const { runs, define } = createTriggerBench();
    expect((await runs.plan(define())).run).toEqual({ maxResultCount: 32, stopConditions: { onBattery: 'always' } });
  });

  test.each([
    ['a spec that its type refuses', {}, { argv: undefined as never }, ['DefinitionValueInvalid']],
    ['a type that nobody offers', { type: 'Nobody' }, {}, ['JobTypeNotInstalled']],
    ['a type that cannot be kept', { spec: { type: 'BriefJob', argv: ['true'] } }, undefined, ['PersistNotSupported']],
    ['a type that runs JavaScript and cannot be kept', { spec: { type: 'CodeJob', argv: ['true'] } }, undefined, ['PersistNotSupported']],
    ['an option that is not honoured', { options: { outputLimit: '200MB' } }, {}, ['DefinitionValueInvalid']],
  ] as const)('is refused for %s', async (_what, facts, spec, codes) => {
    const { runs, define } = createTriggerBench();
    const refused: unknown = await runs.plan(spec === undefined ? define(facts) : define(facts, spec)).catch((cause: unknown) => cause);
    expect(refused).toBeInstanceOf(AggregateError);
    expect((refused as AggregateError).errors.map(({ code }: JobError) => code)).toEqual(codes);
  });

  test('is refused for what the system could never start', async () => {
    const { runs, define, machine } = createTriggerBench();
    machine.check = () => {
      throw new JobError({ code: 'RuntimeNotFound', message: 'there is no pwsh' });
    };
    await expect(runs.plan(define())).rejects.toMatchObject({ errors: [jobError('RuntimeNotFound')] });
  });
});

describe('the instances of a due time', () => {
  test('have the route and the cap of their definition, which are those of the run', async () => {
    const { runs, define } = createTriggerBench();
    const plan = await runs.plan(define({ options: { route: 'gpu', cap: { key: 'licence' } } }));
    const [parent, child] = runs.instances(plan, { kind: 'demand', runNow: true });
    expect(child).toMatchObject({ route: 'gpu', cap: { key: 'licence', limit: 1 } });
    expect(parent).not.toHaveProperty('route');
  });

  test('are a job with its child, which waits and knows what to run', async () => {
    const { runs, define } = createTriggerBench();
    const plan = await runs.plan(define({ options: TWICE }));
    const notBefore = new Date(DUE.getTime() + 5_000);
    const [parent, child] = runs.instances(plan, { kind: 'trigger', triggerId: '1', dueAt: DUE, catchUp: true }, { notBefore, queued: true });
    expect(parent).toMatchObject({ name: 'Nightly', type: 'TimedJob', definition: { key: 'project/nightly' }, origin: { kind: 'trigger', catchUp: true } });
    expect(parent).not.toHaveProperty('run');
    expect(child).toMatchObject({ type: 'ShellJob', origin: { kind: 'parent' }, launch: plan.launch, notBefore, queued: true, run: { carries: parent.instanceId, retry: { limit: 2 }, maxResultCount: 32 } });
    expect(child.run).not.toHaveProperty('holder');
    expect(child).not.toHaveProperty('route');
    expect(child.instanceId).not.toBe(parent.instanceId);
  });
});

describe('a waiting run that is started', () => {
  test('becomes Running with its job, by the stored command and under the names of its job', async () => {
    const bench = createTriggerBench();
    const [parent, child] = await bench.due({}, { spec: { argv: ['make'] } });
    expect(await bench.runs.start(child)).toMatchObject({ state: 'Running', run: { holder: HERE }, beginTime: bench.clock.now() });
    expect(await bench.fresh(parent)).toMatchObject({ state: 'Running', attempt: 1 });
    expect(bench.machine.launched).toMatchObject([{ command: { argv: ['make'] }, job: { id: parent.id, name: 'Nightly', origin: { kind: 'trigger', triggerId: '1', dueAt: DUE } } }]);
  });

  test('starts once', async () => {
    const bench = createTriggerBench();
    const [, child] = await bench.due();
    const started = await Promise.all([bench.runs.start(child), bench.runs.start(child)]);
    expect(started.filter((run) => run !== undefined)).toHaveLength(1);
    expect(bench.machine.launched).toHaveLength(1);
  });

  test('tells of the end of its shim', async () => {
    const bench = createTriggerBench();
    const [, child] = await bench.due();
    const ended = new Promise<void>((resolve) => void bench.runs.start(child, resolve).then((run) => bench.machine.exit(run as Instance, { exitCode: 0 })));
    await ended;
    expect(await bench.runs.settle(child)).toMatchObject({ state: 'Completed' });
  });

  test('and cannot be is Failed (spawn)', async () => {
    const bench = createTriggerBench();
    const [parent, child] = await bench.due();
    bench.machine.refusal = 'ProgramNotFound: "make"';
    expect(await bench.runs.start(child)).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: 'ProgramNotFound: "make"' });
    expect(await bench.fresh(parent)).toMatchObject({ state: 'Failed', reason: 'spawn' });
  });

  test('and cannot be, but may be tried again, waits for that without having run', async () => {
    const bench = createTriggerBench();
    const [, child] = await bench.due({ options: TWICE });
    bench.machine.refusal = 'ProgramNotFound: "make"';
    const waiting = await bench.runs.start(child) as Instance;
    expect(waiting).toMatchObject({ state: 'NotStarted', attempt: 2, statusMessage: expect.stringMatching(/^attempt 2 of 3 starts at .*; attempt 1: ProgramNotFound: "make"$/) as string });
    bench.machine.refusal = undefined;
    expect(await bench.runs.start(waiting)).toMatchObject({ state: 'Running', attempt: 2 });
  });

  test('is launched again for a minute while the system has no processes', async () => {
    const bench = createTriggerBench();
    const [, child] = await bench.due();
    bench.machine.scarceLaunches = 3;
    const starting = bench.runs.start(child);
    for (let second = 0; second < 3; second++) {
      await bench.clock.asleep();
      bench.clock.advance(1_000);
    }
    expect(await starting).toMatchObject({ state: 'Running', attempt: 1 });
    expect(bench.machine.launched).toHaveLength(4);
  });

  test('is Failed (spawn) when the system has no processes for longer', async () => {
    const bench = createTriggerBench();
    const [, child] = await bench.due();
    bench.machine.scarceLaunches = Infinity;
    const starting = bench.runs.start(child);
    for (let second = 0; second < 60; second++) {
      await bench.clock.asleep();
      bench.clock.advance(1_000);
    }
    expect(await starting).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: expect.stringContaining('EAGAIN') as string });
  });

  test('and stopped before its shim claims it is Stopped', async () => {
    const bench = createTriggerBench();
    const [parent, child] = await bench.due({ options: TWICE });
    bench.machine.beforeClaim = async () => bench.runs.stop(parent, 'overlap');
    expect(await bench.runs.start(child)).toMatchObject({ state: 'Stopped', reason: 'overlap', attempt: 1 });
  });

  test('and suspended before its shim claims it stands still', async () => {
    const bench = createTriggerBench();
    const [, child] = await bench.due();
    bench.machine.beforeClaim = async (run) => {
      await bench.durable().transition([{ instanceId: run.instanceId, from: ['NotStarted'], to: 'Suspended' }]);
    };
    expect(await bench.runs.start(child)).toMatchObject({ state: 'Suspended', beginTime: bench.clock.now() });
    expect([...bench.machine.held]).toEqual([child.id]);
  });
});

describe('a start that fails while somebody', () => {
  test.each([
    ['suspends the run', 'Suspended', {}, { state: 'Failed', reason: 'spawn' }],
    ['wishes to stop it and dies', 'Stopping', { stopReason: 'stopped' }, { state: 'Stopped', reason: 'stopped' }],
  ] as const)('%s ends it all the same', async (_what, to, facts, end) => {
    const bench = createTriggerBench();
    const [parent, child] = await bench.due();
    bench.machine.refusal = 'ProgramNotFound: "make"';
    bench.machine.beforeClaim = async (run) => void (await bench.durable().transition([{ instanceId: run.instanceId, from: ['NotStarted'], to, ...facts }]));
    expect(await bench.runs.start(child)).toMatchObject(end);
    expect(await bench.fresh(parent)).toMatchObject(end);
  });

  test('suspends the run leaves it suspended for its next attempt', async () => {
    const bench = createTriggerBench();
    const [parent, child] = await bench.due({ options: TWICE });
    bench.machine.refusal = 'ProgramNotFound: "make"';
    bench.machine.beforeClaim = async (run) => void (await bench.durable().transition([{ instanceId: run.instanceId, from: ['NotStarted'], to: 'Suspended' }]));
    expect(await bench.runs.start(child)).toMatchObject({ state: 'Suspended', attempt: 2 });
    await bench.host.resumeJobs({ ids: [parent.id] });
    expect(await bench.fresh(parent)).toMatchObject({ state: 'NotStarted', attempt: 2 });
  });
});

describe('a run that is tried again', () => {
  test('stays Running between its attempts, with what it waits for', async () => {
    const bench = createTriggerBench();
    const [parent, run] = await bench.begun({ options: TWICE });
    bench.clock.advance(5_000);
    bench.machine.exit(run, { exitCode: 1 });
    const waiting = await bench.runs.settle(run);
    const until = new Date(bench.clock.now().getTime() + 10_000);
    const text = `attempt 2 of 3 starts at ${until.toISOString()}; attempt 1: the command exited with code 1`;
    for (const shown of [waiting, await bench.fresh(parent)]) {
      expect(shown).toMatchObject({ state: 'Running', attempt: 2, statusMessage: text, notBefore: until });
      expect(shown).not.toHaveProperty('endTime');
      expect(shown).not.toHaveProperty('exitCode');
    }
    expect(waiting?.run).not.toHaveProperty('holder');
  });

  test('runs again in a folder of its own, after what the attempt before it left was ended', async () => {
    const bench = createTriggerBench();
    const [parent, run] = await bench.begun({ options: TWICE });
    bench.machine.exit(run, { exitCode: 1 });
    const again = await bench.runs.start((await bench.runs.settle(run)) as Instance);
    expect(again).toMatchObject({ id: run.id, state: 'Running', attempt: 2, beginTime: run.beginTime });
    expect((await bench.fresh(parent)).statusMessage ?? '').toBe('');
    expect(existsSync(`${run.runFolder}/2`)).toBe(true);
    expect(bench.machine.strays).toEqual([run.id]);
    bench.machine.exit(again as Instance, { exitCode: 0 });
    expect(await bench.runs.settle(run)).toMatchObject({ state: 'Completed', attempt: 2, exitCode: 0 });
  });

  test('is Failed after its last attempt', async () => {
    const bench = createTriggerBench();
    let [parent, run] = await bench.begun({ options: TWICE });
    for (const exitCode of [1, 2]) {
      bench.machine.exit(run, { exitCode });
      run = (await bench.runs.start((await bench.runs.settle(run)) as Instance)) as Instance;
    }
    bench.machine.exit(run, { exitCode: 3 });
    expect(await bench.runs.settle(run)).toMatchObject({ state: 'Failed', reason: 'exit', exitCode: 3, attempt: 3 });
    expect(await bench.fresh(parent)).toMatchObject({ state: 'Failed', exitCode: 3, attempt: 3 });
    expect((await bench.durable().attempts(run.instanceId)).map(({ exitCode }) => exitCode)).toEqual([1, 2]);
  });

  test('is scheduled by whoever sees the end of its attempt', async () => {
    const bench = createTriggerBench();
    const [parent, run] = await bench.begun({ options: TWICE });
    bench.machine.exit(run, { signal: 'SIGSEGV' });
    expect((await bench.host.getJobs({ ids: [parent.id] })).jobs).toMatchObject([{ state: 'Running', attempt: 2, statusMessage: expect.stringMatching(/^attempt 2 of 3 /) as string }]);
  });

  test('is scheduled once when two see the end', async () => {
    const bench = createTriggerBench();
    const [, run] = await bench.begun({ options: TWICE });
    bench.machine.exit(run, { exitCode: 1 });
    expect(await Promise.all([bench.runs.settle(run), bench.runs.settle(run)])).toMatchObject([{ attempt: 2 }, { attempt: 2 }]);
    expect(await bench.durable().attempts(run.instanceId)).toHaveLength(1);
  });

  test('stays suspended when its attempt ends in that state', async () => {
    const bench = createTriggerBench();
    const [parent, run] = await bench.begun({ options: TWICE });
    await bench.host.suspendJobs({ ids: [parent.id] });
    bench.machine.exit(run, { reason: 'timeout', signal: 'SIGKILL' });
    const waiting = (await bench.runs.settle(run)) as Instance;
    expect(waiting).toMatchObject({ state: 'Suspended', attempt: 2 });
    expect(await bench.runs.start(waiting)).toBeUndefined();
    await bench.host.resumeJobs({ ids: [parent.id] });
    expect(await bench.runs.start(waiting)).toMatchObject({ state: 'Running', attempt: 2 });
  });

  test.each([
    ['run-now, where nobody would start the next attempt', { kind: 'demand', runNow: true }, undefined, 'Failed', 1],
    ['run-now, where somebody would', { kind: 'demand', runNow: true }, () => true, 'Running', 2],
    ['start-job', { kind: 'demand', runNow: false }, undefined, 'Failed', 1],
  ] as const)('of %s', async (_what, origin, hasRetries, state, attempt) => {
    const bench = createTriggerBench(hasRetries === undefined ? {} : { hasRetries });
    const [, run] = await bench.begun({ options: TWICE }, { origin });
    bench.machine.exit(run, { exitCode: 1 });
    expect(await bench.runs.settle(run)).toMatchObject({ state, attempt });
  });

  test('because what ran before cannot be ended is Failed (spawn)', async () => {
    const bench = createTriggerBench();
    const [, run] = await bench.begun({ options: { retry: { limit: 1 } } });
    bench.machine.exit(run, { exitCode: 1 });
    const waiting = (await bench.runs.settle(run)) as Instance;
    bench.machine.endStrays = () => Promise.reject(new JobError({ code: 'StopJobError', message: 'Nightly has processes that do not end: 77' }));
    expect(await bench.runs.start(waiting)).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: expect.stringMatching(/^SpawnFailed: .*: 77$/) as string });
  });
});

describe('a start that was cut off before the command ran', () => {
  const cutOff = async (bench: ReturnType<typeof createTriggerBench>, facts = {}, how = {}): Promise<Instance> => {
    const [, child] = await bench.due(facts, how);
    const taken = (await bench.durable().takeUp(child, HERE)) as Instance;
    bench.machine.launcherAlive = false;
    return taken;
  };

  test('is begun anew by the scheduler, and does not count as a retry', async () => {
    const bench = createTriggerBench();
    const waiting = (await bench.runs.settle(await cutOff(bench))) as Instance;
    expect(waiting).toMatchObject({ state: 'NotStarted', attempt: 2, run: { retried: 0 }, statusMessage: 'attempt 2 starts at once; attempt 1: the start was cut off before the command ran' });
    expect(await bench.runs.start(waiting)).toMatchObject({ state: 'Running', attempt: 2 });
    expect(bench.machine.strays).toEqual([]);
  });

  test('is begun anew also when an earlier recovery died after it had revoked the claim', async () => {
    const bench = createTriggerBench();
    const taken = await cutOff(bench);
    await bench.machine.revoke(taken);
    expect(await bench.runs.settle(taken)).toMatchObject({ state: 'NotStarted', attempt: 2 });
  });

  test('is Failed (spawn) to any other reader', async () => {
    const bench = createTriggerBench();
    const taken = await cutOff(bench);
    await bench.host.getJobs({ ids: [taken.id] });
    expect(await bench.fresh(taken)).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: 'the start was cut off before the command ran', attempt: 1 });
  });

  test('of a job that somebody started by hand is Failed (spawn) to the scheduler too', async () => {
    const bench = createTriggerBench();
    const taken = await cutOff(bench, {}, { origin: { kind: 'demand', runNow: false } });
    expect(await bench.runs.settle(taken)).toMatchObject({ state: 'Failed', reason: 'spawn' });
  });

  test('says nothing of the next attempt to a reader who looked before', async () => {
    const bench = createTriggerBench();
    const taken = await cutOff(bench);
    let isFirst = true;
    bench.machine.beforeLook = async () => {
      if (!isFirst) return;
      isFirst = false;
      // While the reader looks, the scheduler begins the run anew.
      await bench.runs.settle(taken);
    };
    await bench.host.getJobs({ ids: [taken.parentId as number] });
    expect(await bench.fresh(taken)).toMatchObject({ state: 'NotStarted', attempt: 2 });
  });
});

describe('a run that was interrupted', () => {
  test.each([
    [false, 'Failed', 1],
    [true, 'Running', 2],
  ] as const)('with onInterrupted %s is %s, in attempt %i', async (onInterrupted, state, attempt) => {
    const bench = createTriggerBench();
    const [, run] = await bench.begun({ options: { retry: { limit: 1, onInterrupted } } });
    bench.machine.kill(run);
    expect(await bench.runs.settle(run)).toMatchObject({ state, attempt });
  });

  test('is tried again within the limit only', async () => {
    const bench = createTriggerBench();
    const [, run] = await bench.begun({ options: { retry: { limit: 1, onInterrupted: true } } });
    bench.machine.kill(run);
    const again = (await bench.runs.start((await bench.runs.settle(run)) as Instance)) as Instance;
    bench.machine.kill(again);
    expect(await bench.runs.settle(again)).toMatchObject({ state: 'Failed', reason: 'interrupted', attempt: 2 });
  });
});

describe('a stop by the scheduler', () => {
  test.each(['overlap', 'condition', 'stopped'] as const)('gives the reason "%s"', async (reason) => {
    const bench = createTriggerBench();
    const [parent, run] = await bench.begun({ options: TWICE });
    await bench.runs.stop(parent, reason);
    expect(await bench.fresh(parent)).toMatchObject({ state: 'Stopped', reason });
    expect(bench.machine.ended.map(({ id }) => id)).toEqual([run.id]);
  });

  test('leaves the first reason', async () => {
    const bench = createTriggerBench();
    const [parent] = await bench.begun();
    bench.machine.beforeEnd = async () => {
      bench.machine.beforeEnd = undefined;
      await bench.runs.stop(parent, 'condition');
    };
    await bench.runs.stop(parent, 'overlap');
    expect(await bench.fresh(parent)).toMatchObject({ state: 'Stopped', reason: 'overlap' });
  });
});
