import { describe, expect, test } from 'vitest';
import type { EngineContext } from '../src/context.ts';
import { dayOf } from '../src/days.ts';
import { fire } from '../src/firings/fire.ts';
import { storeOf } from '../src/store/store.ts';
import { keepUp, upkeepOf } from '../src/upkeep.ts';
import { contextOf, newInstanceId, planJob, planRun } from './jobs-of-engine.ts';
import { nth, serverOfThisFile } from './server.ts';

const file = serverOfThisFile();
const DAY = 86_400_000;
/** So many days before today, at noon. */
const ago = (days: number): number => Math.floor(Date.now() / DAY) * DAY + DAY / 2 - days * DAY;

type Context = EngineContext & AsyncDisposable;

async function insert(context: Context, moment: number, ends: boolean, output = false): Promise<string> {
  const store = storeOf(context);
  const family = await store.insert(planJob({ instanceId: newInstanceId(moment) }), [planRun({ instanceId: newInstanceId(moment) })]);
  if (ends) await store.transition(family.map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'Completed', endTime: new Date(moment), outputBytes: 5 }) as const));
  if (output) await context.database.query(`INSERT INTO nightshift.segment (day, instance_id, attempt, channel, position, size, bytes) VALUES ('${dayOf(new Date(moment))}', '${family[1]?.instanceId}', 1, 'stdout', 0, 1, 'x')`);
  return dayOf(new Date(moment));
}

const partitions = async ({ database }: Context, table: string): Promise<readonly string[]> =>
  (await database.query<{ name: string }>(`SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname LIKE '${table}\\_%' ORDER BY 1`)).rows.map(({ name }) => name.slice(table.length + 1));
const plain = (day: string): string => day.replaceAll('-', '');
const ids = async (context: Context): Promise<readonly number[]> => (await storeOf(context).find({})).map(({ id }) => id);

describe('a day that is older than is kept', () => {
  test('goes as a whole, with its jobs, their output and their counts', async () => {
    await using context = await contextOf(await file.fresh({ keepDays: 10, output: { folder: '/tmp/never-used' } }));
    const [old, young] = [await insert(context, ago(11), true, true), await insert(context, ago(10), true, true)];
    expect(await storeOf(context).count({ topLevel: true, states: ['Completed', 'Failed', 'Stopped'] })).toBe(2);
    await keepUp(context);
    const left = await partitions(context, 'segment');
    expect([left.includes(plain(old)), left.includes(plain(young))]).toEqual([false, true]);
    expect(await ids(context)).toEqual([nth(3), nth(4)]);
    expect(await storeOf(context).count({ topLevel: true, states: ['Completed', 'Failed', 'Stopped'] })).toBe(1);
    expect((await context.database.query('SELECT object FROM nightshift.gone')).rows).toContainEqual({ object: `${old}/` });
  });

  test('stays as long as something that began then has not ended', async () => {
    await using context = await contextOf(await file.fresh({ keepDays: 10 }));
    await insert(context, ago(20), true);
    const busy = await insert(context, ago(20), false);
    await keepUp(context);
    expect(await partitions(context, 'instance')).toContain(plain(busy));
    expect(await ids(context)).toEqual([nth(1), nth(2), nth(3), nth(4)]);
  });

  test('takes children along that began behind its midnight, and waits for them', async () => {
    await using context = await contextOf(await file.fresh({ keepDays: 10 }));
    const store = storeOf(context);
    const family = await store.insert(planJob({ instanceId: newInstanceId(ago(11)) }), [planRun({ instanceId: newInstanceId(ago(10)) })]);
    const end = (index: number) => store.transition([{ instanceId: family[index]?.instanceId ?? '', from: ['NotStarted'], to: 'Completed', endTime: new Date(ago(9)) }]);
    await end(0);
    await keepUp(context);
    expect(await ids(context)).toEqual([nth(1), nth(2)]);
    await end(1);
    await context.database.query('DELETE FROM nightshift.upkeep');
    await keepUp(context);
    expect(await ids(context)).toEqual([]);
  });

  test('of firings goes but for a range that reaches further, and for what waits', async () => {
    await using context = await contextOf(await file.fresh({ keepDays: 10 }));
    const clock = { definition: 'p/a', triggerId: 1, revision: 'r', enabled: true, knownSince: new Date(ago(90)) };
    const skipped = (from: number, to = from) => ({ triggerId: 1, dueAt: new Date(ago(from)), lastDueAt: new Date(ago(to)), word: 'Skipped', reason: 'misfire' }) as const;
    await fire(context, [{ definition: 'p/a', decidedAt: new Date(), clocks: [{ to: clock }], firings: [skipped(50), { triggerId: 2, dueAt: new Date(ago(40)), word: 'Waiting' }, { ...skipped(40), triggerId: 3 }, skipped(30, 2)] }]);
    await fire(context, [{ definition: 'p/a', decidedAt: new Date(), clocks: [{ to: { ...clock, triggerId: 2 } }], firings: [] }]);
    await keepUp(context);
    const { rows } = await context.database.query<{ trigger_id: number; word: string }>('SELECT trigger_id, word FROM nightshift.firing ORDER BY due_at');
    expect(rows).toEqual([{ trigger_id: 2, word: 'Waiting' }, { trigger_id: 1, word: 'Skipped' }]);
    expect(await partitions(context, 'firing')).not.toContain(plain(dayOf(new Date(ago(50)))));
  });

  test('of firings goes but for the newest word of a trigger that goes on', async () => {
    await using context = await contextOf(await file.fresh({ keepDays: 10 }));
    const clockOf = (triggerId: number) => ({ definition: 'p/a', triggerId, revision: 'r', enabled: true, knownSince: new Date(ago(90)) });
    const skipped = (triggerId: number, from: number, word: 'Skipped' | 'Void' = 'Skipped') => ({ triggerId, dueAt: new Date(ago(from)), word, ...(word === 'Void' ? {} : { reason: 'misfire' as const }) });
    await fire(context, [{ definition: 'p/a', decidedAt: new Date(), clocks: [{ to: clockOf(1) }, { to: clockOf(2) }], firings: [skipped(1, 40), skipped(1, 30), skipped(1, 20, 'Void'), skipped(2, 30), skipped(2, 5), skipped(3, 30)] }]);
    await keepUp(context);
    const { rows } = await context.database.query<{ trigger_id: number; day: string }>('SELECT trigger_id, due_at::date AS day FROM nightshift.firing ORDER BY due_at');
    expect(rows).toEqual([{ trigger_id: 1, day: dayOf(new Date(ago(30))) }, { trigger_id: 2, day: dayOf(new Date(ago(5))) }]);
  });
});

describe('upkeep', () => {
  test('makes the days to come', async () => {
    await using context = await contextOf(await file.fresh());
    await keepUp(context);
    expect(await partitions(context, 'instance')).toEqual(expect.arrayContaining([0, -1, -2, -3].map((days) => plain(dayOf(new Date(ago(days)))))));
  });

  test('adds changes to the hourly counts, and no count is lost or doubled', async () => {
    await using context = await contextOf(await file.fresh());
    for (let index = 0; index < 3; index++) await insert(context, ago(0), true);
    const counted = (): Promise<number> => storeOf(context).count({ topLevel: true, states: ['Completed', 'Failed', 'Stopped'] });
    await keepUp(context);
    expect((await context.database.query('SELECT definition, state, jobs, bytes FROM nightshift.tally')).rows).toEqual([{ definition: '', state: 'Completed', jobs: 3, bytes: 15 }]);
    expect((await context.database.query('SELECT * FROM nightshift.tally_change')).rows).toEqual([]);
    await insert(context, ago(0), true);
    expect(await counted()).toBe(4);
    await context.database.query('DELETE FROM nightshift.upkeep');
    await keepUp(context);
    expect(await counted()).toBe(4);
    expect((await context.database.query('SELECT jobs FROM nightshift.tally')).rows).toEqual([{ jobs: 4 }]);
  });

  test('is done by one of many', async () => {
    const options = await file.fresh();
    await using one = await contextOf(options);
    await using other = await contextOf(options);
    await keepUp(one);
    await insert(one, ago(0), true);
    await keepUp(other);
    expect((await one.database.query('SELECT * FROM nightshift.tally_change')).rows).toHaveLength(1);
  });

  test('of one kind that fails keeps no other from being done', async () => {
    await using context = await contextOf(await file.fresh({ keepDays: 10 }));
    const old = await insert(context, ago(20), true);
    await context.database.query('DROP TABLE nightshift.tally; DROP FUNCTION nightshift.close_day');
    await expect(keepUp(context)).rejects.toThrow('nightshift.tally');
    const days = await partitions(context, 'instance');
    expect([days.includes(plain(old)), days.includes(plain(dayOf(new Date(ago(-3)))))]).toEqual([false, true]);
  });

  test('that failed is told by the next call', async () => {
    await using context = await contextOf(await file.fresh());
    const upkeep = upkeepOf(context);
    await context.database.query('DROP TABLE nightshift.tally');
    upkeep.tend();
    await upkeep.settled();
    expect(() => upkeep.tend()).toThrow('nightshift.tally');
    expect(() => upkeep.tend()).not.toThrow();
  });
});
