/** Whether two values of maps, lists and scalars say the same: keys in any order, undefined ones as if they were not there. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((member, index) => sameValue(member, b[index]));
  const [left, right] = [entriesOf(a), entriesOf(b)];
  return left.size === right.size && [...left].every(([key, member]) => right.has(key) && sameValue(member, right.get(key)));
}

function entriesOf(map: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(map).filter(([, member]) => member !== undefined));
}
