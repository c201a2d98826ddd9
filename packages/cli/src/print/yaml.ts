/** A JSON value as YAML 1.2: block style, every text quoted as JSON quotes it, which YAML reads the same. */
export function yaml(value: unknown): string {
  return Array.isArray(value) && value.length > 0 ? value.map((entry) => `- ${block(entry, 1).trimStart()}`).join('') : block(value, 0);
}

function block(value: unknown, depth: number): string {
  if (!isFilledMap(value)) return `${JSON.stringify(value)}\n`;
  const indent = '  '.repeat(depth);
  return Object.entries(value)
    .map(([key, entry]) => `${indent}${key}:${isFilledMap(entry) ? `\n${block(entry, depth + 1)}` : ` ${JSON.stringify(entry)}\n`}`)
    .join('');
}

/** Lists inside stay in flow style: the lists of a job object are short. */
function isFilledMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}
