import { expect, test } from 'vitest';
import type { Instance } from '@nightshift/sdk';
import { createTriggerBench, TWICE } from './triggered-job.ts';

const IN_USE = { options: { stopIfGoingOffIdle: true, restartOnIdleResume: true, ...TWICE } };

test('the work of a run that is stopped because the machine came into use is a job of its own, of the same origin and command', async () => {
  const bench = createTriggerBench();
  const [parent, run] = await bench.begun(IN_USE, { wait: { warnings: ['unknown'] } });
  const [again, child] = await bench.runs.startAgain(parent, run);
  expect(again).toMatchObject({ state: 'NotStarted', name: parent.name, type: parent.type, origin: parent.origin, definition: parent.definition });
  expect(again.instanceId).not.toBe(parent.instanceId);
  expect(child).toMatchObject({ state: 'NotStarted', attempt: 1, parentId: again.id, queued: true, launch: run.launch, run: { carries: again.instanceId, restartOf: run.instanceId, stopConditions: run.run?.stopConditions, retry: run.run?.retry } });
  expect([child.run?.holder, child.run?.warnings]).toEqual([undefined, undefined]);
  await bench.runs.stop(parent, 'condition');
  expect(await bench.runs.isStillWanted(again, child)).toBe(true);
  expect(await bench.runs.start(child)).toMatchObject({ state: 'Running' });
});

test.each<[string, (bench: ReturnType<typeof createTriggerBench>, parent: Instance, run: Instance) => Promise<unknown>]>([
  ['ended by itself', async (bench, _, run) => (bench.machine.exit(run, { exitCode: 0 }), bench.runs.settle(run))],
  ['was stopped by somebody', (bench, parent) => bench.runs.stop(parent, 'stopped')],
  ['was removed', (bench, parent, run) => bench.durable().remove([parent, run])],
])('it goes when the run %s', async (_what, end) => {
  const bench = createTriggerBench();
  const [parent, run] = await bench.begun(IN_USE);
  const [again, child] = await bench.runs.startAgain(parent, run);
  await end(bench, parent, run);
  expect(await bench.runs.isStillWanted(again, child)).toBe(false);
  expect(await bench.durable().find({ ids: [again.id, child.id] })).toEqual([]);
});
