import { lineFrom } from './lines.ts';

/** Names whose values nobody should read in an error: the map `secrets` itself is one of them. */
const SENSITIVE = /secret|token|passw(?:or)?d|passphrase|api[_-]?key|private[_-]?key/i;
const SENSITIVE_KEY = /(?:secret|token|passw(?:or)?d|passphrase|api[_-]?key|private[_-]?key)[\w.-]*["']?[ \t]*:/i;
const ANY_KEY = /^[ \t]*["']?[\w.-]+["']?[ \t]*:/;
const REFERENCE = /^(?:env|file|keyring|systemd-cred):/;
/** Nobody sees more of a line than its beginning, and a search in an endless one must end. */
const LOOKED_AT = 1_000;

/** Whether a literal under this name is probably a secret. `TOKEN_FILE` and the like name a place, not a value. */
export function isSensitive(name: string): boolean {
  return SENSITIVE.test(name) && !/[_-](?:file|path)$/i.test(name);
}

/** A reference says where a secret is; it is none itself. */
export function isReference(value: string): boolean {
  return REFERENCE.test(value);
}

/**
 * From which offset on each line must not be printed. By lines and indentation, not by tree: excerpts are printed for texts
 * too that are no valid YAML, and a line that is hidden needlessly costs nothing.
 */
export function secretLines(text: string, starts: readonly number[]): ReadonlyMap<number, number> {
  const hidden = new Map<number, number>();
  if (!SENSITIVE.test(text)) return hidden;
  let above = -1;
  for (const [index, start] of starts.entries()) {
    const { end } = lineFrom(text, start);
    const line = text.slice(start, Math.min(end, start + LOOKED_AT));
    const indent = line.search(/[^ \t]/);
    if (indent === -1) continue;
    const inside = above >= 0 && indent > above;
    const key = (inside ? ANY_KEY : SENSITIVE_KEY).exec(line);
    if (!inside) above = key === null ? -1 : indent;
    if (inside || key !== null) hidden.set(index, start + (key === null ? 0 : key.index + key[0].length));
  }
  return hidden;
}
