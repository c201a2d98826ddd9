import { isJobError, type JobErrorFacts } from '@nightshift/sdk';
import type { TroubleEvent } from './events.ts';

/** What keeps the scheduler from its work at the moment. Each code is said once, wherever it shows, and once more when it has gone everywhere. */
export interface Troubles {
  /** Something went wrong at a place, which will try again. Throws the cause when there is no going on. */
  meet(place: string, cause: unknown): void;
  /** The same of what is known without having been thrown. */
  say(place: string, error: JobErrorFacts): void;
  /** The place got through. */
  pass(place: string): void;
}

/** What stands in the way of the store, the disk or the system passes; errors with a fatal code, and mistakes of our own, do not. */
export function createTroubles(report: (event: TroubleEvent) => void, fatal: readonly string[]): Troubles {
  const codes = new Map<string, string>();
  const isSomewhere = (code: string): boolean => codes.size > 0 && [...codes.values()].includes(code);
  const troubles: Troubles = {
    meet(place, cause) {
      const error = isJobError(cause) ? cause : ofSystem(cause);
      if (error === undefined || fatal.includes(error.code)) throw cause;
      troubles.say(place, error);
    },
    say(place, error) {
      if (codes.get(place) === error.code) return;
      troubles.pass(place);
      if (!isSomewhere(error.code)) report({ event: 'trouble', error });
      codes.set(place, error.code);
    },
    pass(place) {
      const code = codes.get(place);
      if (code === undefined) return;
      codes.delete(place);
      if (!isSomewhere(code)) report({ event: 'recovered', code });
    },
  };
  return troubles;
}

/** A call of the system that failed: too many open files, a folder that is away. Undefined for a mistake of ours. */
function ofSystem(cause: unknown): JobErrorFacts | undefined {
  const { syscall, message } = cause as NodeJS.ErrnoException;
  return cause instanceof Error && syscall !== undefined ? { code: 'InputOutputError', message } : undefined;
}
