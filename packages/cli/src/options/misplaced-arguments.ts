import type { VerbTable } from './option-table.ts';

/** How words are written that were meant as arguments of what a flag runs; undefined where no such flag was given. */
export function misplacedArguments({ name, options }: VerbTable, valueOf: (flag: string) => string | undefined, words: readonly string[]): string | undefined {
  const flag = Object.keys(options).find((one) => options[one]?.runs === true && valueOf(one) !== undefined);
  // PowerShell's script block: to every other shell these are words.
  if (flag !== undefined && valueOf(flag) === '{') return `a script block is a text in quotes: ${name} --${flag} ${quoted(words.filter((word) => word !== '}').join(' '))}`;
  return flag === undefined ? undefined : `arguments stand behind --: ${name} --${flag} ${[valueOf(flag) as string, '--', ...words].map(quoted).join(' ')}`;
}

/** As a shell needs it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
