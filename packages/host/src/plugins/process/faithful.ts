/**
 * Where a value would not come back from JSON as it is, and what stands there; undefined: nowhere. A member that is undefined
 * may go, as the schemas of zod leave them. Throws nothing, whatever the value does.
 */
export function unfaithful(value: unknown, path: readonly string[] = [], above: readonly unknown[] = []): { readonly path: readonly string[]; readonly kind: string } | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { path, kind: String(value) };
  if (typeof value !== 'object') return { path, kind: typeof value === 'undefined' ? 'undefined' : `a ${typeof value}` };
  if (above.includes(value)) return { path, kind: 'itself again' };
  if (!Array.isArray(value) && !isPlain(value)) return { path, kind: `a ${value.constructor?.name ?? 'value of a class'}` };
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined && !Array.isArray(value)) continue;
    const fault = unfaithful(member, [...path, key], [...above, value]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
