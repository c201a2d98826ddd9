import type { Clock } from '@nightshift/sdk';
import { isSame, newWord } from './token.ts';

/** Words that are each good for one login. */
export interface Logins {
  /** A new word. */
  issue(): string;
  /** Whether the word is good; it is not any more then. Undefined: after ten tries within a minute nobody is heard. */
  redeem(word: string): boolean | undefined;
}

/** Source: security specification S23. */
const TRIES = 10;
const MINUTE = 60_000;

export function createLogins(clock: Pick<Clock, 'monotonic'>): Logins {
  const words = new Set<string>();
  let tries: number[] = [];
  return {
    issue() {
      const word = newWord();
      words.add(word);
      return word;
    },
    redeem(word) {
      const now = clock.monotonic();
      tries = tries.filter((at) => now - at < MINUTE);
      if (tries.length >= TRIES) return undefined;
      tries.push(now);
      const found = [...words].find((one) => isSame(one, word));
      return found !== undefined && words.delete(found);
    },
  };
}
