import { firstWord, quotedFor, wordsOf } from './bash-line.ts';
import type { Offer } from './offers.ts';

/** The shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * What a script has told: the words without quotes, and how an offer is written for that shell. bash tells the line up to the
 * cursor and the part of it that an answer replaces, which begins behind the last of its word breaks; the others tell words.
 */
export interface Asked {
  readonly words: readonly string[];
  write(offer: Offer): string;
}

export function askedBy(shell: Shell, told: readonly string[]): Asked {
  if (shell === 'bash') return askedByBash(told[0] ?? '', told[1] ?? '');
  return { words: told, write: ({ value, note }) => `${shell === 'powershell' ? inPowerShell(value) : value}\t${note}` };
}

function askedByBash(line: string, replaced: string): Asked {
  const words = wordsOf(line);
  const { raw } = words.at(-1) ?? { raw: '' };
  const kept = firstWord(raw.slice(0, Math.max(0, raw.length - replaced.length)));
  return { words: words.map(({ value }) => value), write: ({ value }) => quotedFor(kept.open, value.slice(kept.value.length)) };
}

/** PowerShell ends a text in single quotes at four typographic ones as well; each is doubled. */
function inPowerShell(value: string): string {
  return /^[\p{L}\p{N}_.:=/\\-]+$/u.test(value) ? value : `'${value.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`;
}
