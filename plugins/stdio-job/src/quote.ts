/** As many characters of a wrong line as an error shows. */
const SHOWN = 200;

// Everything that a terminal could obey, or that would turn the reading direction around.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\\/g;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/**
 * The first 200 characters (code points) of a foreign text, safe to be shown: control characters are escaped as in JSON,
 * and an ellipsis says that something was left out.
 */
export function quote(text: string): string {
  // A code point has two units at most, so a megabyte is not taken apart for its beginning.
  const points = Array.from(text.slice(0, 2 * SHOWN + 2));
  const isCut = points.length > SHOWN || text.length > 2 * SHOWN + 2;
  const shown = points.slice(0, SHOWN).join('').toWellFormed();
  return shown.replace(UNSAFE, (character) => SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`) + (isCut ? '…' : '');
}
