import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FAST } from '../../plugins/engine-pgboss/test/postgres.ts';
import { openCable } from '../../plugins/engine-pgboss/test/proxy.ts';
import { serverOfThisFile } from '../../plugins/engine-pgboss/test/server.ts';
import { newShop, type Machine } from './engine-place.ts';
import { waitFor } from './product.ts';

const isNightly = process.env['NIGHTSHIFT_NIGHTLY'] === '1';
// One test ends it.
const server = serverOfThisFile(FAST);

interface Row { definition: string; dueAt: string; count: number; word: string; reason: string | null; job: number | null; state: string | null }

async function rowsOf(machine: Machine, ...names: string[]): Promise<Row[]> {
  return (JSON.parse(await machine.stdoutOf('nightshift', 'history', ...names, '--newest', '1000', '-o', 'json')) as { firings: Row[] }).firings;
}

const idOf = (text: string): number => (JSON.parse(text) as { id: number }[])[0]?.id as number;
const EVER = "triggers: [ { once: { at: '2030-01-01T00:00:00' } } ]\n";
const HELD = 'job: { scriptBlock: \'echo "$$" > ../held; sleep 60\' }\n';

test('schedulers on several machines, one of which is killed, answer every due time once, and workers run what they start', async () => {
  const shop = await newShop(server);
  shop.define('Effect', 'job: { scriptBlock: \'echo "$NIGHTSHIFT_DUE_AT" >> ../effects\' }\ntriggers: [ { every: 200ms } ]\nmaxResultCount: 1000\noptions: { multipleInstancePolicy: Parallel, maxParallel: 100 }\n');
  const effects = () => {
    try {
      return readFileSync(join(shop.work, 'effects'), 'utf8').split('\n').filter(Boolean);
    } catch {
      return [];
    }
  };
  const [a, b] = [shop.machine('a'), shop.machine('b')];
  await shop.ready('one');
  const [first, second] = [a.schedule(), b.schedule()];
  await Promise.all([first.said('ready'), second.said('started')]);
  await waitFor('jobs have run', () => effects().length, (count) => count > 3);
  await first.end('SIGKILL');
  const before = effects().length;
  await waitFor('the other goes on', () => effects().length, (count) => count > before + 3);
  expect(JSON.parse((await a.run('nightshift', 'scheduler', 'status', '-o', 'json')).stdout)).toMatchObject({ state: 'ready', definitions: 1, triggers: 1, engine: { name: 'pgboss', workers: [{ name: 'one', isHere: true }] } });
  await second.said('ended');
  await second.end();
  await waitFor('all has run', () => shop.engine.store.count({ states: ['NotStarted', 'Running'] }), (count) => count === 0);
  const rows = await rowsOf(a);
  expect(new Set(rows.map(({ dueAt }) => dueAt)).size).toBe(rows.length);
  expect(effects().toSorted()).toEqual(rows.filter(({ word }) => word === 'Started').map(({ dueAt }) => dueAt).toSorted());
});

test('what was due while no scheduler worked is answered once, by whoever comes first', async () => {
  const shop = await newShop(server);
  const a = shop.machine('a');
  shop.define('Missed', `job: { scriptBlock: 'true' }\ntriggers: [ { every: 300ms } ]\n`);
  const first = a.schedule();
  await first.said('started');
  await first.end('SIGKILL');
  await shop.ready('one');
  await waitFor('its job has ended', () => shop.engine.store.count({ states: ['NotStarted', 'Running'] }), (count) => count === 0);
  const known = new Set((await rowsOf(a)).map(({ dueAt }) => dueAt));
  const [second, third] = [shop.machine('b').schedule('--once'), shop.machine('c').schedule('--once')];
  await Promise.all([second.ended, third.ended]);
  const rows = await rowsOf(a);
  const fresh = rows.filter(({ dueAt }) => !known.has(dueAt));
  expect(fresh.filter(({ word }) => word === 'Started').length).toBeGreaterThan(0);
  // One row for all that were passed over behind it.
  expect(fresh.some(({ word, count }) => word === 'Skipped' && count > 1)).toBe(true);
  expect(new Set(rows.map(({ dueAt }) => dueAt)).size).toBe(rows.length);
  expect([second, third].flatMap(({ events }) => events().filter(({ event }) => event === 'started'))).toHaveLength(fresh.filter(({ word }) => word === 'Started').length);
});

test('run now goes through the engine, by the policy of its definition', async () => {
  const shop = await newShop(server);
  const [a, b] = [shop.machine('a'), shop.machine('b')];
  for (const policy of ['IgnoreNew', 'Queue', 'StopExisting', 'Parallel']) shop.define(policy, `${HELD}${EVER}options: { multipleInstancePolicy: ${policy}, gracePeriod: 100ms }\n`);
  await shop.ready('one');
  const runNow = async (machine: Machine, name: string): Promise<number> => idOf(await machine.stdoutOf('set-scheduled-job', name, '--run-now', '--pass-thru', '-o', 'json')) || ((await machine.jobs('--name', name)).at(-1)?.id as number);
  const newest = async (name: string) => (await a.jobs('--name', name)).at(-1) as { id: number; state: string };
  await runNow(a, 'IgnoreNew');
  const ignored = await newest('IgnoreNew');
  expect(await b.run('set-scheduled-job', 'IgnoreNew', '--run-now')).toMatchObject({ code: 7, stderr: expect.stringContaining('RunNowOverlap') as string });
  await runNow(a, 'Queue');
  const ahead = await newest('Queue');
  await runNow(b, 'Queue');
  const behind = await newest('Queue');
  expect(behind).toMatchObject({ state: 'NotStarted' });
  await runNow(a, 'StopExisting');
  const old = await newest('StopExisting');
  await a.inState(old.id, 'Running');
  await runNow(b, 'StopExisting');
  expect(await a.inState(old.id, 'Stopped')).toMatchObject({ reason: 'overlap' });
  await a.inState((await newest('StopExisting')).id, 'Running');
  await runNow(a, 'Parallel');
  await runNow(b, 'Parallel');
  const both = await a.jobs('--name', 'Parallel');
  for (const { id } of both) await a.inState(id, 'Running');
  await b.stdoutOf('stop-job', '--force', String(ahead.id));
  await b.inState(behind.id, 'Running');
  await a.stdoutOf('stop-job', '--force', String(ignored.id));
});

test('a definition that queues, is replaced or tried again is followed on from the engine, and only its newest results stay', async () => {
  const shop = await newShop(server);
  const a = shop.machine('a');
  shop.define('Flaky', `job: { scriptBlock: 'test "$NIGHTSHIFT_ATTEMPT" = 2' }\n${EVER}maxResultCount: 2\noptions: { retry: { limit: 2, delay: 50ms } }\n`);
  await shop.ready('one');
  for (let run = 1; run <= 3; run += 1) {
    await a.stdoutOf('set-scheduled-job', 'Flaky', '--run-now');
    const [job] = (await a.jobs('--name', 'Flaky')).slice(-1);
    expect(await a.finished(job?.id as number)).toMatchObject({ state: 'Completed', attempt: 2 });
  }
  await waitFor('two stay', () => a.jobs('--name', 'Flaky'), (jobs) => jobs.length === 2);
});

test('unregister takes a definition with what is kept of it out of the engine; a new name carries it over', async () => {
  const shop = await newShop(server);
  const [a, b] = [shop.machine('a'), shop.machine('b')];
  shop.define('Old', `job: { scriptBlock: 'echo kept' }\n${EVER}`);
  await shop.ready('one');
  await a.stdoutOf('set-scheduled-job', 'Old', '--run-now');
  const [job] = await a.jobs('--name', 'Old');
  await a.finished(job?.id as number);
  await a.stdoutOf('set-scheduled-job', 'Old', '--new-name', 'New');
  expect(await b.jobs()).toMatchObject([{ id: job?.id, state: 'Completed' }]);
  expect(await b.stdoutOf('receive-job', String(job?.id))).toBe('kept\n');
  await b.stdoutOf('unregister-scheduled-job', 'New', '--yes');
  expect(await a.jobs()).toEqual([]);
});

test('what belongs to one machine is told, and is no reason not to schedule the rest', async () => {
  const shop = await newShop(server);
  const a = shop.machine('a');
  shop.configure(`${readFileSync(join(shop.home, '.config/nightshift/config.yaml'), 'utf8')}hooks: { onFailure: [ { webhook: "env:NOBODY" } ] }\n`);
  shop.define('Boots', "job: { scriptBlock: 'true' }\ntriggers: [ { atStartup: {} }, { every: 200ms } ]\noptions: { requireNetwork: true }\n");
  const scheduler = a.schedule();
  await scheduler.said('started', { triggerId: 2 });
  await scheduler.end();
  expect(scheduler.text()).toMatch(/NotSupportedOnEngine","message":"hooks are told nothing/);
  expect(scheduler.text()).toMatch(/NotSupportedOnEngine","message":"Boots: options.\w+, atStartup say nothing with an engine/);
  expect((await rowsOf(a)).every(({ word }) => word === 'Started' || word === 'Skipped')).toBe(true);
});

test('doctor says whether the engine answers and who works for it', async () => {
  const shop = await newShop(server);
  const a = shop.machine('a');
  const about = async (): Promise<string> => (await a.run('nightshift', 'doctor')).stdout;
  await a.start('--', 'true');
  expect(await about()).toMatch(/ok +engine +pgboss answers; 1 job to be started[^]*workers +none is there/);
  await shop.ready('one', '--slots', '3');
  expect(await about()).toMatch(/ok +workers +1 worker with 3 slots: one/);
  shop.env['FLEET_DATABASE'] = 'postgresql://nobody@127.0.0.1:1/none';
  expect(await about()).toMatch(/engine +pgboss: StoreUnavailable/);
});

test('a server that dies and comes back keeps a scheduler waiting, and no due time is lost or answered twice', async () => {
  const shop = await newShop(server);
  const a = shop.machine('a');
  shop.define('Steady', "job: { scriptBlock: 'true' }\ntriggers: [ { every: 200ms } ]\noptions: { multipleInstancePolicy: Parallel, maxParallel: 1000, catchUp: { policy: all } }\n");
  const scheduler = a.schedule();
  await scheduler.said('started');
  await server.server.kill();
  await scheduler.said('trouble');
  await server.server.start();
  await scheduler.said('recovered');
  const before = scheduler.events().length;
  await waitFor('it goes on', () => scheduler.events().length, (count) => count > before + 2);
  await scheduler.end();
  const rows = (await rowsOf(a)).filter(({ word }) => word === 'Started').map(({ dueAt }) => Date.parse(dueAt)).toSorted((one, other) => one - other);
  expect(new Set(rows).size).toBe(rows.length);
  expect(rows.slice(1).every((dueAt, index) => dueAt - (rows[index] as number) === 200)).toBe(true);
});

test('two schedulers that have read two versions of a definition go by that of the one who read it last, and the other says so', async () => {
  const shop = await newShop(server);
  const [a, b] = [shop.machine('a'), shop.machine('b')];
  const write = (folder: string, every: string) => {
    mkdirSync(join(shop.work, folder), { recursive: true });
    writeFileSync(join(shop.work, folder, 'Apart.yaml'), `job: { scriptBlock: 'true' }\ntriggers: [ { every: ${every} } ]\noptions: { multipleInstancePolicy: Parallel, maxParallel: 1000 }\n`);
  };
  write('old', '700ms');
  write('new', '300ms');
  const first = a.schedule('--definition-path', 'old');
  await first.said('started');
  const second = b.schedule('--definition-path', 'new');
  await first.said('differs', { definition: 'Apart' });
  await waitFor('both start jobs', () => [first, second].map(({ events }) => events().filter(({ event }) => event === 'started').length), (counts) => counts.every((count) => count > 4));
  await Promise.all([first.end(), second.end()]);
  expect(first.events().filter(({ event }) => event === 'differs')).toEqual([expect.objectContaining({ others: [expect.stringMatching(/^\S+ \d+$/)] })]);
  expect(second.events().filter(({ event }) => event === 'differs')).toEqual([]);
  const dues = (await rowsOf(a)).flatMap(({ dueAt, word }) => (word === 'Started' ? [Date.parse(dueAt)] : []));
  expect(new Set(dues).size).toBe(dues.length);
});

test.skipIf(!isNightly)('a scheduler and a worker whose server is only silent end when they are told to', async () => {
  const shop = await newShop(server);
  await using cable = await openCable(shop.env['FLEET_DATABASE'] as string);
  shop.env['FLEET_DATABASE'] = cable.connection;
  shop.define('Tick', "job: { scriptBlock: 'true' }\ntriggers: [ { every: 200ms } ]\n");
  const scheduler = shop.machine('a').schedule();
  await scheduler.said('started');
  const worker = await shop.ready('one');
  await worker.said('ended');
  cable.hush(true);
  await Promise.all([scheduler.said('trouble'), worker.said('trouble')]);
  expect(await Promise.all([scheduler.end(), worker.kill('SIGTERM')])).toEqual([0, 0]);
});
