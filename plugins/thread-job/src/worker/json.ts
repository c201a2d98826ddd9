/** Why a value was refused. */
export const JSON_REFUSED = 'it holds a function, a symbol, a bigint, or itself';

/** The value as JSON; undefined for what would not survive it. */
export function jsonOf(value: unknown): string | undefined {
  // Most records are texts.
  if (typeof value === 'string') return JSON.stringify(value);
  try {
    return JSON.stringify(value, refuse);
  } catch {
    return undefined;
  }
}

function refuse(_key: string, value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') throw new TypeError(JSON_REFUSED);
  return value;
}
