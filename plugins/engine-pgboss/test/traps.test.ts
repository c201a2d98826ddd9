/** What was measured of the parts that we build on, each as the requirement that follows from it: T1 to T10. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import type { NewFiring } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { bossOn } from '../src/boss.ts';
import { openDatabase } from '../src/database.ts';
import { enginesOfThisFile, type Opened } from './engines.ts';
import { acquire, acquireOne, again, ended, planJob, submit, takeAway } from './jobs.ts';
import { realTime } from './real-time.ts';

const file = enginesOfThisFile();
const require = createRequire(import.meta.url);

/** What pg-boss does by itself when it looks after its queues, as often as it would in an hour. */
async function lookAfter(): Promise<void> {
  const database = file.database();
  await database.query('UPDATE nightshift_boss.queue SET monitor_on = NULL, monitor_claim_on = NULL, maintain_on = NULL');
  await using boss = bossOn(database);
  await boss.lookAfter();
}

async function entries(): Promise<readonly { readonly state: string; readonly retries: number }[]> {
  return (await file.database().query<{ state: string; retries: number }>('SELECT state, retry_count AS retries FROM nightshift_boss.job ORDER BY created_on')).rows;
}

function started(minute: number): NewFiring {
  const dueAt = new Date(Date.UTC(2026, 0, 1, 0, minute));
  const [job, run] = planJob();
  return { triggerId: 1, dueAt, word: 'Started', instanceId: job.instanceId, start: [{ ...job, definition: { key: 'p/nightly', name: 'Nightly', path: '/d' }, origin: { kind: 'trigger', triggerId: '1', dueAt, catchUp: false } }, run] };
}

const fire = ({ firings }: Opened, ...all: readonly NewFiring[]): ReturnType<Opened['firings']['fire']> => firings.fire(all.map((firing) => ({ definition: 'p/nightly', decidedAt: new Date(), clocks: [], firings: [firing] })));

describe('T1: a run that lasts longer than pg-boss lets an entry be active', () => {
  test('runs once, under one lease, however long', async () => {
    const engine = await file.open({ entryLimit: 1_000, lease: 30_000 });
    await submit(engine);
    const lease = await acquireOne(engine.queue);
    for (const end = performance.now() + 3_000; performance.now() < end; await pause(150)) {
      expect(await engine.queue.renew([lease])).toEqual({ lost: [], wishes: [] });
      await lookAfter();
      expect([await acquire(engine.queue, 'host-2'), await engine.queue.expired('host-2')]).toEqual([[], []]);
    }
    const states = (await entries()).map(({ state }) => state);
    expect(states.filter((state) => state === 'active')).toHaveLength(1);
    expect(states.length).toBeGreaterThan(3);
    expect(await engine.queue.settle(lease, ended(lease))).toBe(true);
    expect((await entries()).filter(({ state }) => state !== 'completed')).toEqual([]);
  });

  test('is not lost when nobody renewed it for so long that pg-boss has ended its entry', async () => {
    const engine = await file.open({ entryLimit: 1_000, lease: 200 });
    await submit(engine);
    const lease = await acquireOne(engine.queue);
    await pause(1_100);
    await lookAfter();
    expect((await entries()).map(({ state }) => state)).toEqual(['failed']);
    const taken = await takeAway(engine.queue);
    expect(taken.instance.instanceId).toBe(lease.instance.instanceId);
    expect(await engine.queue.settle(taken, again(taken))).toBe(true);
    expect((await acquireOne(engine.queue)).instance.attempt).toBe(2);
  });
});

test('T2: a cap of two is two, whoever asks: six that take what they can get, ten times', async () => {
  const engine = await file.open();
  const others = await Promise.all(Array.from({ length: 6 }, () => file.join({ lease: 30_000 })));
  for (let round = 1; round <= 10; round++) {
    for (let n = 0; n < 4; n++) await submit(engine, { cap: { key: 'licence', limit: 2 } });
    const leases = (await Promise.all(others.map(({ queue }, index) => acquire(queue, `host-${index}`, 4)))).flat();
    expect(leases).toHaveLength(2);
    for (const lease of leases) await engine.queue.settle(lease, ended(lease));
  }
  for (const other of others) await other[Symbol.asyncDispose]();
});

test('T3: the lease of a host that is gone is another one\'s as soon as it has run out, by whoever looks', async () => {
  const engine = await file.open({ lease: 1_500 });
  await submit(engine);
  const host = await file.join({ lease: 1_500 });
  await acquireOne(host.queue);
  const gone = performance.now();
  await host[Symbol.asyncDispose]();
  await takeAway(engine.queue);
  const took = performance.now() - gone;
  expect(took).toBeGreaterThan(1_200);
  // A lease, and a look; the rest is for a busy machine.
  expect(took).toBeLessThan(10_000);
});

test('T4: the pg-boss that is installed is the one that was asked for, to the last digit', () => {
  const asked = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { dependencies: Record<string, string> }).dependencies['pg-boss'];
  expect(asked).toMatch(/^12\.\d+\.\d+$/);
  expect((require('pg-boss/package.json') as { version: string }).version).toBe(asked);
});

test('T5: where no hint arrives whoever looks finds what there is; one who listens is woken after the line was cut', async () => {
  const engine = await file.open();
  const listener = await file.join();
  const stop = new AbortController();
  const heard: (string | undefined)[] = [];
  const listening = (async () => {
    for await (const { instanceId } of listener.store.watch?.(stop.signal) ?? []) heard.push(instanceId);
  })();
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual([undefined]);
  await file.database().query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
  await submit(engine);
  expect(await acquire(listener.queue)).toHaveLength(1);
  await expect.poll(() => heard.filter((one) => one === undefined), { timeout: 10_000 }).toHaveLength(2);
  stop.abort();
  await listening;
});

test('T6: a queue is a route, not a definition, and pg-boss\'s own workers are not used', async () => {
  const engine = await file.open();
  await fire(engine, ...Array.from({ length: 20 }, (_, minute) => started(minute)));
  for (const route of ['linux', 'linux+gpu', 'Büro 3']) await submit(engine, { route });
  const queues = (await file.database().query<{ name: string }>('SELECT name FROM nightshift_boss.queue')).rows.map(({ name }) => name);
  // `Büro 3` in letters that pg-boss takes.
  expect(queues.toSorted()).toEqual(['B/fc/ro/20/3', 'default', 'linux', 'linux/2b/gpu']);
  const leases = await engine.queue.acquire({ host: 'host-1', routes: ['Büro 3', 'default', 'linux', 'linux+gpu'], slots: 100 });
  expect(leases).toHaveLength(23);
  expect(readFileSync(new URL('../src/boss.ts', import.meta.url), 'utf8')).not.toMatch(/\.(?:work|offWork|schedule)\(/);
});

test('T7: attempts are counted by us: pg-boss counts none, whatever becomes of a run', async () => {
  const engine = await file.open({ lease: 200 });
  await submit(engine);
  for (let attempt = 1; attempt <= 3; attempt++) {
    const lease = attempt === 2 ? (await acquireOne(engine.queue), await takeAway(engine.queue)) : await acquireOne(engine.queue);
    expect([lease.instance.attempt, lease.fence]).toEqual([attempt, attempt < 2 ? 1 : attempt + 1]);
    expect(await engine.queue.settle(lease, again(lease))).toBe(true);
  }
  expect((await entries()).map(({ retries }) => retries)).toEqual([0, 0, 0, 0]);
});

describe('T8: a commit that is acknowledged is on the disk', () => {
  test('whatever the server\'s default is', async () => {
    const database = openDatabase({ ...(await file.open()).options, acceptDataLoss: true }, realTime);
    await database.query('ALTER ROLE CURRENT_USER SET synchronous_commit = off');
    try {
      await using fresh = openDatabase({ ...(await file.join()).options }, realTime);
      expect((await fresh.transaction((within) => within.query<{ synchronous_commit: string }>('SHOW synchronous_commit'))).rows).toEqual([{ synchronous_commit: 'on' }]);
    } finally {
      await database.query('ALTER ROLE CURRENT_USER RESET synchronous_commit');
      await database[Symbol.asyncDispose]();
    }
  });

  test('a server that runs with fsync=off is refused unless that is asked for', async () => {
    const { options } = await file.open();
    const strict = await file.join({ ...options, acceptDataLoss: false });
    await expect(strict.queue.depth('default')).rejects.toMatchObject({ code: 'StoreUnavailable', message: expect.stringContaining('fsync=off') });
    await expect(submit(strict)).rejects.toMatchObject({ code: 'StoreUnavailable' });
  });
});

test('T9: a due time is fired once, also when pg-boss has long deleted its entry', async () => {
  const engine = await file.open();
  await fire(engine, started(5));
  const lease = await acquireOne(engine.queue);
  await engine.queue.settle(lease, ended(lease));
  await file.database().query('DELETE FROM nightshift_boss.job');
  expect(await fire(engine, started(5))).toEqual([{ is: 'already-fired' }]);
  expect(await acquire(engine.queue)).toEqual([]);
});

test('a run whose entry somebody has deleted in pg-boss is given out all the same, once', async () => {
  const engine = await file.open();
  await submit(engine);
  await file.database().query('DELETE FROM nightshift_boss.job');
  await submit(engine);
  expect(await acquire(engine.queue)).toHaveLength(1);
  await engine.queue.register({ name: 'host-1', routes: ['default'], slots: 4 });
  await expect.poll(() => acquire(engine.queue), { timeout: 20_000 }).toHaveLength(1);
  expect(await acquire(engine.queue)).toEqual([]);
});

test('T10: pg-boss\'s own schedules are not used', async () => {
  const engine = await file.open();
  await fire(engine, started(5), started(6));
  expect((await file.database().query('SELECT 1 FROM nightshift_boss.schedule')).count).toBe(0);
  expect((await acquire(engine.queue)).map(({ job }) => job.origin)).toMatchObject([{ kind: 'trigger', dueAt: started(5).dueAt }, { kind: 'trigger', dueAt: started(6).dueAt }]);
});
