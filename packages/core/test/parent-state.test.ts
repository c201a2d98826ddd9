import type { Instance, JobState } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { parentFacts, parentState } from '../src/index.ts';

describe('a parent', () => {
  test.each<readonly [JobState, ...JobState[]]>([
    // 1
    ['Blocked', 'Blocked', 'Running'],
    ['Blocked', 'Blocked', 'AtBreakpoint'],
    ['Blocked', 'Completed', 'Blocked', 'Failed'],
    ['AtBreakpoint', 'AtBreakpoint', 'Running'],
    ['AtBreakpoint', 'Suspended', 'AtBreakpoint'],
    // 2
    ['Completed', 'Completed'],
    ['Completed', 'Completed', 'Completed'],
    ['Stopped', 'Completed', 'Stopped'],
    ['Stopped', 'Stopped', 'Stopped'],
    ['Failed', 'Stopped', 'Failed', 'Completed'],
    ['Failed', 'Failed'],
    // 3
    ['Disconnected', 'Disconnected'],
    ['Disconnected', 'Failed', 'Disconnected'],
    ['Running', 'Disconnected', 'Running'],
    // 4
    ['Suspended', 'Suspended'],
    ['Suspended', 'Completed', 'Suspended'],
    // 5
    ['Suspending', 'Suspending'],
    ['Suspending', 'Suspended', 'Suspending'],
    ['Suspending', 'Failed', 'Suspending', 'Suspended'],
    // 6
    ['Running', 'Running'],
    ['Running', 'Running', 'NotStarted'],
    ['Running', 'Running', 'Suspended'],
    ['Running', 'Running', 'Suspending'],
    ['Running', 'Completed', 'NotStarted'],
    ['Running', 'Failed', 'Running'],
    ['Running', 'Stopped', 'Suspended', 'Disconnected'],
    // 7
    ['NotStarted', 'NotStarted'],
    ['NotStarted', 'NotStarted', 'Suspended'],
    ['NotStarted', 'NotStarted', 'NotStarted'],
    // a stop in progress
    ['Stopping', 'Stopping'],
    ['Stopping', 'Stopping', 'Running'],
    ['Stopping', 'Completed', 'Stopping'],
    ['Stopping', 'Stopping', 'NotStarted'],
  ])('is %s when its children are %s %s %s', (state, ...children) => {
    expect(parentState(children)).toBe(state);
    expect(parentState(children.toReversed())).toBe(state);
  });
});

const run = (id: number, facts: Partial<Instance>): Instance => ({
  id, instanceId: `i${id}`, name: `Job${id}`, type: 'ShellJob', state: 'Running', location: 'localhost', command: 'true', attempt: 1, origin: { kind: 'parent', parentId: 1 }, parentId: 1, ...facts,
});
const at = (seconds: number): Date => new Date(seconds * 1_000);

describe('what a parent shows of its children', () => {
  test('is everything of an only child', () => {
    const child = run(2, { state: 'Failed', reason: 'exit', statusMessage: 'the command exited with code 3', exitCode: 3, beginTime: at(1), endTime: at(5), outputBytes: 7 });
    expect(parentFacts([child])).toEqual({ reason: 'exit', statusMessage: 'the command exited with code 3', exitCode: 3, beginTime: at(1), endTime: at(5), outputBytes: 7 });
  });

  test('is the signal of an only child that was killed', () => {
    expect(parentFacts([run(2, { state: 'Failed', reason: 'signal', signal: 'SIGKILL', endTime: at(2) })])).toMatchObject({ reason: 'signal', signal: 'SIGKILL' });
  });

  test('is the code 0 of an only child that completed, and no reason', () => {
    const facts = parentFacts([run(2, { state: 'Completed', exitCode: 0, endTime: at(2) })]);
    expect(facts).toMatchObject({ exitCode: 0 });
    expect(facts).not.toHaveProperty('reason');
  });

  test('is the reason and message of the first failed of several, and no code of anybody', () => {
    const facts = parentFacts([
      run(2, { state: 'Stopped', reason: 'stopped', exitCode: 9, endTime: at(1) }),
      run(3, { state: 'Failed', reason: 'signal', statusMessage: 'first', signal: 'SIGTERM', endTime: at(2) }),
      run(4, { state: 'Failed', reason: 'exit', statusMessage: 'second', exitCode: 1, endTime: at(3) }),
    ]);
    expect(facts).toMatchObject({ reason: 'signal', statusMessage: 'first' });
    expect(facts).not.toHaveProperty('exitCode');
    expect(facts).not.toHaveProperty('signal');
  });

  test('is the reason of the failed one of two, and not its code', () => {
    const facts = parentFacts([run(2, { state: 'Failed', reason: 'exit', exitCode: 3, endTime: at(1) }), run(3, { state: 'Completed', exitCode: 0, endTime: at(2) })]);
    expect(facts).toEqual({ reason: 'exit', endTime: at(2), outputBytes: 0 });
  });

  test('is no reason when none of several failed', () => {
    const facts = parentFacts([run(2, { state: 'Stopped', reason: 'stopped', endTime: at(1) }), run(3, { state: 'Completed', exitCode: 0, endTime: at(2) })]);
    expect(facts).not.toHaveProperty('reason');
    expect(facts).not.toHaveProperty('exitCode');
  });

  test('is the first begin, the last end and all the output once all are finished', () => {
    const facts = parentFacts([
      run(2, { state: 'Completed', beginTime: at(3), endTime: at(9), outputBytes: 10 }),
      run(3, { state: 'Completed', beginTime: at(2), endTime: at(4), outputBytes: 5 }),
      run(4, { state: 'Failed', reason: 'spawn', endTime: at(3) }),
    ]);
    expect(facts).toMatchObject({ beginTime: at(2), endTime: at(9), outputBytes: 15 });
  });

  test('is no end and no output while one of them is unfinished', () => {
    const facts = parentFacts([run(2, { state: 'Completed', beginTime: at(3), endTime: at(9), outputBytes: 10 }), run(3, { state: 'Running', beginTime: at(4) })]);
    expect(facts).toEqual({ beginTime: at(3) });
  });
});
