import { errorOf, type CodeRunWish, type SupervisedRun } from '@nightshift/core';
import type { JobError } from '@nightshift/sdk';
import { readStop, readWishes, writeAnswer } from '@nightshift/store';

/**
 * What somebody wishes of the run of this process. A stop is SIGTERM, with the reason in a file; the launcher counts the grace
 * period, and SIGQUIT says that it is over. Everything else lies in files, which SIGHUP bids us to read. A SIGTERM without a
 * file comes from somebody else, such as a computer that goes down: a run that `outlives` us is not ended by that, but we are.
 */
export function followWishes(attempt: string, run: SupervisedRun, outlives: boolean, warn: (warning: unknown) => void): void {
  let known = 0;
  const make = (wish: CodeRunWish): void => void run.wish(wish).catch(warn);
  const stop = (): void => make({ is: 'stop', reason: readStop(attempt) ?? 'stopped', killAfter: false });
  const read = (): void => {
    for (const { number, wish } of readWishes(attempt, known)) {
      known = number;
      void run.wish(wish as CodeRunWish).then(() => writeAnswer(attempt, number, {}), (cause: unknown) => writeAnswer(attempt, number, { error: errorOf(cause) })).catch(warn);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => (outlives && readStop(attempt) === undefined ? endOurselves(signal) : stop()));
  process.on('SIGQUIT', () => make({ is: 'kill', reason: readStop(attempt) ?? 'stopped' }));
  process.on('SIGHUP', () => {
    try {
      read();
    } catch (cause) {
      warn(cause as JobError);
    }
  });
  // Who wished something before we could hear it.
  read();
  if (readStop(attempt) !== undefined) stop();
}

/** As if nobody listened. */
function endOurselves(signal: 'SIGTERM' | 'SIGINT'): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
