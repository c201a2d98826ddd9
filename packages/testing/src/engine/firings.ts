import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { move } from '../store/bench.ts';
import { fromBoth, type EngineProperty } from './bench.ts';
import { clock, decision, history, instancesOf, KEY, minute, planRunNow, planStart, skipped, started, words } from './plans.ts';

/** What a decision writes, and that it is written whole, once, or not at all. */
export const firings: readonly EngineProperty[] = [
  {
    title: 'writes the firing, the job with its child, and the clock',
    async check({ engine: { store, firings } }) {
      const firing = started(5);
      const to = clock({ lastDueAt: minute(5), nextDueAt: minute(6), event: 'boot-1' });
      const [result] = await firings.fire([decision([firing], [{ to }])]);
      const instances = instancesOf(result);
      const [job, run] = instances;
      deepStrictEqual(instances.map(({ state, attempt, parentId }) => ({ state, attempt, parentId })), [{ state: 'NotStarted', attempt: 1, parentId: undefined }, { state: 'NotStarted', attempt: 1, parentId: job?.id }]);
      deepStrictEqual({ name: job?.name, origin: job?.origin, child: run?.origin, launch: run?.launch }, { name: 'Nightly', origin: { kind: 'trigger', triggerId: '1', dueAt: minute(5), catchUp: false }, child: { kind: 'parent', parentId: job?.id }, launch: '{}' });
      deepStrictEqual([...(await store.find({}))], instances, 'find() must answer with the instances exactly as fire() did');
      deepStrictEqual(await firings.firings({ limit: 9 }), [{ definition: KEY, triggerId: 1, dueAt: minute(5), lastDueAt: minute(5), count: 1, decidedAt: minute(0), word: 'Started', instanceId: firing.instanceId }]);
      deepStrictEqual(await firings.clocks(), [to]);
    },
  },
  {
    title: 'of which eight callers decide at the same time is written once, with one job',
    async check(bench) {
      const results = await fromBoth(bench, 8, ({ firings }) => firings.fire([decision([started(5)], [{ to: clock({ lastDueAt: minute(5) }) }])]));
      deepStrictEqual(words(results.flat()).toSorted(), ['already-fired', 'already-fired', 'already-fired', 'already-fired', 'already-fired', 'already-fired', 'already-fired', 'fired'], 'fire() gave one due time several words: decide under a lock per definition, in one transaction');
      deepStrictEqual(await history(bench.engine.firings), ['5 Started']);
      strictEqual((await bench.engine.store.find({ topLevel: true })).length, 1, 'fire() inserted the job of a decision that it refused');
    },
  },
  {
    title: 'has an answer of its own for each of several in one call, and one that is refused leaves no trace',
    async check({ engine: { store, firings } }) {
      await firings.fire([decision([started(5)])]);
      const results = await firings.fire([decision([started(6)]), decision([started(7), skipped(5)], [{ to: clock() }]), decision([started(8)])]);
      deepStrictEqual(words(results), ['fired', 'already-fired', 'fired']);
      deepStrictEqual(await history(firings), ['8 Started', '6 Started', '5 Started']);
      deepStrictEqual(await firings.clocks(), []);
      strictEqual((await store.find({ topLevel: true })).length, 3);
    },
  },
  {
    title: 'sees what an earlier one of its call has written',
    async check({ engine: { firings } }) {
      const first = started(5);
      const [fired] = await firings.fire([decision([first], [], { unfinished: [] })]);
      const job = instancesOf(fired)[0]?.id as number;
      const results = await firings.fire([decision([started(6)], [], { unfinished: [job] }), decision([started(6)]), decision([started(7)], [], { unfinished: [job] })]);
      deepStrictEqual(words(results), ['fired', 'already-fired', 'changed']);
    },
  },
  {
    title: 'of nothing writes nothing',
    async check({ engine: { firings } }) {
      deepStrictEqual(await firings.fire([]), []);
      deepStrictEqual(await firings.fire([decision([])]), [{ is: 'fired', instances: [] }]);
    },
  },
  {
    title: 'of run-now starts a job without a firing',
    async check({ engine: { store, firings } }) {
      const start = planRunNow();
      const [result] = await firings.fire([decision([], [], { unfinished: [], starts: [start] })]);
      deepStrictEqual(instancesOf(result).map(({ instanceId }) => instanceId), start.map(({ instanceId }) => instanceId));
      deepStrictEqual(await history(firings), []);
      deepStrictEqual(words(await firings.fire([decision([], [], { unfinished: [], starts: [planRunNow()] })])), ['changed']);
      strictEqual((await store.find({ topLevel: true })).length, 1);
    },
  },
  {
    title: 'is refused as changed when a job that it looked at has ended, or another has begun, since',
    async check({ engine: { store, firings } }) {
      const [first] = await firings.fire([decision([started(1)], [], { unfinished: [] })]);
      const [job] = instancesOf(first);
      const seen = [job?.id as number];
      deepStrictEqual(words(await firings.fire([decision([started(2)], [], { unfinished: [] })])), ['changed'], 'fire() passed over a job that had begun since: compare the unfinished jobs in the same transaction');
      await store.transition(instancesOf(first).map((one) => move(one, ['NotStarted'], 'Completed', { endTime: minute(3) })));
      deepStrictEqual(words(await firings.fire([decision([started(2)], [], { unfinished: seen })])), ['changed'], 'fire() passed over a job that had ended since: compare the unfinished jobs in the same transaction');
      deepStrictEqual(words(await firings.fire([decision([started(2)], [], { unfinished: [] })])), ['fired']);
    },
  },
  {
    title: 'of two triggers of one definition, made at the same time where nothing ran, starts one job',
    async check(bench) {
      const results = await fromBoth(bench, 2, ({ firings }, index) => firings.fire([decision([started(5, { triggerId: index + 1 })], [], { unfinished: [] })]));
      deepStrictEqual(words(results.flat()).toSorted(), ['changed', 'fired'], 'fire() let both see that nothing runs: hold a lock per definition until the transaction ends');
    },
  },
  {
    title: 'does not depend on jobs that people started, nor on those of a definition of the same name elsewhere',
    async check({ engine: { store, firings } }) {
      const [job] = planStart(minute(1));
      await store.insert({ ...job, origin: { kind: 'demand', runNow: false } }, []);
      await firings.fire([decision([started(5, {}, 'q/nightly')], [], { definition: 'q/nightly' })]);
      deepStrictEqual(words(await firings.fire([decision([started(5)], [{ to: clock() }], { unfinished: [] })])), ['fired']);
      deepStrictEqual(await firings.definitions(), [KEY, 'q/nightly']);
      deepStrictEqual([await history(firings, { definitions: ['q/nightly'] }), (await firings.clocks(['q/nightly'])).length], [['5 Started'], 0]);
    },
  },
  {
    title: 'stays when the engine is found again after a crash',
    needs: ['reopen'],
    async check({ engine, reopen }) {
      const to = clock({ lastDueAt: minute(5), nextDueAt: minute(6) });
      await engine.firings.fire([decision([started(5)], [{ to }])]);
      const { store, firings } = await reopen();
      deepStrictEqual(words(await firings.fire([decision([started(5)])])), ['already-fired']);
      deepStrictEqual([await history(firings), await firings.clocks(), (await store.find({ topLevel: true })).length], [['5 Started'], [to], 1]);
    },
  },
];
