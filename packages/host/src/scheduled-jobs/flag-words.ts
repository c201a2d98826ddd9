/** Keys of definition files as options of a command line: `daysOfWeek` is `--days-of-week`. */

/** The long name, without its dashes. */
export function flagOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * A sentence about keys as one about options: `repeatIndefinitely: true` becomes `--repeat-indefinitely`. Keys that are words of
 * English too are meant only where a colon follows, or in quotes.
 */
export function inFlags(sentence: string, keys: readonly string[]): string {
  const ofTwoWords = keys.filter((key) => /[A-Z]/.test(key)).join('|');
  const asFlag = (_: string, key: string, value: string | undefined): string => `--${flagOf(key)}${value === undefined || value === 'true' || value === '{}' ? '' : `=${value}`}`;
  return sentence
    .replaceAll(new RegExp(`(?<!-)"?\\b(${keys.join('|')})\\b"?: ([^\\s,;]+)`, 'g'), asFlag)
    .replaceAll(new RegExp(`(?<!-)(?:"(${keys.join('|')})"|\\b(${ofTwoWords})\\b)`, 'g'), (_, quoted: string | undefined, bare: string | undefined) => `--${flagOf(quoted ?? (bare as string))}`);
}
