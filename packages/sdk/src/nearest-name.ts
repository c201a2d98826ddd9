import { isJobError } from './errors.ts';
import { checkName } from './name-rule.ts';
import { asciiLower } from './suggest.ts';

/** What is made of other text is kept short of the limit, for a number behind it. */
const LONGEST = 48;
const LIMIT = 64;

/** The nearest valid name of a definition; undefined when nothing of the text can be in one. Source: jobs.md 8.4. */
export function nearestName(text: string): string | undefined {
  if (isName(text)) return text;
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/\.{2,}/g, '.').replaceAll(/-{2,}/g, '-');
  const trimmed = trim(trim(plain).slice(0, LONGEST));
  if (!/[A-Za-z0-9]/.test(trimmed)) return undefined;
  return [trimmed, `job-${trimmed}`].find(isName);
}

/** A name for each list of wishes: its first wish that can be one, with a number where it is taken, without regard to case; "Job" where there is none. */
export function uniqueNames(wishes: readonly (readonly string[])[], prefix = ''): readonly string[] {
  const taken = new Set<string>();
  /** The last number given behind a name: thousands may wish for the same one. */
  const last = new Map<string, number>();
  return wishes.map((list) => {
    const base = firstValid(list.map((wish) => `${prefix}${wish}`)) ?? firstValid([`${prefix}Job`]) ?? 'Job';
    const key = asciiLower(base);
    let number = last.get(key) ?? 1;
    while (taken.has(asciiLower(numbered(base, number)))) number++;
    const name = numbered(base, number);
    last.set(key, number);
    taken.add(asciiLower(name));
    return name;
  });
}

function numbered(base: string, number: number): string {
  return number === 1 ? base : `${base.slice(0, LIMIT - 1 - String(number).length)}-${number}`;
}

function firstValid(texts: readonly string[]): string | undefined {
  for (const text of texts) {
    const name = nearestName(text);
    if (name !== undefined) return name;
  }
  return undefined;
}

function trim(text: string): string {
  return text.replaceAll(/^[-._]+|[-._]+$/g, '');
}

function isName(text: string): boolean {
  try {
    checkName(text);
    return true;
  } catch (cause) {
    if (isJobError(cause)) return false;
    throw cause;
  }
}
