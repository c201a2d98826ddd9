import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import type { Engine, Instance, Lease } from '@nightshift/sdk';
import { pause } from '../real-time.ts';
import { must } from '../runner.ts';
import { planRun, rowOf } from '../store/bench.ts';
import { acquire, acquireOne, again, awaitExpired, awaitLease, begin, ended, fromBoth, HOST, idsOf, OTHER, submit, type EngineProperty } from './bench.ts';

const NEEDS = ['queue'] as const;

async function running(engine: Engine): Promise<Lease> {
  await submit(engine.store);
  const lease = await acquireOne(engine.queue);
  await begin(engine, lease);
  return lease;
}

async function statesOf({ store }: Pick<Engine, 'store'>, { instance, job }: Lease): Promise<readonly string[]> {
  return [(await rowOf(store, instance)).state, (await rowOf(store, job)).state];
}

/** The right of one host to run one attempt. */
export const leases: readonly EngineProperty[] = [
  {
    title: 'lasts as long as it is renewed, and the leases of others with it',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      for (let n = 0; n < 3; n++) await submit(store);
      const held = await acquire(queue);
      const end = performance.now() + 2 * queue.limits.lease;
      while (performance.now() < end) {
        deepStrictEqual(await queue.renew(held), { lost: [], wishes: [] });
        deepStrictEqual(await queue.expired(OTHER), [], 'expired() took a lease that was renewed in time');
        await pause(queue.limits.lease / 5);
      }
    },
  },
  {
    title: 'of nobody is renewed without complaint',
    needs: NEEDS,
    async check({ engine: { queue } }) {
      deepStrictEqual(await queue.renew([]), { lost: [], wishes: [] });
    },
  },
  {
    title: 'that ran out goes to one of many who look, under a higher fence',
    needs: NEEDS,
    async check(bench) {
      const lease = await running(bench.engine);
      let taken: readonly Lease[] = [];
      while (taken.length === 0) taken = (await fromBoth(bench, 4, ({ queue }, index) => queue.expired(`other-${index}`))).flat();
      deepStrictEqual([idsOf(taken), taken[0]?.job.id, taken[0]?.fence, taken[0]?.instance.fence], [[lease.instance.instanceId], lease.job.id, lease.fence + 1, lease.fence + 1], 'expired() must give each lease to one caller, and raise its fence');
      deepStrictEqual(await bench.engine.queue.expired('late'), []);
    },
  },
  {
    title: 'that ran out and was taken is lost: it is not renewed, moves nothing and ends nothing',
    needs: NEEDS,
    async check({ engine }) {
      const lease = await running(engine);
      const taken = await awaitExpired(engine.queue);
      deepStrictEqual((await engine.queue.renew([lease])).lost, [lease], 'renew() must name the leases that others have by now');
      strictEqual(await engine.queue.settle(lease, ended(lease)), false, 'settle() took the result of a host that had lost its lease');
      strictEqual(await engine.queue.settle(lease, again(lease)), false, 'settle() took the next attempt of a host that had lost its lease');
      strictEqual(await engine.store.transition([{ instanceId: lease.instance.instanceId, from: ['Running'], to: 'Failed', fence: lease.fence }]), false, 'transition() moved a run for a host that had lost its lease');
      deepStrictEqual(await statesOf(engine, lease), ['Running', 'Running']);
      strictEqual(await engine.queue.settle(taken, ended(taken, 'Failed')), true);
      deepStrictEqual(await statesOf(engine, lease), ['Failed', 'Failed']);
      deepStrictEqual((await engine.queue.renew([taken])).lost, [taken], 'renew() must name the leases of runs that have ended');
    },
  },
  {
    title: 'that ran out and was taken adds no child to the run',
    needs: NEEDS,
    async check({ engine }) {
      const lease = await running(engine);
      const insert = (by: Lease): Promise<readonly Instance[]> => engine.store.insert({ ...planRun(), parentInstanceId: lease.instance.instanceId, fence: by.fence }, []);
      strictEqual((await insert(lease))[0]?.parentId, lease.instance.id);
      const taken = await awaitExpired(engine.queue);
      await rejects(insert(lease), { code: 'InvalidJobState' }, 'insert() took a child from a host that had lost its lease: compare the fence with that of the job it joins');
      strictEqual((await insert(taken))[0]?.fence ?? 0, 0, 'the fence is that of the job which a child joins, not its own');
    },
  },
  {
    title: 'that was taken away may be renewed by the one who took it, and go on as the next attempt',
    needs: NEEDS,
    async check({ engine: { queue, store } }) {
      await submit(store);
      await acquireOne(queue);
      const taken = await awaitExpired(queue);
      deepStrictEqual((await queue.renew([taken])).lost, []);
      strictEqual(await queue.settle(taken, again(taken)), true);
      const next = await awaitLease(() => acquire(queue), 'acquire()');
      deepStrictEqual([next.instance.instanceId, next.instance.attempt, next.fence], [taken.instance.instanceId, 2, taken.fence + 1]);
    },
  },
  {
    title: 'goes on from its token with a host that was killed and came back in time',
    needs: NEEDS,
    async check({ engine, another }) {
      const lease = await running(engine);
      const { queue } = await another();
      const { fence, token } = JSON.parse(JSON.stringify(lease)) as Pick<Lease, 'fence' | 'token'>;
      const remembered: Lease = { ...lease, fence, token };
      deepStrictEqual((await queue.renew([remembered])).lost, []);
      strictEqual(await queue.settle(remembered, ended(lease)), true);
    },
  },
  {
    title: 'ends with the last states of the run and its job, once',
    needs: NEEDS,
    async check(bench) {
      const lease = await running(bench.engine);
      const answers = await fromBoth(bench, 4, ({ queue }) => queue.settle(lease, ended(lease, 'Failed')));
      deepStrictEqual(answers.toSorted(), [false, false, false, true]);
      const row = await rowOf(bench.engine.store, lease.instance);
      deepStrictEqual([row.state, row.reason, row.exitCode, await statesOf(bench.engine, lease)], ['Failed', 'exit', 3, ['Failed', 'Failed']]);
      deepStrictEqual(await acquire(bench.engine.queue), []);
    },
  },
  {
    title: 'ends with the next attempt: the same instance, once, not before its time, and the closed one is kept',
    needs: NEEDS,
    async check(bench) {
      const { store, queue } = bench.engine;
      const lease = await running(bench.engine);
      const end = again(lease, 700);
      strictEqual(await queue.settle(lease, end), true);
      deepStrictEqual(await acquire(queue), [], 'acquire() gave the next attempt out before its time');
      const row = await rowOf(store, lease.instance);
      deepStrictEqual([row.attempt, row.state, row.run?.retried, row.statusMessage], [2, 'Running', 1, 'attempt 2 starts soon']);
      if ('next' in end) deepStrictEqual(await store.attempts(lease.instance.instanceId), [end.next.closed]);
      let leases: readonly Lease[] = [];
      const next = await awaitLease(async () => (leases = (await fromBoth(bench, 4, (one) => acquire(one.queue))).flat()), 'acquire()');
      must('next' in end && Date.now() >= end.next.notBefore.getTime() - 50, 'acquire() gave the next attempt out before its time', 'Compare notBefore with the clock of the engine');
      deepStrictEqual([leases.length, next.instance.instanceId, next.instance.attempt, next.fence], [1, lease.instance.instanceId, 2, 2]);
      strictEqual(await queue.settle(lease, ended(lease)), false, 'settle() took the result of an attempt that had ended');
    },
  },
  {
    title: 'ends with one attempt after the other, each with a place of its own',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      const [job] = await submit(store);
      for (let attempt = 1; attempt <= 5; attempt++) {
        const lease = await awaitLease(() => acquire(queue, { host: attempt % 2 === 0 ? HOST : OTHER }), 'acquire()');
        deepStrictEqual([lease.instance.attempt, lease.job.attempt, lease.fence], [attempt, attempt, attempt]);
        strictEqual(await queue.settle(lease, attempt < 5 ? again(lease) : ended(lease)), true);
      }
      deepStrictEqual((await store.attempts(job.instanceId)).map(({ attempt }) => attempt), [1, 2, 3, 4]);
      deepStrictEqual(await acquire(queue), []);
    },
  },
  {
    title: 'with a change that the run does not allow is refused whole',
    needs: NEEDS,
    async check({ engine }) {
      const lease = await running(engine);
      const end = ended(lease);
      const transitions = 'transitions' in end ? end.transitions.map((one) => (one.instanceId === lease.job.instanceId ? { ...one, from: ['Blocked' as const] } : one)) : [];
      strictEqual(await engine.queue.settle(lease, { transitions }), false);
      deepStrictEqual(await statesOf(engine, lease), ['Running', 'Running']);
      deepStrictEqual((await engine.queue.renew([lease])).lost, [], 'settle() that was refused must leave the lease as it was');
    },
  },
  {
    title: 'stays when the engine is found again after a crash',
    needs: [...NEEDS, 'reopen'],
    async check({ engine, reopen }) {
      const lease = await running(engine);
      const { queue } = await reopen();
      deepStrictEqual([await acquire(queue), (await queue.renew([lease])).lost], [[], []]);
      strictEqual(await queue.settle(lease, ended(lease)), true);
    },
  },
];
