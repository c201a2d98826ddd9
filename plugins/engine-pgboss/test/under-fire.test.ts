/**
 * What is left when processes and machines go without saying goodbye. Here in a few seconds; with NIGHTSHIFT_NIGHTLY=1 for
 * minutes, with the lease that users have.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Lease } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { startProgram, type Child } from './children.ts';
import { enginesOfThisFile, type Opened } from './engines.ts';
import { acquire, again, ended, submit, takeAway } from './jobs.ts';
import { openCable } from './proxy.ts';

const isNightly = process.env['NIGHTSHIFT_NIGHTLY'] === '1';
const LEASE = isNightly ? 10_000 : 800;
const file = enginesOfThisFile({});

const textOf = async ({ output }: Opened, { instance: { instanceId } }: Lease, attempt = 1): Promise<string> => Buffer.from(await output.read({ instanceId, attempt, channel: 'stdout', offset: 0, limit: 1_000_000 })).toString();

describe('a host that is killed', () => {
  test('in the middle of a run leaves it to another, within one and a half leases, and its output', async () => {
    const engine = await file.open({ lease: LEASE });
    await submit(engine);
    using host = startProgram('host', engine.options, 'gone');
    await host.says('written');
    host.process.kill('SIGKILL');
    const killed = performance.now();
    await host.gone;
    const taken = await takeAway(engine.queue);
    const took = performance.now() - killed;
    if (isNightly) console.log(`a killed host's run was taken over after ${(took / 1_000).toFixed(1)} s, with a lease of ${LEASE / 1_000} s`);
    expect(took).toBeLessThan(LEASE * 1.5 + (isNightly ? 0 : 10_000));
    expect(await engine.queue.settle(taken, again(taken))).toBe(true);
    using second = startProgram('host', engine.options, 'second');
    expect(await second.says('began')).toMatchObject({ attempt: 2 });
    await second.says('written');
    second.process.stdin?.write('end\n');
    expect(await second.says('settled')).toMatchObject({ answer: true });
    expect(await textOf(engine, taken, 1)).toMatch(/^gone 0\n/);
    expect(await textOf(engine, taken, 2)).toMatch(/^second 0\n/);
    expect(await engine.store.find({})).toMatchObject([{ state: 'Completed', attempt: 2 }, { state: 'Completed', attempt: 2 }]);
  }, 60_000);
});

describe('a host that comes back after its lease is another one\'s', () => {
  async function goesOnElsewhere(engine: Opened, host: Child, comesBack: () => void): Promise<void> {
    const taken = await takeAway(engine.queue);
    const before = await textOf(engine, taken);
    const { instanceId, attempt } = taken.instance;
    const offset = Buffer.byteLength(before);
    expect(await engine.output.append({ instanceId, attempt, channel: 'stdout', fence: taken.fence, offset }, Buffer.from('another\n'))).toEqual({ is: 'written' });
    comesBack();
    await host.says('fenced');
    expect(await host.says('settled')).toMatchObject({ answer: false });
    expect(await textOf(engine, taken)).toBe(`${before}another\n`);
    expect((await engine.store.find({ ids: [taken.instance.id] }))[0]).toMatchObject({ state: 'NotStarted', fence: 2 });
    expect(await engine.queue.settle(taken, ended(taken, 3))).toBe(true);
    expect((await engine.store.find({ topLevel: true }))[0]).toMatchObject({ state: 'Failed', exitCode: 3 });
  }

  test('having stood still: its output and its result are refused', async () => {
    const engine = await file.open({ lease: LEASE });
    await submit(engine);
    using host = startProgram('host', engine.options, 'still');
    await host.says('written');
    host.process.kill('SIGSTOP');
    await goesOnElsewhere(engine, host, () => host.process.kill('SIGCONT'));
  }, 60_000);

  test('having been cut off: its output and its result are refused', async () => {
    const engine = await file.open({ lease: LEASE });
    await submit(engine);
    await using cable = await openCable(engine.options.connection);
    using host = startProgram('host', { ...engine.options, connection: cable.connection }, 'cut off');
    await host.says('written');
    cable.cut();
    await goesOnElsewhere(engine, host, () => cable.mend());
  }, 60_000);
});

test('a server that is killed three times under load loses nothing that it has acknowledged, and gives each of it out once', async () => {
  const engine = await file.open({ lease: 60_000 });
  const acknowledged: string[] = [];
  const settled: string[] = [];
  const over = new AbortController();
  const producer = async (): Promise<void> => {
    while (!over.signal.aborted) await submit(engine).then(({ instanceId }) => void acknowledged.push(instanceId), () => pause(20));
  };
  const consumer = async (host: string): Promise<void> => {
    while (!over.signal.aborted) {
      for (const lease of await acquire(engine.queue, host, 3).catch((): readonly Lease[] => [])) await engine.queue.settle(lease, ended(lease)).then((isSettled) => void (isSettled && settled.push(lease.job.instanceId)), () => {});
      await pause(10);
    }
  };
  const all = [producer(), producer(), producer(), consumer('host-1'), consumer('host-2')];
  try {
    for (let kill = 1; kill <= 3; kill++) {
      const seen = acknowledged.length;
      await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(seen + 40);
      if (isNightly) await pause(10_000);
      await file.server.kill();
      await pause(isNightly ? 3_000 : 200);
      await file.server.start();
    }
  } finally {
    over.abort();
    await Promise.all(all);
  }
  const jobs = await engine.store.find({ topLevel: true });
  const known = new Set(jobs.map(({ instanceId }) => instanceId));
  expect(acknowledged.filter((instanceId) => !known.has(instanceId))).toEqual([]);
  expect(new Set(settled).size).toBe(settled.length);
  // What is left waits, or is held by a host that did not hear of it: each is somewhere, once.
  const places = await file.database().query<{ instance_id: string; entries: number }>('SELECT instance_id, (SELECT count(*) FROM nightshift_boss.job WHERE id = entry_id AND state IN (\'created\', \'active\')) AS entries FROM nightshift.place');
  expect(places.rows.filter(({ entries }) => entries !== 1)).toEqual([]);
  expect(places.rows.length).toBe(jobs.filter(({ state }) => state === 'NotStarted').length);
  if (isNightly) console.log(`${acknowledged.length} inserts were acknowledged through 3 kills of the server, ${jobs.length} are there; ${settled.length} ends were acknowledged`);
}, 240_000);

test('three schedulers that are killed again and again give every due time one word and one job', async () => {
  const engine = await file.open();
  const [every, count, kills] = isNightly ? [20, 3_000, 12] : [20, 100, 5];
  const first = Math.ceil((Date.now() + 500) / every) * every;
  const last = first + every * (count - 1);
  const start = (): Child => startProgram('firer', engine.options, first, every, last);
  const children = [start(), start(), start()];
  for (let kill = 1; kill <= kills; kill++) {
    if (isNightly) await pause(5_000);
    // Whoever comes to it first; the other two are somewhere in between.
    await Promise.any(children.map((child) => Promise.any([child.says('fired'), child.gone])));
    const one = (kill * 7) % 3;
    // Once all of them are away for a while.
    const away = kill === 4 ? [0, 1, 2] : [one];
    for (const index of away) children[index]?.process.kill('SIGKILL');
    if (away.length === 3) await pause(isNightly ? 15_000 : 300);
    for (const index of away) children[index] = start();
  }
  await Promise.all(children.map(({ gone }) => gone));
  const firings = await engine.firings.firings({ limit: count * 2 });
  expect(firings.map(({ dueAt }) => dueAt.getTime()).toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => first + index * every));
  const jobs = await engine.store.find({ topLevel: true });
  expect(jobs.map(({ instanceId }) => instanceId).toSorted()).toEqual(firings.map(({ instanceId }) => instanceId).toSorted());
  expect((await engine.queue.depth('default')).queued).toBe(count);
  if (isNightly) console.log(`${firings.length} of ${count} due times have one word, with ${kills} kills and all away for 15 s`);
}, 240_000);

test('what waits is given out while hosts are killed in turn: each run ends once', async () => {
  const engine = await file.open({ lease: isNightly ? 2_000 : 400 });
  for (let n = 0; n < (isNightly ? 60 : 6); n++) await submit(engine);
  for (let n = 0; n < (isNightly ? 15 : 2); n++) {
    using host = startProgram('host', engine.options, `host-${n}`);
    await host.says('written');
  }
  const jobs = await engine.store.find({ topLevel: true });
  let left = jobs.length;
  while (left > 0) {
    for (const lease of [...(await engine.queue.expired('last')), ...(await acquire(engine.queue, 'last'))]) {
      expect(await engine.queue.settle(lease, ended(lease))).toBe(true);
      left -= 1;
    }
    await pause(20);
  }
  expect([await acquire(engine.queue), await engine.queue.expired('last'), (await engine.queue.depth('default')).active]).toEqual([[], [], 0]);
  expect((await engine.store.find({ topLevel: true })).map(({ state }) => state)).toEqual(jobs.map(() => 'Completed'));
}, 240_000);
