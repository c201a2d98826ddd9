import type { JobView } from '@nightshift/host';
import type { Voice } from './error.ts';
import { sanitiseLine } from './sanitise.ts';
import { isTerminal, writeError } from './terminal.ts';

/** What became of jobs that a verb started besides what it prints. Scripts are told only what they have to know: of those that could not be started, or wait. */
export function printRuns({ verb }: Voice, runs: readonly JobView[]): void {
  for (const { id, name, state, reason, statusMessage } of runs) {
    const isWorthIt = (state === 'NotStarted' && statusMessage !== '') || reason === 'spawn';
    if (!isWorthIt && !isTerminal(2)) continue;
    const words = isWorthIt ? `${state}: ${statusMessage}` : `runs now; receive-job ${id} --follow`;
    writeError(`${sanitiseLine(`${verb}: job ${id} (${name}) ${words}`)}\n`);
  }
}
