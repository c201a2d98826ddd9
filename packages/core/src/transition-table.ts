import { JobError, type JobState } from '@nightshift/sdk';

/** Every legal move of a job that runs something itself. Source: jobs.md 2.3; the diagram in ARCHITECTURE.md is compared with it by a test. */
export const MOVES: Readonly<Record<JobState, readonly JobState[]>> = {
  NotStarted: ['Running', 'Failed', 'Stopped', 'Suspended', 'Suspending', 'Stopping'],
  Running: ['Completed', 'Failed', 'Stopped', 'Blocked', 'Suspended', 'Disconnected', 'Suspending', 'Stopping', 'AtBreakpoint'],
  Blocked: ['Running', 'Failed', 'Stopped', 'Disconnected', 'Stopping'],
  AtBreakpoint: ['Running', 'Completed', 'Failed', 'Stopped', 'Disconnected', 'Stopping'],
  Disconnected: ['Running', 'Completed', 'Failed', 'Stopped', 'Blocked', 'Stopping'],
  Suspending: ['Completed', 'Failed', 'Stopped', 'Suspended', 'Stopping'],
  // Only before it ever ran: it waits again.
  Suspended: ['NotStarted', 'Running', 'Completed', 'Failed', 'Stopped', 'Stopping'],
  Stopping: ['Failed', 'Stopped'],
  Completed: [],
  Failed: [],
  Stopped: [],
};

/** The states from which `to` may be reached. */
export function statesBefore(to: JobState): readonly JobState[] {
  return (Object.keys(MOVES) as JobState[]).filter((from) => MOVES[from].includes(to));
}

/** Throws `InvalidJobState`, naming the current state, the attempted one and the permitted ones. */
export function checkMove(name: string, from: JobState, to: JobState): void {
  if (MOVES[from].includes(to)) return;
  const permitted = MOVES[from].length === 0 ? 'none: it is finished' : MOVES[from].join(', ');
  throw new JobError({ code: 'InvalidJobState', message: `${name} is ${from} and cannot become ${to} (permitted: ${permitted})` });
}
