import type { Instance, JobReason, RetryPolicy, RunFacts } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { begunAnew, nextAttempt } from '../src/retry.ts';
import type { Move } from '../src/transition.ts';
import { HERE } from './machine.ts';

const began = new Date(Date.UTC(2026, 0, 1, 10));
const end = new Date(Date.UTC(2026, 0, 1, 11));
const now = new Date(Date.UTC(2026, 0, 1, 12));
const POLICY: RetryPolicy = { limit: 2, delay: 10_000, factor: 2, maxDelay: 600_000, onInterrupted: false };

const run = (retry: Partial<RetryPolicy> | undefined, facts: Partial<Instance> = {}, more: Partial<RunFacts> = {}): Instance => ({
  id: 2, instanceId: 'i2', name: 'Job2', type: 'ShellJob', location: 'localhost', command: 'true', attempt: 1, origin: { kind: 'parent', parentId: 1 }, parentId: 1, state: 'Running',
  run: { holder: HERE, carries: 'i1', ...(retry === undefined ? {} : { retry: { ...POLICY, ...retry } }), ...more }, ...facts,
});
const failed = (reason: JobReason, facts: Partial<Move> = {}): Move => ({ to: 'Failed', reason, statusMessage: 'the command exited with code 1', endTime: end, exitCode: 1, ...facts });

describe('the next attempt', () => {
  test('closes the one before it, says when it starts, and why there is one', () => {
    expect(nextAttempt(run({}), failed('exit'), began, now)).toEqual({
      instanceId: 'i2',
      closed: { attempt: 1, reason: 'exit', statusMessage: 'the command exited with code 1', beginTime: began, endTime: end, exitCode: 1 },
      notBefore: new Date('2026-01-01T11:00:10.000Z'),
      retried: 1,
      statusMessage: 'attempt 2 of 3 starts at 2026-01-01T11:00:10.000Z; attempt 1: the command exited with code 1',
    });
  });

  test.each([
    ['exit', true],
    ['signal', true],
    ['timeout', true],
    ['spawn', true],
    ['interrupted', false],
    ['stopped', false],
    ['dependency', false],
    ['overlap', false],
    ['condition', false],
    ['error', true],
  ] as const)('after the reason "%s": %s', (reason, follows) => {
    expect(nextAttempt(run({}), failed(reason), began, now) !== undefined).toBe(follows);
  });

  test('follows a run that was cut off where that is asked for', () => {
    expect(nextAttempt(run({ onInterrupted: true }), failed('interrupted'), began, now)).toMatchObject({ retried: 1 });
    expect(nextAttempt(run({ onInterrupted: true, limit: 0 }), failed('interrupted'), began, now)).toBeUndefined();
  });

  test.each([
    ['without a policy', run(undefined)],
    ['beyond the limit', run({ limit: 2 }, { attempt: 3 }, { retried: 2 })],
    ['when somebody wants it stopped', run({}, { stopReason: 'stopped' })],
  ])('does not follow %s', (_when, instance) => {
    expect(nextAttempt(instance, failed('exit'), began, now)).toBeUndefined();
  });

  test('does not follow a success', () => {
    expect(nextAttempt(run({}), { to: 'Completed', endTime: end }, began, now)).toBeUndefined();
  });

  test.each([
    [{ delay: 10_000, factor: 2 }, 0, 10],
    [{ delay: 10_000, factor: 2 }, 1, 20],
    [{ delay: 10_000, factor: 2 }, 2, 40],
    [{ delay: 10_000, factor: 2, maxDelay: 30_000 }, 2, 30],
    [{ delay: 10_000, factor: 1 }, 8, 10],
    [{ delay: 0, factor: 1_000 }, 9_999, 0],
    [{ delay: 1, factor: 1_000 }, 9_999, 600],
  ])('waits by %j after %i retries %i seconds', (policy, retried, seconds) => {
    const next = nextAttempt(run({ limit: 10_000, ...policy }, { attempt: retried + 1 }, { retried }), failed('exit'), began, now);
    expect(next?.notBefore).toEqual(new Date(end.getTime() + seconds * 1_000));
  });

  test('never lies beyond what a clock can show', () => {
    const next = nextAttempt(run({ delay: Number.MAX_SAFE_INTEGER, maxDelay: Number.MAX_SAFE_INTEGER }), failed('exit'), began, now);
    expect(next?.notBefore).toEqual(new Date(8_640_000_000_000_000));
  });

  test('is counted from now where the end lies in the future of a wrong clock', () => {
    const next = nextAttempt(run({}), failed('exit', { endTime: new Date(Date.UTC(2098, 0)) }), began, now);
    expect(next?.notBefore).toEqual(new Date(now.getTime() + 10_000));
  });
});

describe('an attempt that was cut off before its command ran', () => {
  test('is begun anew at once and counts for nothing', () => {
    const cutOff: Move = { to: 'Failed', reason: 'spawn', statusMessage: 'the start was cut off before the command ran', endTime: now };
    expect(begunAnew(run({}, { attempt: 2 }, { retried: 1 }), cutOff, now)).toEqual({
      instanceId: 'i2',
      closed: { attempt: 2, reason: 'spawn', statusMessage: 'the start was cut off before the command ran', endTime: now },
      notBefore: now,
      retried: 1,
      statusMessage: 'attempt 3 starts at once; attempt 2: the start was cut off before the command ran',
    });
  });

  test('does not shorten the count of those that may follow', () => {
    expect(nextAttempt(run({}, { attempt: 2 }, { retried: 0 }), failed('exit'), began, now)?.statusMessage).toMatch(/^attempt 3 of 4 /);
  });
});
