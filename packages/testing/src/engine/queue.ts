import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { Engine, Instance, NewInstance } from '@nightshift/sdk';
import { eventually, LATE, pause, within } from '../real-time.ts';
import { must } from '../runner.ts';
import { plan, planWaiting } from '../store/bench.ts';
import { acquire, acquireOne, awaitLease, begin, ended, fromBoth, HOST, idsOf, OTHER, PATIENCE, submit, type EngineProperty } from './bench.ts';
import { decision, instancesOf, started } from './plans.ts';

const NEEDS = ['queue'] as const;

async function submitAll(store: Engine['store'], facts: readonly Partial<NewInstance>[]): Promise<readonly Instance[]> {
  const runs: Instance[] = [];
  for (const one of facts) runs.push((await submit(store, one))[1]);
  return runs;
}

/** The order in which one slot gets them. */
async function inTurn({ queue }: Engine, runs: readonly Instance[]): Promise<readonly number[]> {
  const order: number[] = [];
  while (order.length < runs.length) {
    const lease = await acquireOne(queue, { slots: 1 });
    order.push(runs.findIndex(({ instanceId }) => instanceId === lease.instance.instanceId));
    await queue.settle(lease, ended(lease));
  }
  return order;
}

/** What waits, and whom it is given to. */
export const queue: readonly EngineProperty[] = [
  {
    title: 'gives a run that was inserted to one host, with its job and what is to be run',
    needs: NEEDS,
    async check({ engine }) {
      const [job, run] = await submit(engine.store);
      const lease = await acquireOne(engine.queue);
      deepStrictEqual({ host: lease.host, fence: lease.fence, job: lease.job.id, run: lease.instance.id, launch: lease.instance.launch, carries: lease.instance.run?.carries, seen: lease.instance.fence }, { host: HOST, fence: 1, job: job.id, run: run.id, launch: '{"argv":["true"]}', carries: 'exercise', seen: 1 });
      deepStrictEqual(await acquire(engine.queue, { host: OTHER }), []);
    },
  },
  {
    title: 'gives out a job that is its own run, and none that a person runs elsewhere',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      const [code] = await store.insert(plan({ run: { carries: 'exercise', form: 'code' }, launch: '{}' }), []);
      await store.insert(plan(), []);
      await store.insert(plan(), [plan({ origin: { kind: 'parent' }, run: { carries: 'exercise', holder: { host: 'h', boot: 'b', pid: 1, startTime: '1' } } })]);
      const { instance, job } = await acquireOne(queue);
      deepStrictEqual([instance.id, job.id], [code?.id, code?.id]);
    },
  },
  {
    title: 'gives out what a trigger has fired',
    needs: NEEDS,
    async check({ engine: { firings, queue } }) {
      const [result] = await firings.fire([decision([started(5)])]);
      const { instance, job } = await acquireOne(queue);
      deepStrictEqual([job.id, instance.id], instancesOf(result).map(({ id }) => id));
    },
  },
  {
    title: 'has one place for a run that was inserted twice',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      const [job, run] = [plan(), planWaiting()];
      const first = await store.insert(job, [run]);
      deepStrictEqual(await store.insert(job, [run]), first, 'insert() of instance ids that exist must answer with what is stored, and write nothing');
      await acquireOne(queue);
      strictEqual((await store.find({})).length, 2);
    },
  },
  {
    title: 'gives each run to one of eight who ask at the same time',
    needs: NEEDS,
    async check(bench) {
      const runs = await submitAll(bench.engine.store, Array.from({ length: 24 }, () => ({})));
      const leases = (await fromBoth(bench, 8, ({ queue }, index) => acquire(queue, { host: `host-${index}`, slots: 5 }))).flat();
      leases.push(...(await acquire(bench.engine.queue)));
      deepStrictEqual(idsOf(leases), runs.map(({ instanceId }) => instanceId).toSorted(), 'acquire() gave a run to nobody, or to several: take an entry in one statement that others pass over');
    },
  },
  {
    title: 'gives no more than there are slots for, the oldest first',
    needs: NEEDS,
    async check({ engine }) {
      const runs = await submitAll(engine.store, [{}, {}, {}]);
      deepStrictEqual(await acquire(engine.queue, { slots: 0 }), []);
      const leases = await acquire(engine.queue, { slots: 2 });
      deepStrictEqual(leases.map(({ instance }) => instance.id), runs.slice(0, 2).map(({ id }) => id));
    },
  },
  {
    title: 'gives the highest priority first, and of one priority the oldest',
    needs: NEEDS,
    async check({ engine }) {
      const runs = await submitAll(engine.store, [{ priority: -1 }, {}, { priority: 5 }, {}, { priority: 5 }]);
      deepStrictEqual(await inTurn(engine, runs), [2, 4, 1, 3, 0]);
    },
  },
  {
    title: 'keeps a run until its time has come',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      const notBefore = new Date(Date.now() + 700);
      await submit(store, { notBefore });
      deepStrictEqual(await acquire(queue), []);
      await awaitLease(() => acquire(queue), 'acquire()');
      must(Date.now() >= notBefore.getTime() - 50, 'acquire() gave a run out before its time', 'Compare notBefore with the clock of the engine');
    },
  },
  {
    title: 'gives a host runs of its routes only, and those without a route to the route default',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      const [plain, linux, gpu] = await submitAll(store, [{}, { route: 'linux' }, { route: 'linux+gpu' }]);
      deepStrictEqual(await acquire(queue, { routes: ['windows'] }), []);
      deepStrictEqual(idsOf(await acquire(queue, { routes: ['linux'] })), [linux?.instanceId]);
      deepStrictEqual(idsOf(await acquire(queue, { routes: ['default', 'linux+gpu'] })), [plain?.instanceId, gpu?.instanceId].toSorted());
    },
  },
  {
    title: 'gives the first of several routes together, by their priority',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      const runs = await submitAll(store, [{ route: 'a' }, { route: 'b', priority: 3 }, { route: 'a', priority: 2 }, { route: 'b' }]);
      const leases = await acquire(queue, { routes: ['a', 'b'], slots: 3 });
      deepStrictEqual(idsOf(leases), [runs[1], runs[2], runs[0]].map((run) => run?.instanceId).toSorted());
    },
  },
  {
    title: 'gives a host only types that it can run',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      const [, http] = await submitAll(store, [{ type: 'BackgroundJob' }, { type: 'HttpJob' }]);
      deepStrictEqual(await acquire(queue, { types: [] }), []);
      deepStrictEqual(idsOf(await acquire(queue, { types: ['HttpJob', 'ThreadJob'] })), [http?.instanceId]);
    },
  },
  {
    title: 'lets a run that queues behind others of its definition wait until they have ended',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      const definition = { key: 'p/queued', name: 'Queued', path: '/d/Queued.yaml' };
      const job = { definition, origin: { kind: 'demand', runNow: true } } as const;
      await submit(store, {}, job);
      const [, second] = await submit(store, { queued: true }, job);
      const [, third] = await submit(store, { queued: true }, job);
      const lease = await acquireOne(queue);
      await queue.settle(lease, ended(lease));
      const next = await awaitLease(() => acquire(queue), 'acquire()');
      strictEqual(next.instance.id, second.id, 'acquire() gave out a run that queues before those that came earlier have ended');
      await queue.settle(next, ended(next));
      strictEqual((await awaitLease(() => acquire(queue), 'acquire()')).instance.id, third.id);
    },
  },
  {
    title: 'never lets more than its limit of a cap run, whoever asks, and all of them in the end',
    needs: NEEDS,
    async check(bench) {
      const runs = await submitAll(bench.engine.store, Array.from({ length: 12 }, () => ({ cap: { key: 'licence', limit: 2 } })));
      await submitAll(bench.engine.store, [{ cap: { key: 'another', limit: 1 } }, {}]);
      const capped = new Set(runs.map(({ instanceId }) => instanceId));
      const held = new Set<string>();
      const done = new Set<string>();
      let most = 0;
      await fromBoth(bench, 6, async ({ queue }, index) => {
        const deadline = performance.now() + 30_000;
        while (done.size < runs.length + 2 && performance.now() < deadline) {
          const leases = await acquire(queue, { host: `host-${index}`, slots: 4 });
          for (const { instance } of leases) if (capped.has(instance.instanceId)) held.add(instance.instanceId);
          most = Math.max(most, held.size);
          await pause(5);
          for (const lease of leases) {
            held.delete(lease.instance.instanceId);
            strictEqual(await queue.settle(lease, ended(lease)), true);
            done.add(lease.instance.instanceId);
          }
        }
      });
      must(most <= 2, `${most} runs with a cap of 2 ran at once`, 'Count those that run under a lock of the cap, in the transaction that takes the next');
      strictEqual(done.size, runs.length + 2, 'acquire() left runs behind, although the cap was free again');
    },
  },
  {
    title: 'gives out what waits behind any number of runs whose caps are full',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      const cap = (index: number): Partial<NewInstance> => ({ cap: { key: `licence-${index}`, limit: 1 }, priority: 1 });
      const caps = Array.from({ length: 15 }, (_, index) => cap(index));
      await submitAll(store, caps);
      strictEqual((await acquire(queue)).length, caps.length);
      await submitAll(store, [...caps, ...caps]);
      const [free] = await submitAll(store, [{}]);
      deepStrictEqual(idsOf(await acquire(queue, { slots: 1 })), [free?.instanceId], 'acquire() let runs whose caps are full stand in the way of one that may start');
    },
  },
  {
    title: 'says how many wait and how many run, and since when the oldest waits',
    needs: NEEDS,
    async check({ engine: { store, queue } }) {
      deepStrictEqual(await queue.depth('default'), { queued: 0, active: 0, oldest: null });
      const before = Date.now();
      await submitAll(store, [{}, {}, {}, { route: 'linux' }]);
      const lease = await acquireOne(queue, { slots: 1 });
      const { queued, active, oldest } = await queue.depth('default');
      deepStrictEqual([queued, active], [2, 1]);
      must(oldest !== null && Math.abs(oldest.getTime() - before) < 60_000, `depth() says that the oldest waits since ${String(oldest)}`, 'Answer with when it came into the queue');
      await queue.settle(lease, ended(lease));
      strictEqual((await queue.depth('default')).active, 0);
    },
  },
  {
    title: 'wakes whoever watches when something comes, and lets go of those who have seen enough',
    needs: NEEDS,
    async check({ engine, another }) {
      const { store } = await another();
      if (store.watch === undefined) return;
      const { watch } = store;
      const enough = new AbortController();
      let hints = 0;
      const watching = (async () => {
        for await (const _hint of watch(enough.signal)) hints += 1;
      })();
      // Each of them may be lost; not all of them.
      const isWoken = await eventually(PATIENCE, async () => {
        const before = hints;
        await submit(engine.store);
        return await eventually(500, () => hints > before && before > 0);
      });
      must(isWoken, 'watch() never told of a run that was inserted', 'Tell after the commit; whoever waits looks then, and not only when a quarter of a second has passed');
      enough.abort();
      must((await within(PATIENCE, watching)) !== LATE, 'watch() went on after its signal', 'End with the signal');
    },
  },
  {
    title: 'knows the hosts that have said that they are there, and what they run',
    needs: NEEDS,
    async check({ engine, another }) {
      const { queue } = await another();
      await queue.register({ name: HOST, routes: ['default'], slots: 8 });
      await queue.register({ name: OTHER, routes: ['linux', 'gpu'], slots: 2 });
      await queue.register({ name: HOST, routes: ['default', 'linux'], slots: 4 });
      await submit(engine.store);
      await begin(engine, await acquireOne(engine.queue));
      const hosts = (await engine.queue.hosts()).toSorted((a, b) => a.name.localeCompare(b.name));
      deepStrictEqual(hosts.map(({ name, routes, slots, running }) => ({ name, routes, slots, running })), [{ name: HOST, routes: ['default', 'linux'], slots: 4, running: 1 }, { name: OTHER, routes: ['linux', 'gpu'], slots: 2, running: 0 }]);
      for (const { lastSeen } of hosts) must(Math.abs(Date.now() - lastSeen.getTime()) < 60_000, `a host that was just seen is shown as last seen at ${lastSeen.toISOString()}`, 'Write down when it registered');
    },
  },
];
