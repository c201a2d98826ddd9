/**
 * The results of `act` in the order of the items, with up to `width` of them under way at once: while one waits for its file,
 * others go on. Whoever stops asking stops it; what is under way then comes to its end by itself.
 */
export async function* inOrder<T, R>(items: Iterable<T>, width: number, act: (item: T) => Promise<R>): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  for (const item of items) {
    const result = act(item);
    // A failure is met when its turn comes; nobody else may take it for one that nobody looks at.
    result.catch(() => undefined);
    underWay.push(result);
    if (underWay.length >= width) yield underWay.shift() as Promise<R>;
  }
  for (const result of underWay) yield result;
}
