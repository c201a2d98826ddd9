const LONGEST = 200;
const UNSAFE = /["\\\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
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
