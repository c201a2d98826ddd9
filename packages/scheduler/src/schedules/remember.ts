const MOST_KEPT = 1_000;

/**
 * Makes each thing once, and gives it again for the same key: of a hundred thousand triggers most say one of a few dozen
 * things. What is made must depend on the key alone. Everything is forgotten when there is too much of it.
 */
export function remember<T>(): (key: string, make: () => T) => T {
  const made = new Map<string, T>();
  return (key, make) => {
    let one = made.get(key);
    if (one === undefined) {
      if (made.size >= MOST_KEPT) made.clear();
      one = make();
      made.set(key, one);
    }
    return one;
  };
}
