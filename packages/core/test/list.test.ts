import { describe, expect, test } from 'vitest';
import type { ListOptions } from '../src/index.ts';
import { createWorkbench, receiveAll, type Workbench } from './workbench.ts';

/** Milliseconds after the beginning. */
const AT = (bench: Workbench, milliseconds: number): Date => new Date(bench.clock.now().getTime() + milliseconds);

const listed = async (bench: Workbench, options: ListOptions, selector = {}): Promise<number[]> => (await bench.host.getJobs(selector, options)).jobs.map(({ id }) => id);

describe('a list between two times', () => {
  test.each([
    ['before', { before: 20 }, [1]],
    ['before the very moment', { before: 10 }, []],
    ['after', { after: 10 }, [2]],
    ['after the moment before', { after: 9 }, [1, 2]],
    ['both make a window', { after: 5, before: 15 }, [1]],
    ['both make an empty one', { after: 15, before: 5 }, []],
  ] as const)('%s: %j', async (_what, times, ids) => {
    const bench = createWorkbench();
    await bench.put({ state: 'Completed', endTime: AT(bench, 10) });
    await bench.put({ state: 'Failed', endTime: AT(bench, 20) });
    await bench.put({ state: 'Running' });
    const options = Object.fromEntries(Object.entries(times).map(([name, at]) => [name, AT(bench, at)]));
    expect(await listed(bench, options)).toEqual(ids);
    expect(await listed(bench, options, { names: ['*'] })).toEqual(ids);
  });
});

describe('further conditions', () => {
  test.each([
    ['a type without case', { type: 'shelljob' }, [1, 3]],
    ['a type with wildcards', { type: '*Job' }, [1, 2, 3]],
    ['a definition without case', { definition: 'NIGHT*' }, [2, 3]],
    ['a definition whatever it is', { definition: '*' }, [2, 3]],
    ['both', { type: 'Shell*', definition: 'Nightly' }, [3]],
    ['one that nothing meets', { type: 'Thread*' }, []],
  ])('%s: %j', async (_what, options, ids) => {
    const bench = createWorkbench();
    const definition = { key: 'project/nightly', name: 'Nightly', path: '/project/definitions/Nightly.yaml' };
    await bench.put({ state: 'Running' });
    await bench.put({ state: 'Running', type: 'TimedJob', definition });
    await bench.put({ state: 'Running', definition });
    expect(await listed(bench, options)).toEqual(ids);
  });

  test('leave out none of the older jobs that meet them', async () => {
    const bench = createWorkbench();
    for (let made = 0; made < 105; made++) await bench.put({ state: 'Completed', endTime: AT(bench, made) });
    expect(await listed(bench, {})).toHaveLength(100);
    expect(await listed(bench, { type: 'ShellJob' })).toHaveLength(105);
    expect(await listed(bench, { before: AT(bench, 103) })).toHaveLength(103);
    expect((await bench.host.getJobs({}, { type: 'ShellJob' })).left).toBe(0);
  });

  test('are met before the newest are counted, and the order stays that of the ids', async () => {
    const bench = createWorkbench();
    await bench.put({ state: 'Completed', endTime: AT(bench, 30), type: 'TimedJob' });
    await bench.put({ state: 'Completed', endTime: AT(bench, 20) });
    await bench.put({ state: 'Completed', endTime: AT(bench, 10) });
    await bench.put({ state: 'Completed', endTime: AT(bench, 5) });
    await bench.put({ state: 'Running' });
    expect(await listed(bench, { newest: 2 })).toEqual([1, 2]);
    expect(await listed(bench, { newest: 2, type: 'ShellJob' })).toEqual([2, 3]);
    expect(await listed(bench, { newest: 9, type: 'ShellJob' })).toEqual([2, 3, 4]);
  });
});

describe('data to receive', () => {
  test('is a condition for jobs and for the children that are added', async () => {
    const bench = createWorkbench();
    const { run: drained } = await bench.start();
    const { run: full } = await bench.start();
    await bench.start();
    for (const run of [drained, full]) {
      bench.machine.print(run, 'stdout', 'x\n');
      bench.machine.exit(run, { exitCode: 0 });
    }
    await receiveAll(bench, 1);
    expect(await listed(bench, { hasMoreData: false })).toEqual([1]);
    expect(await listed(bench, { hasMoreData: true })).toEqual([3, 5]);
    expect(await listed(bench, { hasMoreData: true, children: 'all' })).toEqual([3, 4, 5, 6]);
  });
});

describe('children', () => {
  async function family(): Promise<Workbench> {
    const bench = createWorkbench();
    const [, first, second] = await bench.family(2);
    bench.machine.claim(first as never);
    bench.machine.exit(first as never, { exitCode: 3 });
    bench.machine.claim(second as never);
    await bench.host.getJobs({});
    await bench.put({ state: 'Running' });
    return bench;
  }

  test.each([
    ['are not shown', {}, [1, 4]],
    ['follow their parents', { children: 'all' }, [1, 2, 3, 4]],
    ['follow in one state, and the parents stay', { children: 'Failed' }, [1, 2, 4]],
    ['of no state leave the parents', { children: 'Blocked' }, [1, 4]],
  ] as const)('%s: %j', async (_what, options, ids) => {
    expect(await listed(await family(), options)).toEqual(ids);
  });

  test('that are named themselves are shown once', async () => {
    expect(await listed(await family(), { children: 'all' }, { ids: [2] })).toEqual([2]);
  });
});
