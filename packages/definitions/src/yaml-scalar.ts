/** How one value that is neither map nor list is written, in the style of our examples. */

/** Where a scalar stands, as far as its form depends on it. */
export interface ScalarPlace {
  /** The key that it is the value of, or of the list that it is an entry of. */
  readonly key?: string | undefined;
  /** JSON knows no plain texts. */
  readonly json?: boolean;
}

/** Letters, digits and inner punctuation that mean nothing to YAML wherever they stand, in `{ }` and `[ ]` too. */
const PLAIN = /^(?:[\p{L}\p{N}_./$(+^]|-(?=[\p{L}\p{N}_./-]))(?:[\p{L}\p{M}\p{N}_./~@^$()+=%*&!?;'|<>-]|:(?=\S)| (?=[^ #]))*$/u;
/** What this or an older YAML takes for something else than text: numbers, times of day, dates, booleans, nothing. */
const OTHER_TYPE = /^(?:(?=\D*\d)[-+]?[\d.][\d_.:e+-]*|[-+]?0[xob][\da-f_]*|[-+]?\.(?:inf|nan)|null|true|false|yes|no|on|off|y|n)$/i;
const MARKER = /^(?:---|\.\.\.)(?: |$)/;
const CRON_KEYS: readonly (string | undefined)[] = ['cron', 'expression'];
const CRON = /^(?:[\d*/,-]+ ){3}/;

/** A scalar on one line. */
export function scalarText(value: string | number | boolean | null, { key, json = false }: ScalarPlace = {}): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'string') return String(value);
  return json || CRON_KEYS.includes(key) || !isPlain(value) ? JSON.stringify(value) : value;
}

/** Whether a text means itself without quotes, to every reader of YAML. */
function isPlain(text: string): boolean {
  return PLAIN.test(text) && !MARKER.test(text) && !OTHER_TYPE.test(text) && !CRON.test(text);
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * The lines of a text as a literal block, its header first and the rest not yet indented. Undefined where a block is no help
 * or cannot say it: one line, trailing blank lines, lines of blanks only, characters that need an escape.
 */
export function blockLines(text: string): readonly string[] | undefined {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const lines = body.split('\n');
  if (lines.length < 2 || lines.at(-1) === '' || lines.some((line) => line !== '' && line.trim() === '') || NEEDS_ESCAPE.test(body)) return undefined;
  // Without an indicator the first line that is not empty would say how deep the block is.
  const indicator = /^\n*[ \t]/.test(body) ? '2' : '';
  return [`|${indicator}${text === body ? '-' : ''}`, ...lines];
}

const NEEDS_ESCAPE = /(?![\t\n])\p{Cc}|[\p{Cs}\u2028\u2029\ufeff]/u;
