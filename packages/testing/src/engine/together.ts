import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { at, rowOf } from '../store/bench.ts';
import { acquire, acquireOne, again, begin, ended, submit, type EngineProperty } from './bench.ts';
import { clock, decision, history, started, words } from './plans.ts';

const NEEDS = ['queue', 'jam'] as const;

/** Rows and places in the queue are one step. */
export const together: readonly EngineProperty[] = [
  {
    title: 'a job that cannot be queued is not inserted',
    needs: NEEDS,
    async check({ engine: { store, queue }, jam }) {
      const mend = await jam();
      await rejects(submit(store), 'insert() must fail when the place in the queue cannot be written');
      await mend();
      deepStrictEqual([await store.find({}), await acquire(queue)], [[], []]);
    },
  },
  {
    title: 'a decision whose job cannot be queued leaves neither firing nor clock nor job, and may be made again',
    needs: NEEDS,
    async check({ engine: { store, firings, queue }, jam }) {
      const decided = decision([started(5)], [{ to: clock() }]);
      const mend = await jam();
      await rejects(firings.fire([decided]), 'fire() must fail when the place in the queue cannot be written');
      await mend();
      deepStrictEqual([await store.find({}), await history(firings), await firings.clocks(), await acquire(queue)], [[], [], [], []]);
      deepStrictEqual(words(await firings.fire([decided])), ['fired']);
      await acquireOne(queue);
    },
  },
  {
    title: 'an end that fails leaves the run as it was, with its lease, and may be given again',
    needs: NEEDS,
    async check({ engine, jam }) {
      const { store, queue } = engine;
      await submit(store);
      const lease = await acquireOne(queue);
      await begin(engine, lease);
      for (const end of [ended(lease), again(lease)]) {
        const mend = await jam();
        await rejects(queue.settle(lease, end), 'settle() must fail when the end of the entry cannot be written');
        await mend();
        const row = await rowOf(store, lease.instance);
        deepStrictEqual([row.state, row.attempt, await store.attempts(row.instanceId)], ['Running', 1, []]);
      }
      deepStrictEqual((await queue.renew([lease])).lost, []);
      strictEqual(await queue.settle(lease, ended(lease)), true);
    },
  },
  {
    title: 'a lease that cannot be taken leaves the run waiting, under the fence that it had',
    needs: NEEDS,
    async check({ engine: { store, queue }, jam }) {
      await submit(store);
      const mend = await jam();
      await rejects(acquire(queue), 'acquire() must fail when the entry cannot be taken');
      await mend();
      strictEqual((await acquireOne(queue)).fence, 1, 'acquire() raised the fence of a run that it did not give out');
    },
  },
  {
    title: 'whoever looks while a run ends sees its last state, or a run that goes on',
    needs: ['queue'],
    async check({ engine, another }) {
      const { store, queue } = await another();
      for (let turn = 0; turn < 6; turn++) {
        await submit(engine.store);
        const lease = await acquireOne(engine.queue);
        const settling = engine.queue.settle(lease, ended(lease));
        const { lost } = await queue.renew([lease]);
        const { state, endTime } = await rowOf(store, lease.instance);
        if (lost.length > 0) deepStrictEqual([state, endTime], ['Completed', at(9)], 'the lease was gone before the last state was there');
        strictEqual(await settling, true);
      }
    },
  },
];
