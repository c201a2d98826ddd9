import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { Instance, InstanceQuery, JobStore } from '@nightshift/sdk';
import { at, endPair, insertPair, mustGoOn, plan, planRun, type Pair, type StoreProperty } from './bench.ts';

/** Three jobs with a child each: one of a definition that has ended, one of another that runs, one that nobody has started. */
async function threeJobs(store: JobStore): Promise<readonly [ended: Pair, running: Pair, fresh: Pair]> {
  const nightly = { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' };
  const ended = await insertPair(store, { name: 'Nightly', definition: nightly, origin: { kind: 'trigger', triggerId: '1', dueAt: at(0), catchUp: false } });
  const running = await insertPair(store, { name: 'Build', definition: { ...nightly, key: 'p/build', name: 'Build' }, origin: { kind: 'demand', runNow: true } });
  const fresh = await insertPair(store, { name: 'Build', definition: { ...nightly, key: 'p/build', name: 'Build' } });
  await endPair(store, ended, at(5));
  await store.transition(running.map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'Running' })));
  return [ended, running, fresh];
}

type Ask = (jobs: readonly [Pair, Pair, Pair]) => { readonly query: InstanceQuery; readonly finds: readonly Instance[] };

const QUESTIONS: readonly (readonly [what: string, ask: Ask])[] = [
  ['every instance, in ascending id order, where nothing narrows', (jobs) => ({ query: {}, finds: jobs.flat() })],
  ['instances by their ids, in ascending order whatever the order asked', ([a, b]) => ({ query: { ids: [b[0].id, a[1].id] }, finds: [a[1], b[0]] })],
  ['nothing where a list is empty', () => ({ query: { ids: [] }, finds: [] })],
  ['instances by their instance ids', ([, b]) => ({ query: { instanceIds: [b[1].instanceId] }, finds: [b[1]] })],
  ['instances by the end of an instance id', ([, , c]) => ({ query: { instanceIdPart: c[0].instanceId.slice(-9) }, finds: [c[0]] })],
  ['instances by the beginning of an instance id', (jobs) => ({ query: { instanceIdPart: jobs[0][0].instanceId.slice(0, 8) }, finds: jobs.flat() })],
  ['jobs by name, without case', ([, b, c]) => ({ query: { names: ['bUILD'] }, finds: [b[0], c[0]] })],
  ['instances by state', ([, b]) => ({ query: { states: ['Running'] }, finds: b })],
  ['instances in one of several states', ([a, , c]) => ({ query: { states: ['Completed', 'NotStarted'] }, finds: [...a, ...c] })],
  ['children by their parents', ([a, , c]) => ({ query: { parentIds: [a[0].id, c[0].id] }, finds: [a[1], c[1]] })],
  ['a job with its children', ([, b]) => ({ query: { family: b[0].id }, finds: b })],
  ['jobs without a parent', (jobs) => ({ query: { topLevel: true }, finds: jobs.map(([parent]) => parent) })],
  ['of a definition what a trigger or run-now started', ([a, b]) => ({ query: { definitions: ['p/nightly', 'p/build'] }, finds: [a[0], b[0]] })],
  ['instances above an id, the first so many of them', ([a, b]) => ({ query: { above: a[0].id, first: 2 }, finds: [a[1], b[0]] })],
  ['instances below an id, the last so many of them', ([, b, c]) => ({ query: { before: c[1].id, last: 2 }, finds: [b[1], c[0]] })],
  ['jobs of a definition, whatever started them', ([, b, c]) => ({ query: { definitionKeys: ['p/build'] }, finds: [b[0], c[0]] })],
  ['what has ended at an instant or after it', ([a]) => ({ query: { topLevel: true, endedSince: at(5) }, finds: [a[0]] })],
  ['nothing that had ended before', () => ({ query: { endedSince: at(6) }, finds: [] })],
  ['finished ones alone, where the newest are asked for', ([a]) => ({ query: { topLevel: true, newest: 5 }, finds: [a[0]] })],
  ['what all conditions together allow', ([, b]) => ({ query: { states: ['Running', 'NotStarted'], topLevel: true, definitions: ['p/build'] }, finds: [b[0]] })],
];

/** One query for every selector. */
export const queries: readonly StoreProperty[] = [
  ...QUESTIONS.map(([what, ask]): StoreProperty => ({
    title: `finds ${what}`,
    async check({ store }) {
      const { query, finds } = ask(await threeJobs(store));
      const ids = finds.map(({ id }) => id);
      deepStrictEqual((await store.find(query)).map(({ id }) => id), ids, `find(${JSON.stringify(query)}) found other instances`);
      if (query.newest === undefined && query.first === undefined && query.last === undefined) strictEqual(await store.count(query), ids.length, `count(${JSON.stringify(query)}) does not agree with find()`);
    },
  })),
  {
    title: 'finds those that ended last, where the newest are asked for, in id order',
    async check({ store }) {
      const jobs: Pair[] = [];
      for (const seconds of [30, 10, 20]) {
        const pair = await insertPair(store);
        await endPair(store, pair, at(seconds));
        jobs.push(pair);
      }
      deepStrictEqual((await store.find({ topLevel: true, newest: 2 })).map(({ id }) => id), [jobs[0]?.[0].id, jobs[2]?.[0].id]);
    },
  },
  {
    title: 'finds the last jobs of each of several definitions, those that ended last before the others',
    async check({ store }) {
      const [ended] = await threeJobs(store);
      const nightly = ended[0].definition as NonNullable<Instance['definition']>;
      const later: Pair[] = [];
      for (const seconds of [30, 10]) {
        const pair = await insertPair(store, { name: 'Nightly', definition: nightly });
        await endPair(store, pair, at(seconds));
        later.push(pair);
      }
      if (store.latestOf === undefined || store.lastEnds === undefined) return;
      const latest = await store.latestOf(['p/nightly', 'p/build', 'p/none'], 2);
      deepStrictEqual((latest.get('p/nightly') ?? []).map(({ id }) => id), later.map(([{ id }]) => id));
      deepStrictEqual([...(latest.get('p/build') ?? []), ...(latest.get('p/none') ?? [])], []);
      deepStrictEqual([...(await store.lastEnds(['p/nightly', 'p/build']))], [['p/nightly', { state: 'Completed', endTime: at(30) }]]);
    },
  },
  {
    title: 'finds everything below a job, however deep',
    async check({ store }) {
      const [top] = await store.insert(planRun({ origin: { kind: 'demand', runNow: false } }), []);
      const [child] = await store.insert(planRun({ parentInstanceId: top?.instanceId as string }), []);
      const [grandchild] = await store.insert(planRun({ parentInstanceId: child?.instanceId as string }), []);
      await insertPair(store);
      deepStrictEqual((await store.find({ below: [top?.id as number] })).map(({ id }) => id), [child?.id, grandchild?.id]);
      deepStrictEqual(await store.find({ below: [grandchild?.id as number] }), []);
    },
  },
  {
    title: 'lets a listing be read piece by piece, each job once',
    async check({ store }) {
      for (let count = 0; count < 7; count++) await store.insert(plan(), [planRun()]);
      const seen: number[] = [];
      for (let above = 0; ; above = seen.at(-1) as number) {
        const page = await store.find({ topLevel: true, above, first: 3 });
        if (page.length === 0) break;
        seen.push(...page.map(({ id }) => id));
        mustGoOn(seen, 7);
      }
      deepStrictEqual(seen, (await store.find({ topLevel: true })).map(({ id }) => id));
    },
  },
];
