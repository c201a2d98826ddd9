import { JobError, type Engine, type InstanceQuery, type JobQueue, type Lease } from '@nightshift/sdk';
import { createTroubles } from '@nightshift/scheduler';
import { TestClock } from '@nightshift/testing';
import { expect, test } from 'vitest';
import { createHint } from '../../src/worker/hint.ts';
import { createPersistence } from '../../src/worker/persistence.ts';
import { renewLeases } from '../../src/worker/renew-leases.ts';
import { createWishes } from '../../src/worker/wishes.ts';
import { leaseOf } from './leases.ts';

const LEASE = 9_000;
const OFFER = { name: 'one', routes: ['default'], slots: 8 };

/** Renews a lease of its own by this queue for a minute. How often it was renewed, and what was said. */
async function minuteOf(parts: Partial<JobQueue>, others: Partial<Engine> = {}) {
  const clock = new TestClock();
  const said: string[] = [];
  let renewals = 0;
  const queue = {
    limits: { lease: LEASE, strictCaps: true },
    register: async () => {},
    expired: async () => [],
    renew: async () => ((renewals += 1), { lost: [], wishes: [] }),
    ...parts,
  } as Partial<JobQueue> as JobQueue;
  const report = ({ event }: { readonly event: string }): void => void said.push(event);
  const local = { has: async () => true, stop: async () => {}, suspend: async () => {}, resume: async () => {} };
  const wishes = createWishes({ local, begun: () => {}, news: () => {}, failed: () => {} });
  const live = { held: () => [leaseOf(1)], lose: () => {}, renewed: () => {} };
  const end = new AbortController();
  const renewing = renewLeases({ engine: { ...others, queue } as Engine, clock, local, persistence: createPersistence(createTroubles(report, []), clock), live: live as never, wishes, hint: createHint(clock), report }, OFFER, end.signal);
  await clock.advance(60_000);
  end.abort();
  return { renewals, said, renewing };
}

test('leases are renewed three times in their time, whatever else the engine complains of', async () => {
  const away = (): Promise<never> => Promise.reject(new JobError({ code: 'StoreUnavailable', message: 'the output store is away' }));
  const { renewals, said } = await minuteOf({ register: away });
  expect(renewals).toBeGreaterThanOrEqual(60_000 / LEASE * 2);
  expect(said).toEqual(['trouble']);
  expect((await minuteOf({ register: () => new Promise(() => {}) })).renewals).toBe(renewals);
});

test('leases are renewed while somebody decides about those of a worker that is lost, however long that takes', async () => {
  const { promise: decided, resolve: decide } = Promise.withResolvers<readonly []>();
  let asked = 0;
  const { renewals, renewing } = await minuteOf({ expired: () => ((asked += 1), decided) });
  expect(asked).toBe(1);
  expect(renewals).toBeGreaterThanOrEqual(60_000 / LEASE * 2);
  decide([]);
  await renewing;
});

test('a run about which nothing can be decided keeps none of the others of a lost worker from its fate', async () => {
  const [broken, good] = ['broken', 'good'].map((instanceId): Lease => {
    const instance = { ...leaseOf(2).instance, instanceId };
    return { ...leaseOf(2), instance, job: instance };
  }) as [Lease, Lease];
  const left: Lease[] = [broken, good];
  const expired = async () => left.splice(0);
  const settled: string[] = [];
  const settle = async ({ instance: { instanceId } }: Lease) => {
    if (instanceId === 'broken') throw new JobError({ code: 'StoreUnavailable', message: 'its row cannot be read' });
    settled.push(instanceId);
    return true;
  };
  const store = { find: async ({ instanceIds = [] }: InstanceQuery) => [broken, good].map(({ instance }) => instance).filter(({ instanceId }) => instanceIds.includes(instanceId)), finishedBeyond: async () => [] };
  const { said } = await minuteOf({ expired, settle }, { store, output: { size: async () => 0 } } as never);
  expect([settled, said]).toEqual([['good'], ['abandoned', 'trouble', 'recovered']]);
});
