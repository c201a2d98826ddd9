import { lineFrom, lineStarts } from './lines.ts';

/** Names whose values nobody should read in an error: the map `secrets` itself is one of them. */
const SENSITIVE = /secret|token|passw(?:or)?d|passphrase|pgpass|_pwd|authorization|(?:api|access|private)[_-]?key/i;
const SENSITIVE_KEY = new RegExp(String.raw`(?:${SENSITIVE.source})[\w.-]*["']?[ \t]*:`, 'i');
/** `scheme://user:password@host`. */
const PASSWORD_IN_URL = /\w:\/\/[^\s/:@"']*:[^\s/@"']+@/;
/** Many addresses of webhooks are secrets themselves. */
const WEBHOOK = /webhook["']?[ \t]*:(?=[ \t]*["']?\w+:\/\/)/i;
const ANY_KEY = /^[ \t]*["']?[\w.-]+["']?[ \t]*:/;
const REFERENCE = /^(?:env|file|keyring|systemd-cred):/;
/** Nobody sees more of a line than its beginning, and a search in an endless one must end. */
const LOOKED_AT = 1_000;

/** Whether a literal under this name is probably a secret. `TOKEN_FILE` and the like name a place, not a value. */
export function isSensitive(name: string): boolean {
  return SENSITIVE.test(name) && !/[_-](?:file|path)$/i.test(name);
}

/** Whether a text holds the password of somebody, whatever its key is called. */
export function holdsPassword(value: string): boolean {
  return PASSWORD_IN_URL.test(value);
}

/** A reference says where a secret is; it is none itself. */
export function isReference(value: string): boolean {
  return REFERENCE.test(value);
}

/** A text for others to read: what looks like a secret is replaced by ***, to the end of its line. */
export function hideSecrets(text: string): string {
  const starts = lineStarts(text);
  const hidden = secretLines(text, starts);
  if (hidden.size === 0) return text;
  return starts.map((start, index) => shownPart(text.slice(start, starts[index + 1]), (hidden.get(index) ?? Infinity) - start)).join('');
}

function shownPart(line: string, from: number): string {
  return from === Infinity ? line : `${line.slice(0, from)}${/\S/.test(line.slice(from)) ? ' ***' : ''}${line.endsWith('\n') ? '\n' : ''}`;
}

/**
 * From which offset on each line must not be printed. By lines and indentation, not by tree: excerpts are printed for texts
 * too that are no valid YAML, and a line that is hidden needlessly costs nothing.
 */
export function secretLines(text: string, starts: readonly number[]): ReadonlyMap<number, number> {
  const hidden = new Map<number, number>();
  if (!SENSITIVE.test(text) && !PASSWORD_IN_URL.test(text) && !WEBHOOK.test(text)) return hidden;
  let above = -1;
  for (const [index, start] of starts.entries()) {
    const { end } = lineFrom(text, start);
    const line = text.slice(start, Math.min(end, start + LOOKED_AT));
    const indent = line.search(/[^ \t]/);
    if (indent === -1) continue;
    const inside = above >= 0 && indent > above;
    const key = (inside ? ANY_KEY : SENSITIVE_KEY).exec(line);
    if (!inside) above = key === null ? -1 : indent;
    const value = key === null ? (inside ? 0 : Infinity) : key.index + key[0].length;
    const webhook = WEBHOOK.exec(line);
    const address = webhook === null ? Infinity : webhook.index + webhook[0].length;
    const from = Math.min(value, address, PASSWORD_IN_URL.exec(line)?.index ?? Infinity);
    if (from < Infinity) hidden.set(index, start + from);
  }
  return hidden;
}
