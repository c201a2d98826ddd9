/** Values of a foreign file, taken for what they should be; what is something else counts as absent. */

export type Values = Readonly<Record<string, unknown>>;

export function mapOf(value: unknown): Values | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : undefined;
}

/** A list as it is; a single value as a list of one. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

/** Text; a number or a boolean as it would be written. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function textsOf(value: unknown): readonly string[] {
  return listOf(value).flatMap((item) => textOf(item) ?? []);
}

/** A number of zero or more, also one in quotes. */
export function countOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,9}(?:\.\d+)?$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

/** The value at a path of keys. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => {
    const map = mapOf(inner);
    return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
  }, value);
}
