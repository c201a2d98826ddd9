import { STREAM_NAMES, type Instance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { transition, type Move } from '../src/transition.ts';
import { changeOf, createWorkbench, jobError } from './workbench.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);

describe('a move', () => {
  test('of a child takes its parent along', async () => {
    const bench = createWorkbench();
    const [parent, child] = await bench.family(1);
    await transition(bench.session, child as Instance, [{ to: 'Running', beginTime: at(1) }]);
    expect(await bench.session.find({})).toMatchObject([{ id: parent.id, state: 'Running', beginTime: at(1) }, { state: 'Running', beginTime: at(1) }]);
  });

  test('returns the child as the store has it now', async () => {
    const bench = createWorkbench();
    const [, child] = await bench.family(1);
    const moved = await transition(bench.session, child as Instance, [{ to: 'Running', beginTime: at(1) }, { to: 'Failed', reason: 'exit', exitCode: 3, endTime: at(2), outputBytes: 5 }]);
    expect(moved).toEqual(await bench.fresh(child as Instance));
  });

  test('of several steps is one step for everybody else', async () => {
    const bench = createWorkbench();
    const [parent, child] = await bench.family(1);
    await transition(bench.session, child as Instance, [{ to: 'Running', beginTime: at(1) }, { to: 'Completed', exitCode: 0, endTime: at(2), outputBytes: 0 }]);
    expect(await bench.fresh(parent)).toMatchObject({ state: 'Completed', beginTime: at(1), endTime: at(2), exitCode: 0 });
  });

  test('of one of several children leaves the parent to the seven rules', async () => {
    const bench = createWorkbench();
    const [parent, first, second] = (await bench.family(2)) as unknown as [Instance, Instance, Instance];
    await transition(bench.session, first, [{ to: 'Running' }, { to: 'Failed', reason: 'signal', statusMessage: 'killed', signal: 'SIGKILL', endTime: at(3) }]);
    expect(await bench.fresh(parent)).toMatchObject({ state: 'Running', reason: 'signal', statusMessage: 'killed' });
    await transition(bench.session, second, [{ to: 'Running' }, { to: 'Completed', exitCode: 0, endTime: at(5) }]);
    const after = await bench.fresh(parent);
    expect(after).toMatchObject({ state: 'Failed', reason: 'signal', endTime: at(5) });
    expect(after).not.toHaveProperty('exitCode');
  });

  test('that somebody else forestalled changes neither child nor parent', async () => {
    const bench = createWorkbench();
    const [parent, child] = (await bench.family(1)) as unknown as [Instance, Instance];
    await transition(bench.session, child, [{ to: 'Stopping', stopReason: 'stopped' }]);
    const before = await bench.session.find({});
    expect(await transition(bench.session, child, [{ to: 'Running', beginTime: at(1) }])).toBeUndefined();
    expect(await bench.session.find({})).toEqual(before);
    expect(await bench.fresh(parent)).toMatchObject({ state: 'Stopping' });
  });

  test('that the table does not have is refused and leaves the job as it was', async () => {
    const bench = createWorkbench();
    const [, child] = (await bench.family(1)) as unknown as [Instance, Instance];
    const before = await bench.session.find({});
    await expect(transition(bench.session, child, [{ to: 'Completed', exitCode: 0 }])).rejects.toThrow(jobError('InvalidJobState', 'Job2 is NotStarted and cannot become Completed'));
    expect(await bench.session.find({})).toEqual(before);
  });

  test('whose second step is illegal takes back the first', async () => {
    const bench = createWorkbench();
    const [, child] = (await bench.family(1)) as unknown as [Instance, Instance];
    const before = await bench.session.find({});
    await expect(transition(bench.session, child, [{ to: 'Stopping' }, { to: 'Suspended' }])).rejects.toThrow(jobError('InvalidJobState', 'Job2 is Stopping and cannot become Suspended'));
    expect(await bench.session.find({})).toEqual(before);
  });

  test('keeps the first begin, the first end and the first wish to stop', async () => {
    const bench = createWorkbench();
    const [parent, child] = (await bench.family(1)) as unknown as [Instance, Instance];
    const running = (await transition(bench.session, child, [{ to: 'Running', beginTime: at(1) }])) as Instance;
    const away = (await transition(bench.session, running, [{ to: 'Disconnected' }])) as Instance;
    const back = (await transition(bench.session, away, [{ to: 'Running', beginTime: at(9) }])) as Instance;
    const stopping = (await transition(bench.session, back, [{ to: 'Stopping', stopReason: 'overlap' }])) as Instance;
    const stopped = await transition(bench.session, stopping, [{ to: 'Stopped', reason: 'overlap', stopReason: 'stopped', endTime: at(10) }]);
    expect(stopped).toMatchObject({ beginTime: at(1), stopReason: 'overlap', endTime: at(10) });
    expect(await bench.session.find({})).toMatchObject([{ beginTime: at(1), endTime: at(10) }, { beginTime: at(1), stopReason: 'overlap', endTime: at(10) }]);
    expect((await bench.fresh(parent)).state).toBe('Stopped');
  });

  test('of a child never leads a finished parent back', async () => {
    const bench = createWorkbench();
    const [parent, child] = (await bench.family(1)) as unknown as [Instance, Instance];
    await bench.session.transition([changeOf(parent, 'Stopped', { endTime: at(1) })]);
    await transition(bench.session, child, [{ to: 'Running', beginTime: at(2) }]).catch(() => {});
    expect(await bench.fresh(parent)).toMatchObject({ state: 'Stopped' });
  });

  test('of two children at the same moment leaves a parent that knows both', async () => {
    const bench = createWorkbench();
    const [parent, first, second] = (await bench.family(2)) as unknown as [Instance, Instance, Instance];
    // Whoever was forestalled looks again, as every caller does.
    const move = async (child: Instance, to: Move): Promise<Instance> => (await transition(bench.session, child, [to])) ?? move(await bench.fresh(child), to);
    const running = await Promise.all([first, second].map((child) => move(child, { to: 'Running' })));
    await Promise.all(running.map((child) => move(child, { to: 'Completed', exitCode: 0, endTime: at(1) })));
    expect(await bench.fresh(parent)).toMatchObject({ state: 'Completed', endTime: at(1) });
  });

  test('of a job without children moves that job alone', async () => {
    const bench = createWorkbench();
    const lone = await bench.put();
    const other = await bench.put();
    await transition(bench.session, lone, [{ to: 'Suspended' }]);
    expect(await bench.session.find({})).toMatchObject([{ id: lone.id, state: 'Suspended' }, { id: other.id, state: 'NotStarted' }]);
  });

  test('reads no stream', async () => {
    const bench = createWorkbench();
    const { run } = await bench.start();
    bench.machine.print(run, 'stdout', 'one\n');
    await transition(bench.session, run, [{ to: 'Blocked' }]);
    const { drained } = await bench.session.read(run, { after: '' as never, streams: STREAM_NAMES, limit: 10 });
    expect(drained).toBe(true);
    expect(await bench.session.reading([run.instanceId])).toEqual(new Map());
  });
});
