import type { JobState } from '@nightshift/sdk';
import type { Colour } from './look.ts';

/** How each state looks on a terminal, beside its word: a symbol of one cell, and a colour. */
export const STATE_LOOKS: Readonly<Record<JobState, readonly [symbol: string, colour: Colour]>> = {
  NotStarted: ['○', 'grey'],
  Running: ['●', 'cyan'],
  Completed: ['✓', 'green'],
  Failed: ['✗', 'red'],
  Stopped: ['■', 'yellow'],
  Blocked: ['◇', 'magenta'],
  Suspended: ['‖', 'blue'],
  Disconnected: ['◌', 'magenta'],
  Suspending: ['¦', 'blue'],
  Stopping: ['□', 'yellow'],
  AtBreakpoint: ['◆', 'magenta'],
};
