import { describe, expect, test } from 'vitest';
import type { Instance, JobErrorFacts } from '@nightshift/sdk';
import type { SchedulerEvent } from '@nightshift/scheduler';
import { createRuns, type Runs } from '../src/runs.ts';
import { createTroubles } from '../src/troubles.ts';
import { Machine } from './machine.ts';
import { MemoryStore } from './memory-store.ts';
import { settled, SimulatedClock } from './simulated-clock.ts';
import { HOUR, MINUTE, NOON, SECOND } from './world.ts';

/** Jobs in a store, and who looks after them. Nothing happens but when `tick` is called. */
class Bench {
  readonly clock = new SimulatedClock(NOON);
  readonly store = new MemoryStore();
  readonly machine = new Machine(this.store);
  readonly events: SchedulerEvent[] = [];
  hindrance: JobErrorFacts | undefined;
  replaces = false;
  wakes = 0;
  runs: Runs = this.#open();

  /** A job of a definition, as it is fired; its id. */
  fire(definition: string, wait: Pick<Instance, 'queued' | 'notBefore' | 'run'> = {}, dueAt = NOON): number {
    const job = this.store.insert({ instanceId: `job ${this.store.instances.size}`, name: definition, definition: { key: definition, name: definition, path: '' }, origin: { kind: 'trigger', triggerId: '1', dueAt: new Date(dueAt), catchUp: false } } as never, undefined);
    const run = this.store.insert({ instanceId: `run ${job.id}`, origin: { kind: 'parent' }, run: { carries: job.instanceId, successExitCodes: [0] }, ...wait } as never, job.id);
    this.runs.admit([{ definition, job, run }]);
    return job.id;
  }

  async tick(milliseconds = 0): Promise<void> {
    await this.clock.pass(milliseconds);
    await this.runs.tick();
    await settled();
  }

  /** Another process takes over. */
  async restart(): Promise<void> {
    this.machine.forget();
    this.runs = this.#open();
    await this.runs.refresh();
    await this.tick();
  }

  ended(): readonly number[] {
    return this.events.flatMap((event) => (event.event === 'ended' ? [event.job] : []));
  }

  #open(): Runs {
    this.machine.now = () => this.clock.now().getTime();
    const report = (event: SchedulerEvent): void => void this.events.push(event);
    return createRuns({
      engine: this.machine.engine(),
      clock: this.clock,
      report,
      troubles: createTroubles(report, []),
      machine: { ask: async () => ({}) },
      replaces: () => this.replaces,
      hindrance: () => this.hindrance,
      wake: () => (this.wakes += 1),
      fail: (cause) => {
        throw cause;
      },
    });
  }
}

const later = (milliseconds: number): Date => new Date(Date.parse(NOON) + milliseconds);

describe('a run', () => {
  test('begins with the next tick, and its end is told once', async () => {
    const bench = new Bench();
    const id = bench.fire('a');
    expect(bench.machine.running()).toEqual([]);
    await bench.tick();
    expect([bench.machine.running(), bench.runs.size, bench.runs.running]).toEqual([[id], 1, 1]);
    bench.machine.end(id);
    await settled();
    await bench.runs.refresh();
    expect([bench.ended(), bench.runs.size, bench.runs.running]).toEqual([[id], 0, 0]);
  });

  test('that has a time begins at it', async () => {
    const bench = new Bench();
    const id = bench.fire('a', { notBefore: later(MINUTE) });
    expect(bench.runs.nextTick()).toBe(MINUTE);
    await bench.tick(MINUTE - 1);
    expect(bench.machine.running()).toEqual([]);
    await bench.tick(1);
    expect(bench.machine.running()).toEqual([id]);
  });

  test('waits no longer where the clock was put back, and begins at once where it was put on', async () => {
    const bench = new Bench();
    bench.fire('a', { notBefore: later(MINUTE) });
    bench.fire('b', { notBefore: later(HOUR) });
    bench.clock.set(later(-HOUR).getTime());
    bench.runs.clockChanged(-HOUR);
    await bench.tick(MINUTE);
    expect(bench.machine.running()).toHaveLength(1);
    bench.clock.set(later(HOUR).getTime());
    bench.runs.clockChanged(2 * HOUR - MINUTE);
    await bench.tick();
    expect(bench.machine.running()).toHaveLength(2);
  });

  test('of a due time that only a wrong clock has seen is not kept waiting for it', async () => {
    const bench = new Bench();
    const id = bench.fire('a', { notBefore: later(365 * 24 * HOUR) }, later(364 * 24 * HOUR).toISOString());
    await bench.tick();
    expect(bench.machine.running()).toEqual([id]);
  });

  test('that nobody tells us about is looked at twice a second, one of ours now and then', async () => {
    const bench = new Bench();
    const id = bench.fire('a');
    await bench.tick();
    expect(bench.runs.nextTick()).toBe(30 * SECOND);
    await bench.restart();
    expect(bench.runs.nextTick()).toBe(500);
    bench.machine.end(id);
    await bench.tick(500);
    expect(bench.ended()).toEqual([id]);
    expect(bench.runs.nextTick()).toBe(Infinity);
  });

  test('that was suspended before it began does not begin, and does when it goes on', async () => {
    const bench = new Bench();
    const id = bench.fire('a');
    bench.machine.change(id, { state: 'Suspended' });
    await bench.restart();
    expect([bench.machine.running(), bench.runs.size]).toEqual([[], 1]);
    bench.machine.change(id, { state: 'NotStarted' });
    await bench.runs.refresh();
    await bench.tick();
    expect(bench.machine.running()).toEqual([id]);
  });

  test('that somebody removed is forgotten', async () => {
    const bench = new Bench();
    const id = bench.fire('a', { notBefore: later(HOUR) });
    bench.store.instances.delete(id);
    bench.store.instances.delete(id + 1);
    await bench.runs.refresh();
    expect([bench.runs.size, bench.ended()]).toEqual([0, []]);
  });

  test('that ends while the store is asked what is unfinished is told of once', async () => {
    const bench = new Bench();
    const id = bench.fire('a');
    await bench.tick();
    bench.machine.onLook = async () => {
      bench.machine.onLook = undefined;
      bench.machine.end(id);
      await settled();
    };
    await bench.runs.refresh();
    await bench.tick(HOUR);
    expect([bench.ended(), bench.runs.size]).toEqual([[id], 0]);
  });

  test('that fails before we know that it began waits for its next attempt', async () => {
    const bench = new Bench();
    const id = bench.fire('a', { run: { carries: 'x', retry: { limit: 1, delay: MINUTE, factor: 1, maxDelay: MINUTE, onInterrupted: false } } as never });
    bench.machine.onStart = (jobId) => {
      bench.machine.onStart = undefined;
      bench.machine.end(jobId, 'Failed');
    };
    await bench.tick();
    expect([bench.runs.running, bench.runs.nextTick()]).toEqual([0, MINUTE]);
    await bench.tick(MINUTE);
    expect(bench.machine.running()).toEqual([id]);
    expect(bench.events.filter(({ event }) => event === 'retry')).toHaveLength(1);
  });

  test('that was to be stopped before it began, by somebody who was killed meanwhile, ends', async () => {
    const bench = new Bench();
    const id = bench.fire('a');
    bench.machine.change(id, { state: 'Stopping', stopReason: 'stopped' });
    await bench.restart();
    expect([bench.ended(), bench.runs.size]).toEqual([[id], 0]);
  });
});

describe('jobs that queue', () => {
  test('go on one after another, in the order of their ids, whoever looks after them', async () => {
    const bench = new Bench();
    const ids = [bench.fire('a'), bench.fire('a', { queued: true }), bench.fire('a', { queued: true }), bench.fire('a', { queued: true })];
    for (const id of ids) {
      await bench.tick();
      expect(bench.machine.running()).toEqual([id]);
      await bench.restart();
      bench.machine.end(id);
      await bench.tick(SECOND);
    }
    expect(bench.ended()).toEqual(ids);
  });

  test.each(['a reader has written down the end', 'somebody has removed it'])('go on when nobody looked after them and, of the one before them, %s', async (what) => {
    const bench = new Bench();
    const [first, second] = [bench.fire('a'), bench.fire('a', { queued: true })];
    await bench.tick();
    bench.machine.forget();
    bench.machine.end(first);
    if (what.startsWith('a reader')) bench.machine.change(first, { state: 'Completed' });
    else for (const id of [first, first + 1]) bench.store.instances.delete(id);
    await bench.restart();
    expect(bench.machine.running()).toEqual([second]);
  });

  test('do not wait for jobs of other definitions', async () => {
    const bench = new Bench();
    bench.fire('a');
    const id = bench.fire('b', { queued: true });
    await bench.tick();
    expect(bench.machine.running()).toContain(id);
  });

  test('keep their turn while the first waits for its time', async () => {
    const bench = new Bench();
    const first = bench.fire('a', { queued: true, notBefore: later(MINUTE) });
    bench.fire('a', { queued: true });
    await bench.tick(MINUTE - 1);
    expect(bench.machine.running()).toEqual([]);
    await bench.tick(1);
    expect(bench.machine.running()).toEqual([first]);
  });

  test('stop those before them again, when whoever was to stop them was killed', async () => {
    const bench = new Bench();
    bench.replaces = true;
    bench.fire('a');
    await bench.tick();
    const id = bench.fire('a', { queued: true });
    await bench.restart();
    await bench.tick();
    expect(bench.machine.running()).toEqual([id]);
  });
});

test('the unfinished jobs of definitions are told oldest first, without those whose process has gone', async () => {
  const bench = new Bench();
  const [first, second, third] = [bench.fire('a'), bench.fire('b'), bench.fire('a')];
  const queued = bench.fire('a', { queued: true });
  await bench.tick();
  bench.machine.forget();
  bench.machine.end(first);
  const unfinished = await bench.runs.unfinished(['a', 'c']);
  expect([...unfinished.keys()]).toEqual(['a']);
  expect(unfinished.get('a')?.map(({ id, queued: waits }) => [id, waits])).toEqual([[third, false], [queued, true]]);
  expect(second).toBeLessThan(third);
});

test('a run that cannot be looked at keeps no other from being looked at, and is said once', async () => {
  const bench = new Bench();
  const ids = [bench.fire('a'), bench.fire('b')];
  await bench.tick();
  await bench.restart();
  bench.store.trouble = { code: 'StoreFull', message: 'no room' };
  for (const id of ids) bench.machine.end(id);
  for (let round = 0; round < 5; round++) await bench.tick(SECOND);
  expect(bench.events.filter(({ event }) => event === 'trouble')).toHaveLength(1);
  bench.store.trouble = undefined;
  await bench.tick(SECOND);
  expect(bench.ended()).toEqual(ids);
  expect(bench.events.filter(({ event }) => event === 'recovered')).toHaveLength(1);
});

test('ten thousand that are due at once begin, and end', async () => {
  const bench = new Bench();
  const ids = Array.from({ length: 10_000 }, (_, index) => bench.fire(`d${index}`));
  await bench.tick();
  expect(bench.machine.running()).toHaveLength(ids.length);
  for (const id of ids) bench.machine.end(id);
  await settled();
  expect(bench.runs.size).toBe(0);
});
