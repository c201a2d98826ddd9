/** Whether a value comes back from JSON as it is. A member that is undefined may go, as the schemas of zod leave them. */
export function isFaithful(value: unknown, above: readonly unknown[] = []): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || above.includes(value)) return false;
  if (Array.isArray(value)) return value.every((member) => isFaithful(member, [...above, value]));
  return isPlain(value) && Object.values(value).every((member) => member === undefined || isFaithful(member, [...above, value]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
