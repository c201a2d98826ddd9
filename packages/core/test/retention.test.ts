import { existsSync } from 'node:fs';
import { JobError, type Instance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { pruneToCap } from '../src/index.ts';
import { createTriggerBench, type TriggerBench } from './triggered-job.ts';
import { createWorkbench } from './workbench.ts';

async function finish(bench: TriggerBench, facts = {}, end: 'exit' | 'spawn' | 'stop' = 'exit'): Promise<Instance> {
  bench.clock.advance(1_000);
  const [parent, child] = await bench.due(facts);
  if (end === 'spawn') bench.machine.refusal = 'ProgramNotFound: "x"';
  const run = end === 'stop' ? child : ((await bench.runs.start(child)) as Instance);
  bench.machine.refusal = undefined;
  if (end === 'stop') await bench.runs.stop(parent, 'stopped');
  if (end !== 'exit') return parent;
  bench.machine.exit(run, { exitCode: 0 });
  await bench.host.getJobs({ ids: [parent.id] });
  return parent;
}

const kept = async (bench: TriggerBench): Promise<number[]> => (await bench.durable().find({ topLevel: true })).map(({ id }) => id);

describe('the finished runs of a definition', () => {
  test.each(['exit', 'spawn', 'stop'] as const)('beyond maxResultCount go, oldest first, when another one has ended (%s)', async (end) => {
    const bench = createTriggerBench();
    const runs = [];
    for (let count = 0; count < 4; count++) runs.push(await finish(bench, { maxResultCount: 3 }));
    const last = await finish(bench, { maxResultCount: 3 }, end);
    expect(await kept(bench)).toEqual([runs[2]?.id, runs[3]?.id, last.id]);
    expect((await bench.durable().find({})).length).toBe(6);
  });

  test('go with their folders', async () => {
    const bench = createTriggerBench();
    const first = await finish(bench, { maxResultCount: 1 });
    const [child] = (await bench.durable().find({ parentIds: [first.id] })) as [Instance];
    expect(existsSync(child.runFolder as string)).toBe(true);
    await finish(bench, { maxResultCount: 1 });
    expect(existsSync(child.runFolder as string)).toBe(false);
  });

  test('are all kept as long as they are not too many', async () => {
    const bench = createTriggerBench();
    for (let count = 0; count < 3; count++) await finish(bench, { maxResultCount: 3 });
    expect(await kept(bench)).toHaveLength(3);
  });

  test('obey a lower number completely at the next end', async () => {
    const bench = createTriggerBench();
    for (let count = 0; count < 4; count++) await finish(bench, { maxResultCount: 4 });
    const last = await finish(bench, { maxResultCount: 2 });
    expect(await kept(bench)).toEqual([expect.any(Number), last.id]);
  });

  test('do not make room for those of another definition', async () => {
    const bench = createTriggerBench();
    await finish(bench, { maxResultCount: 1 });
    await finish(bench, { name: 'Weekly', maxResultCount: 1 });
    expect(await kept(bench)).toHaveLength(2);
  });

  test('go, and an unfinished one never does', async () => {
    const bench = createTriggerBench();
    const [running] = await bench.begun({ maxResultCount: 1 });
    const [waiting] = await bench.due({ maxResultCount: 1 });
    await finish(bench, { maxResultCount: 1 });
    const last = await finish(bench, { maxResultCount: 1 });
    expect(await kept(bench)).toEqual([running.id, waiting.id, last.id]);
  });

  test('that cannot be removed do not undo the end that was recorded', async () => {
    const bench = createTriggerBench();
    await finish(bench, { maxResultCount: 1 });
    bench.durable().remove = () => Promise.reject(new JobError({ code: 'ReadOnlyFileSystem', message: 'nothing can be removed' }));
    const last = await finish(bench, { maxResultCount: 1 });
    expect(await bench.fresh(last)).toMatchObject({ state: 'Completed' });
  });
});

describe('the session store', () => {
  /** So many jobs that ended long ago, with ids from 1. */
  function filled(count: number): ReturnType<typeof createWorkbench> {
    const bench = createWorkbench();
    const columns = 'id, instanceId, name, type, state, location, command, origin, attempt, endTime';
    bench.session.database.exec(`WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < ${count}) INSERT INTO instance (${columns}) SELECT v, 'i' || v, 'x', 'ShellJob', 'Completed', 'localhost', 'true', '{"kind":"demand","runNow":false}', 1, v FROM n`);
    return bench;
  }
  const countOf = (bench: ReturnType<typeof createWorkbench>): Promise<number> => bench.session.count({ topLevel: true, states: ['Completed', 'Failed', 'Stopped'] });

  test('keeps a thousand finished jobs: now and then a start lets the oldest go', async () => {
    const bench = filled(1_052);
    for (let started = 0; started < 40; started++) await bench.start();
    expect(await countOf(bench)).toBe(1_000);
    expect(await bench.session.find({ ids: [52, 53] })).toMatchObject([{ id: 53 }]);
  });

  test('keeps what has only just ended, however much there is', async () => {
    const bench = filled(1_052);
    bench.session.database.exec(`UPDATE instance SET endTime = ${bench.clock.now().getTime() - 1_000}`);
    for (let started = 0; started < 40; started++) await bench.start();
    expect(await countOf(bench)).toBe(1_052);
  });
});

test('a store that is too large loses its oldest runs, but each definition keeps its newest', async () => {
  const bench = createTriggerBench();
  const first = await finish(bench, { maxResultCount: 9 });
  const other = await finish(bench, { name: 'Weekly', maxResultCount: 9 });
  const last = await finish(bench, { maxResultCount: 9 });
  expect(await pruneToCap(bench.durable(), 1_000_000)).toBe(0);
  expect(await pruneToCap(bench.durable(), 0)).toBe(1);
  expect(await kept(bench)).toEqual([other.id, last.id]);
  expect(await bench.durable().find({ family: first.id })).toEqual([]);
});
