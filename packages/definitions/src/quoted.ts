const LONGEST = 200;
/** What a terminal would obey, and what nobody can see. */
const UNSAFE = /["\\\p{Cc}\p{Cs}\u00a0\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
const SHORT: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Foreign text for a message: in quotes, cut at 200 characters, nothing in it that a terminal would obey. */
export function quoted(text: string): string {
  const characters = Array.from(text.slice(0, 2 * LONGEST + 2));
  const shown = characters.slice(0, LONGEST).join('');
  return `"${escaped(shown)}${characters.length > LONGEST ? '…' : ''}"`;
}

function escaped(text: string): string {
  return text.replace(UNSAFE, (found) => SHORT[found] ?? `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
