import { JOB_STATES, type JobState } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { checkMove, MOVES, statesBefore } from '../src/index.ts';

// jobs.md 2.3, columns in PowerShell's order: NotStarted Running Completed Failed Stopped Blocked Suspended Disconnected Suspending Stopping AtBreakpoint
const TABLE = `
  NotStarted    . x . x x . x . x x .
  Running       . . x x x x x x x x x
  Completed     . . . . . . . . . . .
  Failed        . . . . . . . . . . .
  Stopped       . . . . . . . . . . .
  Blocked       . x . x x . . x . x .
  Suspended     x x x x x . . . . x .
  Disconnected  . x x x x x . . . x .
  Suspending    . . x x x . x . . x .
  Stopping      . . . x x . . . . . .
  AtBreakpoint  . x x x x . . x . x .
`;

const CELLS = TABLE.trim().split('\n').flatMap((line) => {
  const [from, ...marks] = line.trim().split(/\s+/) as [JobState, ...string[]];
  return marks.map((mark, column) => [from, mark === 'x' ? 'may become' : 'never becomes', JOB_STATES[column] as JobState] as const);
});

describe('the transition table', () => {
  test('has a cell for each of the eleven states in both directions', () => {
    expect(CELLS).toHaveLength(121);
    expect(Object.keys(MOVES).toSorted()).toEqual([...JOB_STATES].toSorted());
  });

  test.each(CELLS)('%s %s %s', (from, may, to) => {
    expect(MOVES[from].includes(to)).toBe(may === 'may become');
    expect(statesBefore(to).includes(from)).toBe(may === 'may become');
    const check = (): void => checkMove('Job1', from, to);
    if (may === 'may become') expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code: 'InvalidJobState' }));
  });

  test('a refused move names the job, its state, the attempted one and the permitted ones', () => {
    expect(() => checkMove('Build', 'Stopping', 'Suspended')).toThrow('Build is Stopping and cannot become Suspended (permitted: Failed, Stopped)');
  });

  test.each(['Completed', 'Failed', 'Stopped'] as const)('a refused move out of %s says that the job is finished', (state) => {
    expect(() => checkMove('Job1', state, 'Running')).toThrow(`Job1 is ${state} and cannot become Running (permitted: none: it is finished)`);
  });
});
