/** The only file of the kits that waits for real time: where a job type may use processes and threads, nothing else passes. */

// As they are before a test puts others in their place.
const { setTimeout, clearTimeout } = globalThis;

/** Resolves after so many milliseconds of real time. `keepsAlive`: whether the process waits for it. Default true. */
export function pause(milliseconds: number, { keepsAlive = true }: { readonly keepsAlive?: boolean } = {}): Promise<void> & Disposable {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  if (!keepsAlive) timer.unref();
  return Object.assign(promise, { [Symbol.dispose]: () => clearTimeout(timer) });
}

/** What has not come after so many milliseconds of real time. */
export const LATE: unique symbol = Symbol('late');

/** What `promise` settles with, or `LATE`. */
export async function within<T>(milliseconds: number, promise: PromiseLike<T>): Promise<T | typeof LATE> {
  using deadline = pause(milliseconds);
  return await Promise.race([promise, deadline.then((): typeof LATE => LATE)]);
}

/** Looks again and again until `look` is true; false when it was not within so many milliseconds. */
export async function eventually(milliseconds: number, look: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (!(await look())) {
    if (performance.now() >= end) return false;
    await pause(Math.min(5, milliseconds));
  }
  return true;
}

/** Everything that can go on without time going by has gone on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => void setImmediate(resolve));
}
