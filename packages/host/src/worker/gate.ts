/** Lets so many do something at a time, each with a buffer that is its own meanwhile; the others wait in their order. */
export type Gate = <T>(act: (buffer: Buffer) => Promise<T>) => Promise<T>;

/** Buffers are made when they are first needed, and used again: whatever passes, there are no more than that. */
export function createGate(places: number, bytes: number): Gate {
  const free: Buffer[] = [];
  let made = 0;
  const waiting: ((buffer: Buffer) => void)[] = [];
  const enter = (): Buffer | Promise<Buffer> => {
    const buffer = free.pop();
    if (buffer !== undefined) return buffer;
    if (made === places) return new Promise((resolve) => waiting.push(resolve));
    made += 1;
    return Buffer.allocUnsafeSlow(bytes);
  };
  return async (act) => {
    const buffer = await enter();
    try {
      return await act(buffer);
    } finally {
      const next = waiting.shift();
      if (next === undefined) free.push(buffer);
      else next(buffer);
    }
  };
}
