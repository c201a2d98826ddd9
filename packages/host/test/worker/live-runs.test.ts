import type { Engine } from '@nightshift/sdk';
import { createTroubles } from '@nightshift/scheduler';
import { TestClock } from '@nightshift/testing';
import { expect, test } from 'vitest';
import { createGate } from '../../src/worker/gate.ts';
import { openLeases } from '../../src/worker/leases.ts';
import { createLiveRuns } from '../../src/worker/live-runs.ts';
import type { LocalRuns } from '../../src/worker/local-runs.ts';
import { createPersistence } from '../../src/worker/persistence.ts';
import { createTerm, momentOf } from '../../src/worker/term.ts';
import { temporaryFolder } from '../folder.ts';
import { leaseOf } from './leases.ts';

/** Runs that go on without a word until somebody stops them; `stopped` says when that has been done. */
function newWorker() {
  const clock = new TestClock();
  const folder = temporaryFolder();
  const said: string[] = [];
  const stopped = Promise.withResolvers<void>();
  const engine = { store: { transition: async () => true } } as unknown as Engine;
  const local = {
    adopt: async ({ fence }) => void said.push(`begins under ${fence}`),
    look: async () => ({ ...leaseOf(1).instance, runFolder: folder }),
    markFenced: async (_run, { fence }) => void said.push(`marked ${fence}`),
    stop: async () => {
      await stopped.promise;
      said.push('stopped');
    },
  } as Partial<LocalRuns> as LocalRuns;
  const watch = () => ({
    changed: (signal?: AbortSignal) => new Promise<void>((resolve) => void signal?.addEventListener('abort', () => resolve(), { once: true })),
    [Symbol.dispose]() {},
  });
  const leases = openLeases(folder, 'boot');
  const live = createLiveRuns({
    engine, clock, local, leases, launcher: { watch } as never,
    shipping: { output: engine.output, clock, gate: createGate(1, 1) },
    persistence: createPersistence(createTroubles(() => {}, []), clock),
    report: ({ event }) => void said.push(event),
    freed: () => {},
  });
  const take = (fence: number, attempt: number) => {
    leases.keep(leaseOf(fence, attempt));
    live.follow({ lease: leaseOf(fence, attempt), isNew: true, term: createTerm(clock, 10_000, momentOf(clock)) });
  };
  return { clock, leases, live, said, stopped, take };
}

test('a worker that gets a run again after it has lost it stops what the old lease began, and keeps the new one', async () => {
  const { clock, leases, live, said, stopped, take } = newWorker();
  take(1, 1);
  await clock.advance(0);
  // Taken away by another, given back to the queue and taken here, before the next renewal could tell.
  take(3, 2);
  await clock.advance(0);
  expect(said).toEqual(['begins under 1', 'lost', 'marked 1']);
  stopped.resolve();
  await clock.advance(0);
  expect(said.slice(3)).toEqual(['stopped', 'begins under 3']);
  expect([leases.all().map(({ fence }) => fence), live.held().map(({ fence }) => fence), live.size]).toEqual([[3], [3], 1]);
  await live.detach();
});

test('what is said of a lease that a worker had before says nothing of the one that it has', async () => {
  const { clock, leases, live, stopped, take } = newWorker();
  take(3, 2);
  await clock.advance(0);
  live.lose(leaseOf(1));
  live.stopLost('i', 1);
  stopped.resolve();
  await clock.advance(0);
  expect([leases.all().map(({ fence }) => fence), live.held().map(({ fence }) => fence)]).toEqual([[3], [3]]);
  await live.detach();
});
