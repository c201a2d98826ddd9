import { systemClock } from '@nightshift/host';
import { writeError } from './terminal.ts';

/** Lines about what has happened, for who watches a process that works on. */
export interface EventLines<Event> {
  readonly say: (event: Event) => void;
  /** Writes what has been said and not written yet. */
  readonly flush: () => void;
}

/** What is said at one moment is written at once, and after it: ten thousand due times in a second are not to wait for whoever reads their lines. */
export function eventLines<Event>(textOf: (event: Event, at: Date) => string): EventLines<Event> {
  let text = '';
  const flush = (): void => {
    writeError(text);
    text = '';
  };
  return {
    say(event) {
      if (text === '') setImmediate(flush);
      text += textOf(event, systemClock.now());
    },
    flush,
  };
}
