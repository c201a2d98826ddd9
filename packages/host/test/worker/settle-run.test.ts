import { applied } from '@nightshift/core';
import { JobError, type Engine, type Instance, type SettleEnd } from '@nightshift/sdk';
import { TestClock } from '@nightshift/testing';
import { expect, test } from 'vitest';
import type { LocalRuns } from '../../src/worker/local-runs.ts';
import { settleRun } from '../../src/worker/settle-run.ts';
import { leaseOf } from './leases.ts';

/** An engine with one run; of what it has done it says nothing the first time. */
function newEngine() {
  let row: Instance = leaseOf(1).instance;
  let settled = 0;
  const settle = async (_lease: unknown, end: SettleEnd): Promise<boolean> => {
    settled += 1;
    if ('transitions' in end) row = end.transitions.reduce((one, { instanceId: _instanceId, ...move }) => applied(one, move), row);
    throw new JobError({ code: 'StoreUnavailable', message: 'the connection was lost in the commit' });
  };
  const engine = { store: { find: async () => [row], finishedBeyond: async () => [] }, queue: { settle } } as unknown as Engine;
  return { engine, settled: () => settled, take: () => (row = { ...row, fence: 2 }) };
}

const local = { neverRan: async () => false, endStrays: async () => {} } as Partial<LocalRuns> as LocalRuns;
const ended: Instance = { ...leaseOf(1).instance, state: 'Completed', exitCode: 0, endTime: new Date(1) };

test('a run whose end was taken by a server that could not say so any more has ended, and is not lost', async () => {
  const { engine, settled } = newEngine();
  const settle = () => settleRun({ engine, clock: new TestClock() }, local, leaseOf(1), ended);
  await expect(settle()).rejects.toMatchObject({ code: 'StoreUnavailable' });
  expect(await settle()).toMatchObject({ is: 'ended', run: { state: 'Completed' } });
  expect(settled()).toBe(1);
});

test('a run that has ended under the lease of another is lost', async () => {
  const { engine, take } = newEngine();
  const settle = () => settleRun({ engine, clock: new TestClock() }, local, leaseOf(1), ended);
  await expect(settle()).rejects.toThrow();
  take();
  expect(await settle()).toEqual({ is: 'lost' });
});
