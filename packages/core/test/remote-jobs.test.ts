import type { Instance, JobState, JobStore, Wish } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { createJobHost, reconcile } from '../src/index.ts';
import { createWorkbench, startOf } from './workbench.ts';

/** A store whose runs other machines run: `worker` is told of each wish. */
function createShop(worker: (wish: Wish, run: Instance, move: (to: JobState) => Promise<void>) => Promise<void> = async () => {}) {
  const bench = createWorkbench();
  const rows = bench.durable();
  const wishes: Wish[] = [];
  const move = async ({ instanceId, state }: Instance, to: JobState): Promise<void> => void (await rows.transition([{ instanceId, from: [state], to }]));
  const store: JobStore = {
    ...rows,
    insert: (parent, children) => rows.insert(parent, children),
    takeUp: () => Promise.reject(new Error('nobody takes up here')),
    remote: {
      async wish(instanceId, wish) {
        wishes.push(wish);
        const [run] = (await rows.find({ instanceIds: [instanceId] })) as [Instance];
        await worker(wish, run, (to) => move(run, to));
        return true;
      },
    },
  };
  const parts = { ...bench.parts, stores: { ...bench.parts.stores, durable: () => store, openDurable: () => store } };
  const host = createJobHost(parts);
  const start = async (state?: JobState): Promise<Instance> => {
    const view = await host.startJob({ ...startOf({ gracePeriod: 300 }), persist: true });
    const [run] = (await rows.find({ parentIds: [view.id] })) as [Instance];
    if (state !== undefined) await move(run, state);
    return { ...run, state: state ?? run.state };
  };
  return { ...bench, store, rows, parts, host, start, wishes };
}

describe('a job of an engine', () => {
  test('is put into its queue with what is to be run, and nothing is launched or checked here', async () => {
    const shop = createShop();
    shop.machine.check = () => {
      throw new Error('it is checked where it runs');
    };
    const run = await shop.start();
    expect(run).toMatchObject({ state: 'NotStarted', launch: expect.stringContaining('"argv":["true"]') as string });
    expect(run.run?.holder).toBeUndefined();
  });

  test('is as its row says, whatever a look at this machine would come to', async () => {
    const shop = createShop();
    const run = await shop.start('Running');
    await shop.rows.transition([{ instanceId: run.instanceId, from: ['Running'], to: 'Running', stopReason: 'stopped' }]);
    const [row] = (await shop.rows.find({ ids: [run.id] })) as [Instance];
    expect(await reconcile(shop.parts, shop.store, row)).toBe(row);
    expect((await shop.host.getJobs({ ids: [run.id] })).jobs).toMatchObject([{ state: 'Running' }]);
  });

  test.each([
    ['softly', {}, { wish: 'stop', reason: 'stopped' }],
    ['with a grace of its own', { gracePeriod: 50 }, { wish: 'stop', reason: 'stopped', gracePeriod: 50 }],
    ['by force', { force: true }, { wish: 'kill', reason: 'stopped' }],
  ])('is stopped by a wish, %s, and waited for', async (_how, request, wish) => {
    const shop = createShop(async (_wish, _run, move) => move('Stopped'));
    const run = await shop.start('Running');
    expect(await shop.host.stopJobs({ ids: [run.id] }, request)).toMatchObject({ jobs: [{ state: 'Stopped' }], problems: [] });
    expect(shop.wishes).toEqual([wish]);
  });

  test('whose worker is silent is still running, and the wish stays', async () => {
    const shop = createShop();
    const run = await shop.start('Running');
    shop.machine.watch = () => ({ changed: async () => shop.clock.advance(1_000), [Symbol.dispose]() {} });
    expect((await shop.host.stopJobs({ ids: [run.id] }, {})).problems).toMatchObject([{ code: 'StopJobError', message: expect.stringContaining('the worker that runs it has not answered') as string }]);
  });

  test.each([
    ['Running', 'suspend', 'Suspended'],
    ['Suspended', 'resume', 'Running'],
  ] as const)('that is %s can be asked to %s', async (from, verb, to) => {
    const shop = createShop(async (_wish, _run, move) => move(to));
    const run = await shop.start(from);
    expect(await (verb === 'suspend' ? shop.host.suspendJobs : shop.host.resumeJobs)({ ids: [run.id] })).toMatchObject({ jobs: [{ state: to }], problems: [], warnings: [] });
    expect(shop.wishes).toEqual([{ wish: verb }]);
  });

  test('that waits is not held: its state does not allow it', async () => {
    const shop = createShop();
    const run = await shop.start();
    expect(await shop.host.suspendJobs({ ids: [run.id] })).toMatchObject({ warnings: [{ code: 'InvalidJobState' }] });
    expect(shop.wishes).toEqual([]);
  });

  test('has no debugger, and no answer reaches it', async () => {
    const shop = createShop();
    const run = await shop.start('Running');
    await expect(shop.host.debugJob({ ids: [run.id] })).rejects.toMatchObject({ code: 'DebugJobNoDebuggableJobsFound' });
    expect(await shop.host.unblockJobs({ ids: [run.id] }, 'yes')).toMatchObject({ problems: [{ code: 'Job2OperationNotSupportedOnJob' }] });
  });
});

test('an id that a job of this machine has too is not guessed at', async () => {
  const shop = createShop();
  const [one, other] = [await shop.put({ name: 'Here' }), await shop.put({ name: 'There' }, shop.durable())];
  shop.rows.database.exec(`UPDATE instance SET id = ${one.id} WHERE id = ${other.id}`);
  expect(await shop.host.getJobs({ ids: [one.id] })).toMatchObject({ jobs: [], problems: [{ code: 'InstanceIdAmbiguous' }] });
  expect((await shop.host.getJobs({})).jobs.map(({ name }) => name)).toEqual(['Here', 'There']);
  expect((await shop.host.getJobs({ instanceIds: [other.instanceId] })).jobs).toMatchObject([{ name: 'There' }]);
});
