/** How states and words look: a symbol, the word, and a colour; never the colour alone. The command line has the same. */
export type Tone = 'grey' | 'cyan' | 'green' | 'red' | 'yellow' | 'magenta' | 'blue';

export type Look = readonly [symbol: string, tone: Tone];

export const STATE_LOOKS = {
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
} as const satisfies Record<string, Look>;

export type State = keyof typeof STATE_LOOKS;

/** A state that a newer server knows and these pages do not yet has its word and no colour. */
export function lookOfState(state: string): Look {
  return STATE_LOOKS[state as State] ?? ['?', 'grey'];
}

export function isFinal(state: string): boolean {
  return state === 'Completed' || state === 'Failed' || state === 'Stopped';
}
