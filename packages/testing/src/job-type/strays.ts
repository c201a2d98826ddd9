/** Failures that nobody waited for: the test runner would blame whichever test runs just then. */

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const;

/** Somebody has called process.exit(): everything else in the process would have ended with it. */
export class ExitCalled extends Error {}

/** Does something, and tells what failed meanwhile without anybody waiting for it; nobody ends the process. */
export async function withStrays<T>(act: () => Promise<T>): Promise<{ readonly result: T; readonly strays: readonly unknown[] }> {
  const strays: unknown[] = [];
  const collect = (thrown: unknown): void => void strays.push(thrown);
  const others = EVENTS.map((event) => [event, process.listeners(event as 'unhandledRejection')] as const);
  for (const event of EVENTS) process.removeAllListeners(event).on(event, collect);
  const { exit } = process;
  process.exit = (code): never => {
    const called = new ExitCalled(`process.exit(${code ?? ''}) was called`);
    strays.push(called);
    throw called;
  };
  try {
    const result = await act();
    // Node looks for them at the end of a turn.
    for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => void setImmediate(resolve));
    return { result, strays };
  } finally {
    process.exit = exit;
    for (const [event, listeners] of others) {
      process.removeListener(event, collect);
      for (const listener of listeners) process.on(event, listener);
    }
  }
}
