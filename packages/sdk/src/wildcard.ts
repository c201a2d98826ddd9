import { asciiLower } from './suggest.ts';

/** Whether a selector is a pattern rather than a name. */
export function hasWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/**
 * PowerShell's wildcards `* ? [ ]` over a whole text, ASCII letters without case unless `fold` says otherwise. Never a regular expression of the
 * user's (S9): a pattern of n stars costs at most length of text times length of pattern.
 */
export function matchesWildcard(pattern: string, text: string, fold: (text: string) => string = asciiLower): boolean {
  const tokens = tokensOf(fold(pattern));
  const letters = [...fold(text)];
  let [token, letter, star, resume] = [0, 0, -1, 0];
  while (letter < letters.length) {
    if (tokens[token] === '*') [star, resume] = [token++, letter];
    else if (token < tokens.length && fits(tokens[token] as string, letters[letter] as string)) [token, letter] = [token + 1, letter + 1];
    else if (star >= 0) [token, letter] = [star + 1, ++resume];
    else return false;
  }
  return tokens.slice(token).every((rest) => rest === '*');
}

/** Characters, `*`, `?` and whole sets `[a-z]`; a `[` that is never closed is a character like any other. */
function tokensOf(pattern: string): string[] {
  const letters = [...pattern];
  const tokens: string[] = [];
  for (let index = 0; index < letters.length; index++) {
    const end = letters[index] === '[' ? letters.indexOf(']', index + 2) : -1;
    tokens.push(letters.slice(index, Math.max(index, end) + 1).join(''));
    if (end !== -1) index = end;
  }
  return tokens;
}

function fits(token: string, letter: string): boolean {
  if (token === '?') return true;
  if (token.length < 3 || !token.startsWith('[')) return token === letter;
  const set = [...token].slice(1, -1);
  for (let index = 0; index < set.length; index++) {
    if (set[index + 1] === '-' && index + 2 < set.length) {
      if ((set[index] as string) <= letter && letter <= (set[index + 2] as string)) return true;
      index += 2;
    } else if (set[index] === letter) return true;
  }
  return false;
}
