import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { Wish } from '@nightshift/sdk';
import { rowOf } from '../store/bench.ts';
import { acquire, acquireOne, again, awaitExpired, begin, ended, submit, type EngineProperty } from './bench.ts';

const NEEDS = ['queue'] as const;

/** What people ask of a run that some host holds. */
export const wishes: readonly EngineProperty[] = [
  {
    title: 'of a run that goes on is told at the next renewal, again and again, until it is fulfilled',
    needs: NEEDS,
    async check({ engine, another }) {
      await submit(engine.store);
      const lease = await acquireOne(engine.queue);
      await begin(engine, lease);
      const { instanceId } = lease.instance;
      const wish: Wish = { wish: 'stop', reason: 'timeout', gracePeriod: 1_500 };
      strictEqual(await (await another()).store.wish(instanceId, wish), true);
      for (let turn = 0; turn < 2; turn++) deepStrictEqual(await engine.queue.renew([lease]), { lost: [], wishes: [{ ...wish, instanceId }] }, 'renew() must tell a wish until it was fulfilled');
      deepStrictEqual((await engine.queue.renew([lease], [instanceId])).wishes, []);
      deepStrictEqual((await engine.queue.renew([lease])).wishes, []);
    },
  },
  {
    title: 'that came after the one that was fulfilled is told all the same',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      await submit(store);
      const lease = await acquireOne(queue);
      const { instanceId } = lease.instance;
      await store.wish(instanceId, { wish: 'suspend' });
      await queue.renew([lease]);
      await store.wish(instanceId, { wish: 'resume' });
      deepStrictEqual((await queue.renew([lease], [instanceId])).wishes, [{ wish: 'resume', instanceId }], 'renew() took away a wish that it had not told yet: what is fulfilled is the one that was told last');
      deepStrictEqual((await queue.renew([lease], [instanceId])).wishes, []);
    },
  },
  {
    title: 'goes with the host that takes the run over',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      await submit(store);
      const lease = await acquireOne(queue);
      await store.wish(lease.instance.instanceId, { wish: 'kill' });
      const taken = await awaitExpired(queue);
      deepStrictEqual((await queue.renew([taken])).wishes, [{ wish: 'kill', instanceId: lease.instance.instanceId }]);
    },
  },
  {
    title: 'to stop one that waits stops it and its job at once, and nobody gets it any more',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      const [job, run] = await submit(store, { notBefore: new Date(Date.now() + 60_000) });
      const [otherJob, other] = await submit(store);
      strictEqual(await store.wish(run.instanceId, { wish: 'stop' }), true);
      strictEqual(await store.wish(other.instanceId, { wish: 'kill' }), true);
      for (const one of [job, run, otherJob, other]) strictEqual((await rowOf(store, one)).state, 'Stopped');
      deepStrictEqual(await acquire(queue), []);
      strictEqual((await queue.depth('default')).queued, 0, 'a wish that stops a run must take it out of the queue in the same step');
    },
  },
  {
    title: 'to stop a run whose next attempt waits stops it at once',
    needs: NEEDS,
    async check({ engine }) {
      await submit(engine.store);
      const lease = await acquireOne(engine.queue);
      await begin(engine, lease);
      await engine.queue.settle(lease, again(lease));
      strictEqual(await engine.store.wish(lease.instance.instanceId, { wish: 'stop' }), true);
      deepStrictEqual([(await rowOf(engine.store, lease.instance)).state, (await rowOf(engine.store, lease.job)).state], ['Stopped', 'Stopped']);
      deepStrictEqual(await acquire(engine.queue), []);
    },
  },
  {
    title: 'of a run that has ended is refused',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      await submit(store);
      const lease = await acquireOne(queue);
      await queue.settle(lease, ended(lease));
      strictEqual(await store.wish(lease.instance.instanceId, { wish: 'stop' }), false);
    },
  },
  {
    title: 'and a host that asks for work at the same time leave one of both: stopped, or told',
    needs: NEEDS,
    async check({ engine, another }) {
      const { store } = await another();
      for (let turn = 0; turn < 8; turn++) {
        const [, run] = await submit(engine.store);
        const [leases] = await Promise.all([acquire(engine.queue), store.wish(run.instanceId, { wish: 'stop' })]);
        const { state } = await rowOf(engine.store, run);
        const told = leases.length === 0 ? [] : (await engine.queue.renew(leases)).wishes.map(({ wish }) => wish);
        deepStrictEqual({ state, told }, leases.length === 0 ? { state: 'Stopped', told: [] } : { state: 'NotStarted', told: ['stop'] });
        for (const lease of leases) await engine.queue.settle(lease, ended(lease, 'Stopped'));
      }
    },
  },
];
