import type { Engine, JobQueue } from '@nightshift/sdk';
import { createTroubles } from '@nightshift/scheduler';
import { TestClock } from '@nightshift/testing';
import { expect, test } from 'vitest';
import { openLeases } from '../../src/worker/leases.ts';
import type { LocalRuns } from '../../src/worker/local-runs.ts';
import { createPersistence } from '../../src/worker/persistence.ts';
import { work, type WorkerParts } from '../../src/worker/worker.ts';
import { temporaryFolder } from '../folder.ts';

const LEASE = 10_000;

test('a worker ends when it is told to, however silent the server is that it has asked', async () => {
  const clock = new TestClock();
  const silence = (): Promise<never> => new Promise(() => {});
  const queue = { limits: { lease: LEASE, strictCaps: true }, register: silence, acquire: silence, renew: silence, expired: silence } as Partial<JobQueue> as JobQueue;
  const local = { unfinished: async () => [], prune: async () => {} } as Partial<LocalRuns> as LocalRuns;
  const said: string[] = [];
  const report = ({ event }: { readonly event: string }): void => void said.push(event);
  const parts = { engine: { queue, store: {} } as Engine, clock, local, leases: openLeases(temporaryFolder(), 'boot'), boot: 'boot', persistence: createPersistence(createTroubles(report, []), clock), report, hindrance: () => undefined } as Partial<WorkerParts> as WorkerParts;
  const end = new AbortController();
  const working = work(parts, { name: 'one', routes: ['default'], slots: 8 }, {}, end.signal).then(() => said.push('ended'));
  await clock.advance(60_000);
  end.abort();
  // What has been asked for may be answered as long as it would be ours.
  await clock.advance(LEASE - 1);
  expect(said).toEqual(['ready', 'trouble']);
  await clock.advance(LEASE);
  await working;
  expect(said).toEqual(['ready', 'trouble', 'stopping', 'ended']);
});
