import type { JobReason } from './states.ts';

/** How a run ended: a value, since states are the host's. Exit code and signal are facts for `get-job`, when there are any. */
export type JobOutcome =
  | { readonly state: 'Completed'; readonly exitCode?: number }
  | { readonly state: 'Failed'; readonly error: Error; readonly exitCode?: number; readonly signal?: string; /** Why; of a child that has ended always. A run may pass on that of a child. Default: exit or signal where it names one, else error. */ readonly reason?: JobReason }
  | { readonly state: 'Stopped'; readonly reason: string };

/** Why a run was asked to stop. The first reason wins. */
export type StopReason = 'stopped' | 'timeout' | 'overlap' | 'condition' | 'shutdown' | 'parent';
