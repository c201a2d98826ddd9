/** PowerShell's eleven states in PowerShell's order: the index is its number, NotStarted 0 to AtBreakpoint 10. */
export const JOB_STATES = [
  'NotStarted',
  'Running',
  'Completed',
  'Failed',
  'Stopped',
  'Blocked',
  'Suspended',
  'Disconnected',
  'Suspending',
  'Stopping',
  'AtBreakpoint',
] as const;

/** One of PowerShell's eleven states, spelled as PowerShell spells it. */
export type JobState = (typeof JOB_STATES)[number];

/** Final: a job never leaves one of these. */
export const FINISHED_STATES: readonly JobState[] = ['Completed', 'Failed', 'Stopped'];

/** Where a wait ends without `--force`: finished, Suspended or Disconnected. */
export const PERSISTENT_STATES: readonly JobState[] = [...FINISHED_STATES, 'Suspended', 'Disconnected'];

/** True for Completed, Failed and Stopped. */
export function isFinished(state: JobState): boolean {
  return FINISHED_STATES.includes(state);
}

/** True for finished states, Suspended and Disconnected. */
export function isPersistent(state: JobState): boolean {
  return PERSISTENT_STATES.includes(state);
}

/** Every reason that an instance can have for its state. */
export const JOB_REASONS = ['exit', 'signal', 'timeout', 'stopped', 'interrupted', 'spawn', 'dependency', 'overlap', 'condition', 'error'] as const;

/** Why an instance is in its state, beyond the state's name. */
export type JobReason = (typeof JOB_REASONS)[number];
