/**
 * Text of a job or a file on a terminal must not move the cursor, change colours, or read backwards: C0, C1 and DEL (but
 * tab and newline), and bidirectional controls become visible escapes. Source: S34.
 */
export function sanitise(text: string): string {
  return text.replace(UNSAFE, escape);
}

/** The same for one line of a table or a message: there, tab and newline are foreign as well. */
export function sanitiseLine(text: string): string {
  return text.replace(UNSAFE_IN_LINE, escape);
}

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g;
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const UNSAFE_IN_LINE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g;

/** JSON stays JSON: what a terminal would obey is written as JSON writes it. */
export function sanitiseJson(text: string): string {
  return text.replace(UNSAFE_IN_JSON, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };

function escape(character: string): string {
  const code = character.charCodeAt(0);
  return NAMED[character] ?? (code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`);
}
