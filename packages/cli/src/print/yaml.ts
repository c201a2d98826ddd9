/** A JSON value as YAML 1.2: block style, every text quoted as JSON quotes it, which YAML reads the same. Keys are quoted where they need it. */
export function yaml(value: unknown): string {
  return Array.isArray(value) && value.length > 0 ? value.map((entry) => `- ${block(entry, 1).trimStart()}`).join('') : block(value, 0);
}

/** Maps inside each other that are indented: whoever nests deeper means harm, and indentation grows with every level. */
const DEEPEST = 50;

function block(value: unknown, depth: number): string {
  if (!isFilledMap(value)) return `${JSON.stringify(value)}\n`;
  const indent = '  '.repeat(depth);
  return Object.entries(value)
    .map(([key, entry]) => `${indent}${keyText(key)}:${depth < DEEPEST ? below(entry, depth, indent) : ` ${JSON.stringify(entry)}\n`}`)
    .join('');
}

/** What stands behind a key: a map below it, maps of a list each with its dash, anything else on its line. */
function below(entry: unknown, depth: number, indent: string): string {
  if (isFilledMap(entry)) return `\n${block(entry, depth + 1)}`;
  if (!Array.isArray(entry) || entry.length === 0 || !entry.every(isFilledMap)) return ` ${JSON.stringify(entry)}\n`;
  return `\n${entry.map((one) => `${indent}- ${block(one, depth + 1).trimStart()}`).join('')}`;
}

/** Words that are no text to some reader of YAML, whatever their case. */
const NO_TEXT = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

function keyText(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !NO_TEXT.test(key) ? key : JSON.stringify(key);
}

/** A key before a colon has at most so many characters, quoted (YAML 1.2, 7.4.2). */
const LONGEST_KEY = 1_000;

/** Lists of anything else than maps stay in flow style: they are short. So does what block style cannot hold. */
function isFilledMap(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => keyText(key).length <= LONGEST_KEY);
}
