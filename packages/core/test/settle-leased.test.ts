import type { Instance, RetryPolicy, SettleEnd } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { interruptedEnd, settlementOf, type LeasedEnd } from '../src/settle-leased.ts';

const began = new Date(Date.UTC(2026, 0, 1, 10));
const endTime = new Date(Date.UTC(2026, 0, 1, 11));
const now = new Date(Date.UTC(2026, 0, 1, 12));
const RETRY: RetryPolicy = { limit: 1, delay: 1_000, factor: 2, maxDelay: 10_000, onInterrupted: false };

const job: Instance = { id: 1, instanceId: 'job', name: 'Nightly', type: 'ScheduledJob', location: 'localhost', command: 'true', attempt: 1, origin: { kind: 'demand', runNow: true }, state: 'Running' };
const runOf = (retry?: Partial<RetryPolicy>, facts: Partial<Instance> = {}): Instance => ({
  ...job, id: 2, instanceId: 'run', name: 'Job2', parentId: 1, origin: { kind: 'parent', parentId: 1 }, run: { carries: 'job', ...(retry === undefined ? {} : { retry: { ...RETRY, ...retry } }) }, ...facts,
});
const failed: LeasedEnd = { move: { to: 'Failed', reason: 'exit', statusMessage: 'the command exited with code 3', exitCode: 3, endTime, outputBytes: 7 }, began };
const settled = (run: Instance, end: LeasedEnd, above: Instance = job): SettleEnd => settlementOf({ instance: run, job: above }, end, now);
const last = (end: SettleEnd) => ('transitions' in end ? end.transitions.map(({ instanceId, to, reason }) => [instanceId, to, reason]) : 'another attempt');

describe('the end of a leased run', () => {
  test('is that of the job above it as well, with all that is known of it', () => {
    expect(settled(runOf(), failed)).toEqual({
      transitions: [
        { ...failed.move, instanceId: 'run', from: expect.arrayContaining(['NotStarted', 'Running', 'Stopping', 'Suspended']), attempt: 1 },
        expect.objectContaining({ instanceId: 'job', to: 'Failed', reason: 'exit', exitCode: 3, endTime, outputBytes: 7, statusMessage: 'the command exited with code 3' }),
      ],
    });
  });

  test('is one transition where the run is the job', () => {
    const only = runOf(undefined, { instanceId: 'job' });
    expect(last(settled(only, failed, only))).toEqual([['job', 'Failed', 'exit']]);
  });

  test('is another attempt where its definition says so, and as often as it says', () => {
    expect(settled(runOf({}), failed)).toMatchObject({ next: { instanceId: 'run', retried: 1, closed: { attempt: 1, exitCode: 3, beginTime: began }, notBefore: new Date(endTime.getTime() + 1_000) } });
    expect(last(settled(runOf({ limit: 0 }), failed))).toEqual([['run', 'Failed', 'exit'], ['job', 'Failed', 'exit']]);
  });

  test('of one that somebody wants stopped is Stopped, whatever its books say, and nothing follows it', () => {
    expect(last(settled(runOf({}, { stopReason: 'overlap' }), failed))).toEqual([['run', 'Stopped', 'overlap'], ['job', 'Stopped', 'overlap']]);
    expect(last(settled(runOf(undefined, { stopReason: 'stopped' }), { move: { to: 'Completed', exitCode: 0, endTime } }))).toEqual([['run', 'Stopped', 'stopped'], ['job', 'Stopped', 'stopped']]);
  });

  test('of one whose time was up stays Failed, although somebody wanted it stopped', () => {
    expect(last(settled(runOf(undefined, { stopReason: 'stopped' }), { move: { to: 'Failed', reason: 'timeout', endTime } }))).toEqual([['run', 'Failed', 'timeout'], ['job', 'Failed', 'timeout']]);
  });

  test('of one that never began is another attempt that is not counted, with a policy or without', () => {
    const cutOff: LeasedEnd = { move: { to: 'Failed', reason: 'spawn', statusMessage: 'cut off', endTime }, neverRan: true };
    expect(settled(runOf(), cutOff)).toMatchObject({ next: { closed: { attempt: 1, reason: 'spawn' }, retried: 0, notBefore: now } });
    expect(last(settled(runOf(undefined, { stopReason: 'stopped' }), cutOff))).toEqual([['run', 'Stopped', 'stopped'], ['job', 'Stopped', 'stopped']]);
  });
});

describe('a run whose worker is lost', () => {
  test('has failed, since nobody can say how it went', () => {
    const run = runOf({ onInterrupted: false }, { beginTime: began });
    expect(last(settled(run, interruptedEnd(run, 5, now)))).toEqual([['run', 'Failed', 'interrupted'], ['job', 'Failed', 'interrupted']]);
  });

  test('is tried again where that was asked for', () => {
    const run = runOf({ onInterrupted: true }, { beginTime: began });
    expect(settled(run, interruptedEnd(run, 5, now))).toMatchObject({ next: { retried: 1, closed: { reason: 'interrupted', beginTime: began } } });
  });
});
