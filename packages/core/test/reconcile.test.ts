import { JOB_STATES, isFinished, type Instance, type JobState, type StopReason } from '@nightshift/sdk';
import { existsSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { conclude, reconcile, type Observation } from '../src/index.ts';
import { HERE } from './machine.ts';
import { changeOf, createWorkbench, jobError } from './workbench.ts';

const begin = new Date(Date.UTC(2026, 0, 1, 10));
const end = new Date(Date.UTC(2026, 0, 1, 11));
const now = new Date(Date.UTC(2026, 0, 1, 12));

const run = (state: JobState, facts: Partial<Instance> = {}): Instance => ({
  id: 2, instanceId: 'i2', name: 'Job2', type: 'ShellJob', location: 'localhost', command: 'true', attempt: 1, origin: { kind: 'parent', parentId: 1 }, parentId: 1,
  run: { holder: HERE, carries: 'i1' }, state, ...facts,
});
const stopping = (stopReason: StopReason): Instance => run('Stopping', { stopReason });
const ended = (how: Partial<Extract<Observation, { is: 'ended' }>>): Observation => ({ is: 'ended', beginTime: begin, endTime: end, outputBytes: 5, initialized: true, ...how });
const gone: Observation = { is: 'gone', beginTime: begin, outputBytes: 5, timedOut: false };

const UNFINISHED = JOB_STATES.filter((state) => !isFinished(state));

describe('a run that nobody has claimed', () => {
  test.each(['NotStarted', 'Stopping'] as const)('is left alone while it is %s and its launcher lives', (state) => {
    expect(conclude(run(state), { is: 'unclaimed', launcherAlive: true }, now)).toEqual([]);
  });

  test.each([
    ['whose launcher is dead', { is: 'unclaimed', launcherAlive: false }],
    ['whose claim was revoked', { is: 'revoked' }],
  ] as const)('%s never ran', (_what, seen) => {
    expect(conclude(run('NotStarted'), seen, now)).toEqual([{ to: 'Failed', reason: 'spawn', statusMessage: 'the start was cut off before the command ran', endTime: now, outputBytes: 0 }]);
  });

  test('when the machine went down is interrupted: its claim may have been lost', () => {
    expect(conclude(run('NotStarted'), { is: 'unclaimed', launcherAlive: false, beforeBoot: true, outputBytes: 4 }, now)).toEqual([{ to: 'Failed', reason: 'interrupted', statusMessage: 'the run was interrupted', endTime: now, outputBytes: 4 }]);
    expect(conclude(stopping('stopped'), { is: 'unclaimed', launcherAlive: false, beforeBoot: true }, now)).toMatchObject([{ to: 'Stopped', reason: 'stopped' }]);
  });

  test.each([
    ['stopped', 'stopped'],
    ['overlap', 'overlap'],
    ['condition', 'condition'],
    ['parent', 'stopped'],
    ['shutdown', 'stopped'],
  ] as const)('and was to be stopped (%s) is Stopped with the reason %s', (wish, reason) => {
    expect(conclude(stopping(wish), { is: 'revoked' }, now)).toEqual([{ to: 'Stopped', reason, endTime: now, outputBytes: 0 }]);
    expect(conclude(stopping(wish), { is: 'unclaimed', launcherAlive: false }, now)).toMatchObject([{ to: 'Stopped', reason }]);
  });
});

describe('a run whose shim is alive', () => {
  test.each([
    ['NotStarted', [{ to: 'Running', beginTime: begin }]],
    ['Disconnected', [{ to: 'Running', beginTime: begin }]],
    ['Running', []],
    ['Stopping', []],
    ['Blocked', []],
    ['AtBreakpoint', []],
  ] as const)('that was %s goes on', (state, moves) => {
    expect(conclude(run(state), { is: 'running', beginTime: begin, held: true }, now)).toMatchObject(moves);
  });
});

describe('a run with an exit record', () => {
  const facts = { endTime: end, outputBytes: 5 };

  test.each([
    ['exit code 0', ended({ exitCode: 0 }), { to: 'Completed', exitCode: 0, ...facts }],
    ['exit code 3', ended({ exitCode: 3 }), { to: 'Failed', reason: 'exit', statusMessage: 'the command exited with code 3', exitCode: 3, ...facts }],
    ['exit code 255', ended({ exitCode: 255 }), { to: 'Failed', reason: 'exit', statusMessage: 'the command exited with code 255', exitCode: 255, ...facts }],
    ['a signal', ended({ signal: 'SIGSEGV' }), { to: 'Failed', reason: 'signal', statusMessage: 'the command was ended by signal SIGSEGV', signal: 'SIGSEGV', ...facts }],
  ] as const)('of %s ends by it', (_what, seen, move) => {
    expect(conclude(run('Running'), seen, now)).toEqual([move]);
  });

  test.each([
    [[0, 3], 0, 'Completed'],
    [[0, 3], 3, 'Completed'],
    [[0, 3], 1, 'Failed'],
    [[3], 0, 'Failed'],
    [[255], 255, 'Completed'],
  ] as const)('succeeds by its own set %j: code %i is %s', (successExitCodes, exitCode, state) => {
    const judged = run('Running', { run: { holder: HERE, carries: 'i1', successExitCodes } });
    expect(conclude(judged, ended({ exitCode }), now)).toMatchObject([{ to: state, exitCode }]);
  });

  test('that ran out of time is Failed with the reason timeout', () => {
    expect(conclude(run('Running'), ended({ signal: 'SIGTERM', reason: 'timeout' }), now)).toMatchObject([{ to: 'Failed', reason: 'timeout', signal: 'SIGTERM', ...facts }]);
  });

  test.each([
    ['code 0', { exitCode: 0 }],
    ['code 9', { exitCode: 9 }],
    ['a signal', { signal: 'SIGTERM' }],
  ])('that ended with %s while it was being stopped is Stopped, and how it ended is kept', (_what, how) => {
    expect(conclude(stopping('stopped'), ended(how), now)).toEqual([{ to: 'Stopped', reason: 'stopped', ...how, ...facts }]);
  });

  test.each([
    ['overlap', 'Stopped', 'overlap'],
    ['condition', 'Stopped', 'condition'],
    ['parent', 'Stopped', 'stopped'],
    ['shutdown', 'Stopped', 'stopped'],
    ['timeout', 'Failed', 'timeout'],
  ] as const)('that was being stopped for %s is %s with the reason %s', (wish, state, reason) => {
    expect(conclude(stopping(wish), ended({ exitCode: 0 }), now)).toMatchObject([{ to: state, reason }]);
  });

  test('that nobody had seen begin begins and ends in one step', () => {
    expect(conclude(run('NotStarted'), ended({ exitCode: 0 }), now)).toEqual([{ to: 'Running', beginTime: begin }, { to: 'Completed', exitCode: 0, ...facts }]);
    expect(conclude(run('NotStarted'), ended({ exitCode: 1 }), now)).toMatchObject([{ to: 'Running' }, { to: 'Failed', reason: 'exit' }]);
  });

  test.each(['Suspended', 'Suspending', 'Disconnected', 'AtBreakpoint'] as const)('while it was %s ends all the same', (state) => {
    expect(conclude(run(state), ended({ exitCode: 0 }), now)).toMatchObject([{ to: 'Completed' }]);
    expect(conclude(run(state), ended({ exitCode: 1 }), now)).toMatchObject([{ to: 'Failed', reason: 'exit' }]);
  });
});

describe('a run that begins with an initialization script', () => {
  const initializing = (facts: Partial<NonNullable<Instance['run']>> = {}): Instance => run('Running', { run: { holder: HERE, carries: 'i1', initializes: true, ...facts } });

  test.each([
    ['ended there with a code', { exitCode: 4, initialized: false }, { to: 'Failed', reason: 'exit', exitCode: 4, statusMessage: 'initialization script exited with code 4' }],
    ['was ended there by a signal', { signal: 'SIGKILL', initialized: false }, { to: 'Failed', reason: 'signal', statusMessage: 'initialization script was ended by signal SIGKILL' }],
    ['got past it', { exitCode: 4, initialized: true }, { to: 'Failed', reason: 'exit', statusMessage: 'the command exited with code 4' }],
    ['got past it well', { exitCode: 0, initialized: true }, { to: 'Completed', exitCode: 0 }],
    ['ended there well, as by exit 0', { exitCode: 0, initialized: false }, { to: 'Completed', exitCode: 0 }],
  ] as const)('and %s is %j', (_what, seen, move) => {
    expect(conclude(initializing(), ended(seen), now)).toMatchObject([move]);
  });

  test('takes no code of its failure for a success', () => {
    expect(conclude(initializing({ successExitCodes: [0, 4] }), ended({ exitCode: 4, initialized: false }), now)).toMatchObject([{ to: 'Failed' }]);
    expect(conclude(initializing({ successExitCodes: [0, 4] }), ended({ exitCode: 4, initialized: true }), now)).toMatchObject([{ to: 'Completed' }]);
  });
});

describe('a run that ran out of time', () => {
  test.each([
    ['by its record', ended({ exitCode: 0, reason: 'timeout' })],
    ['by what its dead shim left', { ...gone, timedOut: true }],
  ] as const)('%s says how long it was given', (_what, seen) => {
    expect(conclude(run('Running', { run: { holder: HERE, carries: 'i1', timeout: 5_400_000 } }), seen as Observation, now)).toMatchObject([{ to: 'Failed', reason: 'timeout', statusMessage: 'the command ran longer than 1h30m' }]);
  });
});

describe('a run at a breakpoint', () => {
  test.each([[true, []], [false, [{ to: 'Running' }]]] as const)('that a debugger holds: %s', (held, moves) => {
    expect(conclude(run('AtBreakpoint'), { is: 'running', beginTime: begin, held }, now)).toEqual(moves);
  });
});

describe('a run whose shim is gone without a record', () => {
  test.each(UNFINISHED.filter((state) => state !== 'NotStarted' && state !== 'Stopping'))('is Failed with the reason interrupted, also from %s', (state) => {
    expect(conclude(run(state), gone, now)).toEqual([{ to: 'Failed', reason: 'interrupted', statusMessage: 'the run was interrupted', endTime: now, outputBytes: 5 }]);
  });

  test('and that nobody had seen begin did begin', () => {
    expect(conclude(run('NotStarted'), gone, now)).toMatchObject([{ to: 'Running', beginTime: begin }, { to: 'Failed', reason: 'interrupted', endTime: now, outputBytes: 5 }]);
  });

  test.each([
    ['stopped', 'Stopped', 'stopped'],
    ['overlap', 'Stopped', 'overlap'],
    ['condition', 'Stopped', 'condition'],
    ['parent', 'Stopped', 'stopped'],
    ['shutdown', 'Stopped', 'stopped'],
    ['timeout', 'Failed', 'timeout'],
  ] as const)('while it was being stopped for %s is %s with the reason %s', (wish, state, reason) => {
    expect(conclude(stopping(wish), gone, now)).toEqual([{ to: state, reason, endTime: now, outputBytes: 5 }]);
  });
});

describe('a run whose folder is gone', () => {
  test.each(UNFINISHED.filter((state) => state !== 'Stopping'))('is Failed with the reason interrupted, also from %s', (state) => {
    expect(conclude(run(state), { is: 'lost' }, now)).toMatchObject([{ to: 'Failed', reason: 'interrupted', endTime: now, outputBytes: 0 }]);
  });

  test('while it was being stopped is Stopped', () => {
    expect(conclude(stopping('stopped'), { is: 'lost' }, now)).toMatchObject([{ to: 'Stopped', reason: 'stopped' }]);
  });
});

describe('a run of another machine', () => {
  test('becomes Disconnected and says whose it is', () => {
    const [move] = conclude(run('Running', { run: { holder: { ...HERE, host: 'other-host' }, carries: 'i1' } }), { is: 'elsewhere' }, now);
    expect(move).toMatchObject({ to: 'Disconnected' });
    expect(move?.statusMessage).toContain('other-host');
  });

  test.each(UNFINISHED.filter((state) => state !== 'Running' && state !== 'Blocked' && state !== 'AtBreakpoint'))('that is %s is not judged', (state) => {
    expect(conclude(run(state), { is: 'elsewhere' }, now)).toEqual([]);
  });
});

const stopWish = { stopReason: 'stopped' } as const;
const SEEN: readonly Observation[] = [
  { is: 'unclaimed', launcherAlive: true }, { is: 'unclaimed', launcherAlive: false }, { is: 'revoked' }, { is: 'running', beginTime: begin, held: false },
  ended({ exitCode: 0 }), ended({ exitCode: 1 }), ended({ signal: 'SIGKILL' }), ended({ exitCode: 0, reason: 'timeout' }), gone, { is: 'lost' }, { is: 'elsewhere' },
];

describe('whatever is seen of a run', () => {
  test.each(['NotStarted', 'Running', 'Disconnected', 'Suspended', 'Suspending', 'Stopping'] as const)('that is %s, only legal moves follow', async (state) => {
    for (const seen of SEEN) {
      const bench = createWorkbench();
      const [, child] = (await bench.family(1)) as unknown as [Instance, Instance];
      if (state !== 'NotStarted') await bench.session.transition([{ instanceId: child.instanceId, from: ['NotStarted'], to: state, ...(state === 'Stopping' ? stopWish : {}) }]);
      const looking = { launcher: { ...bench.machine, observe: async () => seen, revoke: async () => true } as never, clock: bench.clock };
      const after = await reconcile(looking, bench.session, await bench.fresh(child));
      expect(await bench.fresh(child)).toEqual(after);
    }
  });
});

describe('whoever looks at a job', () => {
  test('writes down what happened to its run, for child and parent', async () => {
    const bench = createWorkbench();
    const { view, run: child } = await bench.start();
    bench.clock.advance(5_000);
    bench.machine.print(child, 'stdout', '12345');
    bench.machine.exit(child, { exitCode: 3 });
    const after = await reconcile(bench.parts, bench.session, child);
    expect(after).toEqual(await bench.fresh(child));
    expect(await bench.session.find({ ids: [view.id] })).toMatchObject([{ state: 'Failed', reason: 'exit', exitCode: 3, endTime: bench.clock.now(), outputBytes: 5 }]);
  });

  test('changes nothing when nothing has happened', async () => {
    const bench = createWorkbench();
    const { run: child } = await bench.start();
    expect(await reconcile(bench.parts, bench.session, child)).toBe(child);
  });

  test('does not look at a finished run again', async () => {
    const bench = createWorkbench();
    const { run: child } = await bench.start();
    bench.machine.exit(child, { exitCode: 0 });
    const finished = (await reconcile(bench.parts, bench.session, child)) as Instance;
    bench.machine.beforeLook = () => Promise.reject(new Error('nobody looks'));
    expect(await reconcile(bench.parts, bench.session, finished)).toBe(finished);
  });

  test('takes the claim of a start whose launcher is dead, so that it can never run', async () => {
    const bench = createWorkbench();
    const [parent, child] = (await bench.family(1)) as unknown as [Instance, Instance];
    bench.machine.launcherAlive = false;
    expect(await reconcile(bench.parts, bench.session, child)).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: 'the start was cut off before the command ran' });
    expect(await bench.machine.revoke(child)).toBe(false);
    expect(await bench.fresh(parent)).toMatchObject({ state: 'Failed', reason: 'spawn' });
    expect((await bench.fresh(parent)).exitCode).toBeUndefined();
  });

  test('leaves the claim of a start whose launcher lives', async () => {
    const bench = createWorkbench();
    const [, child] = (await bench.family(1)) as unknown as [Instance, Instance];
    expect(await reconcile(bench.parts, bench.session, child)).toBe(child);
    expect(await bench.machine.revoke(child)).toBe(true);
  });

  test('looks again when the shim takes the claim first', async () => {
    const bench = createWorkbench();
    const [, child] = (await bench.family(1)) as unknown as [Instance, Instance];
    bench.machine.launcherAlive = false;
    const shimIsFirst = Object.assign(Object.create(bench.machine) as typeof bench.machine, {
      revoke: async () => {
        bench.machine.claim(child);
        return false;
      },
      observe: (instance: Instance) => bench.machine.observe(instance),
    });
    expect(await reconcile({ launcher: shimIsFirst, clock: bench.clock }, bench.session, child)).toMatchObject({ state: 'Running' });
  });

  test('agrees with another reader who wrote it down first', async () => {
    const bench = createWorkbench();
    const { run: child } = await bench.start();
    bench.machine.exit(child, { exitCode: 1 });
    const [one, other] = await Promise.all([reconcile(bench.parts, bench.session, child), reconcile(bench.parts, bench.session, child)]);
    expect(one).toMatchObject({ state: 'Failed', exitCode: 1 });
    expect(other).toEqual(one);
  });

  test('keeps the wish of a stop that came between the look and the writing', async () => {
    const bench = createWorkbench();
    const { run: child } = await bench.start();
    bench.machine.beforeLook = async () => {
      bench.machine.beforeLook = undefined;
      await bench.session.transition([{ instanceId: child.instanceId, from: ['Running'], to: 'Stopping', stopReason: 'stopped' }]);
      bench.machine.exit(child, { signal: 'SIGTERM' });
    };
    expect(await reconcile(bench.parts, bench.session, child)).toMatchObject({ state: 'Stopped', reason: 'stopped', signal: 'SIGTERM' });
  });

  test('finds nothing any more when the job is removed meanwhile', async () => {
    const bench = createWorkbench();
    const { view, run: child } = await bench.start();
    bench.machine.beforeLook = async () => {
      await bench.session.remove(await bench.session.find({ ids: [view.id, child.id] }));
    };
    expect(await reconcile(bench.parts, bench.session, child)).toBeUndefined();
    expect(await bench.session.find({})).toEqual([]);
  });

  test('ends a run whose folder somebody removed', async () => {
    const bench = createWorkbench();
    const { run: child } = await bench.start();
    rmSync(child.runFolder as string, { recursive: true });
    expect(await reconcile(bench.parts, bench.session, child)).toMatchObject({ state: 'Failed', reason: 'interrupted' });
  });

  test('forgets where a run was once it is back', async () => {
    const bench = createWorkbench();
    const { view, run: child } = await bench.start();
    bench.machine.takeAway(child);
    expect((await bench.host.getJobs({ ids: [view.id] })).jobs).toMatchObject([{ state: 'Disconnected', statusMessage: expect.stringContaining('here') }]);
    bench.machine.bringBack(child);
    expect((await bench.host.getJobs({ ids: [view.id] })).jobs).toMatchObject([{ state: 'Running' }]);
    bench.machine.exit(child, { exitCode: 0 });
    expect((await bench.host.getJobs({ ids: [view.id] })).jobs).toMatchObject([{ state: 'Completed', statusMessage: '' }]);
  });

  test('does not hide the failure of the machine to say anything', async () => {
    const bench = createWorkbench();
    const { run: child } = await bench.start();
    bench.machine.beforeLook = () => Promise.reject(Object.assign(new Error('EIO'), { code: 'InputOutputError' }));
    await expect(reconcile(bench.parts, bench.session, child)).rejects.toThrow(jobError('InputOutputError'));
  });
});

describe('a run that cannot be read', () => {
  test('is told once, after it was taken out of the way and its end was written down', async () => {
    const bench = createWorkbench();
    const { view, run } = await bench.start();
    bench.machine.damage(run);
    await expect(reconcile(bench.parts, bench.session, run)).rejects.toThrow(jobError('CantLoadScheduledJobDefinitionFromStore', `the run of ${view.name} (${view.id}) cannot be read: it names no process`));
    expect(existsSync(run.runFolder as string)).toBe(false);
    expect(existsSync(`${run.runFolder}.corrupt-now`)).toBe(true);
    const end = { state: 'Failed', reason: 'interrupted', statusMessage: expect.stringContaining('.corrupt-now') as string };
    expect(await bench.fresh(run)).toMatchObject(end);
    expect(await reconcile(bench.parts, bench.session, run)).toMatchObject(end);
  });

  test('that was to be stopped is Stopped', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    await bench.session.transition([changeOf(run, 'Stopping', { stopReason: 'stopped' })]);
    bench.machine.damage(run);
    await expect(reconcile(bench.parts, bench.session, await bench.fresh(run))).rejects.toThrow(jobError('CantLoadScheduledJobDefinitionFromStore'));
    expect(await bench.fresh(run)).toMatchObject({ state: 'Stopped', reason: 'stopped' });
  });

  test('whose finder died before the end was written down is ended by the next one, without a word', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    await bench.machine.setAside(run);
    expect(await reconcile(bench.parts, bench.session, run)).toMatchObject({ state: 'Failed', reason: 'interrupted', statusMessage: expect.stringContaining('.corrupt-now') as string });
  });

  test('does not keep the others from being listed or waited for', async () => {
    const bench = createWorkbench();
    const { view, run } = await bench.start();
    const other = await bench.start();
    bench.machine.damage(run);
    const { jobs, problems } = await bench.host.getJobs({});
    expect(jobs).toMatchObject([{ id: view.id, state: 'Failed' }, { id: other.view.id, state: 'Running' }]);
    expect(problems).toMatchObject([{ code: 'CantLoadScheduledJobDefinitionFromStore' }]);
    expect((await bench.host.getJobs({})).problems).toEqual([]);
    bench.machine.damage(other.run);
    expect(await bench.host.waitJobs({ ids: [other.view.id] }, {})).toMatchObject({ done: true, problems: [{ code: 'CantLoadScheduledJobDefinitionFromStore' }] });
  });
});
