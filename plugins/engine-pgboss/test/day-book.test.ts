import type { Instance, InstanceQuery, JobState } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { closeDays } from '../src/close-days.ts';
import type { EngineContext } from '../src/context.ts';
import { storeOf } from '../src/store/store.ts';
import { contextOf, newInstanceId, planJob, planRun } from './jobs-of-engine.ts';
import { serverOfThisFile } from './server.ts';

const file = serverOfThisFile();
const DAY = 86_400_000;
const NOON = Math.floor(Date.now() / DAY) * DAY + DAY / 2;
const at = (days: number, hours = 0): number => NOON - days * DAY + hours * 3_600_000;
const definition = (name: string) => ({ key: `p/${name}`, name, path: `/d/${name}.yaml` });

type Context = EngineContext & AsyncDisposable;

/** As many days: some jobs of each, a long one that ends late, one that never ends, and children that begin days after their parent. */
async function history(days: readonly number[] = [20, 17, 12, 3, 0], perDay = 1): Promise<Context> {
  const context = await contextOf(await file.fresh());
  const store = storeOf(context);
  const add = async (begin: number, end: number | undefined, facts: object = {}, state: JobState = 'Completed'): Promise<readonly Instance[]> => {
    const family = await store.insert(planJob({ instanceId: newInstanceId(begin), ...facts }), [planRun({ instanceId: newInstanceId(begin) })]);
    if (end !== undefined) await store.transition(family.map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: state, endTime: new Date(end) }) as const));
    return family;
  };
  for (const day of days) {
    for (let hour = 0; hour < perDay; hour++) await add(at(day, hour), at(day, hour + 1), { name: `N${hour}`, definition: definition(hour === 0 ? 'a' : 'b'), origin: { kind: 'demand', runNow: hour !== 2 } }, day % 3 === 0 && hour === 1 ? 'Failed' : 'Completed');
    if (day === 15) await add(at(day), at(1), { name: 'long' });
    if (day === 12) await add(at(day), undefined, { name: 'endless', definition: definition('a'), origin: { kind: 'demand', runNow: true } });
    if (day === 10) {
      const [top] = await store.insert(planRun({ instanceId: newInstanceId(at(10)), origin: { kind: 'demand', runNow: false }, name: 'workflow' }), []);
      const [child] = await store.insert(planRun({ instanceId: newInstanceId(at(8)), parentInstanceId: top?.instanceId ?? '' }), []);
      await store.insert(planRun({ instanceId: newInstanceId(at(6)), parentInstanceId: child?.instanceId ?? '' }), []);
      const all = await store.find({ below: [top?.id ?? 0] });
      await store.transition([...all, top as Instance].map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'Completed', endTime: new Date(at(5)) }) as const));
    }
  }
  return context;
}

const closed = async ({ database }: Context): Promise<number> => (await database.query('SELECT 1 FROM nightshift.day WHERE closed')).count;
const open = async ({ database }: Context): Promise<unknown> => database.query('UPDATE nightshift.day SET closed = false');

const UNFINISHED: readonly JobState[] = ['NotStarted', 'Running', 'Stopping'];

function questions(jobs: readonly Instance[]): readonly InstanceQuery[] {
  const [first, middle, last] = [jobs[0], jobs[Math.floor(jobs.length / 2)], jobs.at(-1)] as [Instance, Instance, Instance];
  const named = (name: string): number => jobs.find((job) => job.name === name)?.id ?? 0;
  return [
    {}, { topLevel: true }, { topLevel: true, states: UNFINISHED }, { states: ['Failed'] }, { topLevel: true, states: ['Failed', 'NotStarted'] },
    ...[1, 3, 7, 30, 500].flatMap((newest): InstanceQuery[] => [{ newest }, { topLevel: true, newest }, { topLevel: true, newest, states: ['Failed'] }, { definitions: ['p/a'], newest }, { names: ['long', 'n1'], newest }]),
    ...[1, 5, 50].flatMap((count): InstanceQuery[] => [0, middle.id, last.id - 3].map((above) => ({ above, first: count, topLevel: true }))),
    { above: middle.id }, { first: 4 }, { newest: 10, first: 2 }, { newest: 5, above: middle.id },
    { ids: [first.id, middle.id, last.id, 99_999] }, { ids: [] }, { instanceIds: [first.instanceId, middle.instanceId] }, { instanceIdPart: middle.instanceId.slice(0, 9) }, { instanceIdPart: middle.instanceId.slice(-6) },
    ...['workflow', 'long', 'endless', 'N0'].flatMap((name): InstanceQuery[] => [{ family: named(name) }, { parentIds: [named(name)] }, { below: [named(name)] }]),
    { below: jobs.map(({ id }) => id) }, { below: [named('workflow')], states: ['Completed'] }, { parentIds: jobs.map(({ id }) => id), states: ['Failed'] }, { family: 99_999 }, { below: [] },
    { definitions: ['p/a', 'p/b'] }, { definitions: ['p/a'], states: UNFINISHED }, { names: ['ENDLESS'] },
  ];
}

test('a question is answered alike whether days are closed or not', async () => {
  await using context = await history(Array.from({ length: 21 }, (_, index) => 20 - index), 3);
  const store = storeOf(context);
  const jobs = await store.find({ topLevel: true });
  const ask = async (): Promise<readonly unknown[]> => {
    const answers: unknown[] = [];
    for (const query of questions(jobs)) answers.push([query, (await store.find(query)).map(({ id }) => id), await store.count(query)]);
    for (const name of ['p/a', 'p/b']) answers.push([name, (await store.unfinishedOf(name)).map(({ id }) => id), (await store.finishedBeyond(name, 4)).map(({ id }) => id)]);
    return [...answers, (await store.beyondLimits({ jobs: 40 })).map(({ id }) => id)];
  };
  const before = await ask();
  await closeDays(context);
  expect(await closed(context)).toBeGreaterThan(14);
  const after = await ask();
  for (const [index, answer] of before.entries()) expect(after[index]).toEqual(answer);
});

test('a day on which something has not ended is not closed, and is when that has', async () => {
  await using context = await history();
  const store = storeOf(context);
  await closeDays(context);
  const before = await closed(context);
  const [endless] = await store.find({ names: ['endless'] });
  await store.transition((await store.find({ family: endless?.id ?? 0 })).map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'Stopped', endTime: new Date() })));
  await closeDays(context);
  expect(await closed(context)).toBe(before + 1);
});

test('a closed day is open again for who puts something into it, and is found', async () => {
  await using context = await history();
  const store = storeOf(context);
  await closeDays(context);
  const before = await closed(context);
  const [late] = await store.insert(planJob({ instanceId: newInstanceId(at(17)) }), [planRun({ instanceId: newInstanceId(at(17)) })]);
  expect(await closed(context)).toBe(before - 1);
  expect((await store.find({ topLevel: true, states: UNFINISHED })).map(({ id }) => id)).toContain(late?.id);
});

test('whoever closes a day waits for who is just putting something into it', async () => {
  await using context = await history();
  const { boss: _boss, database } = context;
  const store = storeOf(context);
  await closeDays(context);
  await open(context);
  const { promise: isIn, resolve: goesOn } = Promise.withResolvers<void>();
  const [copied] = await store.find({ topLevel: true, first: 1 });
  const writing = database.transaction(async (within) => {
    await within.query(`INSERT INTO nightshift.instance SELECT (jsonb_populate_record(row, '{"id": 77777, "instance_id": "${newInstanceId(at(20))}", "state": "NotStarted", "end_time": null}')).* FROM nightshift.instance AS row WHERE id = ${copied?.id ?? 0}`);
    await isIn;
  });
  const closing = closeDays(context);
  await new Promise((resolve) => setImmediate(resolve));
  goesOn();
  await Promise.all([writing, closing]);
  expect((await store.find({ topLevel: true, states: UNFINISHED })).map(({ id }) => id)).toContain(77_777);
});
