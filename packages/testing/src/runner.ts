import { AssertionError } from 'node:assert';

/** The functions of a test runner that the kits need: vitest, node:test and jest fit. The kits import none. */
export interface TestRunner {
  describe(title: string, body: () => void): void;
  test(title: string, body: () => Promise<void>): void;
  /** Lists what does not apply. Default: a passing test whose title says "skipped". */
  skip?(title: string): void;
}

/** One thing that must be true, as a sentence, and how it is found out. */
export interface Property<Bench> {
  readonly title: string;
  check(bench: Bench): Promise<void> | void;
}

/** Lists a property that is not put to the test, and why. */
export function skip(runner: TestRunner, title: string): void {
  if (runner.skip === undefined) runner.test(`${title} (skipped)`, async () => {});
  else runner.skip(title);
}

/** Fails a test, saying what is wrong and what its author is to do about it. */
export function must(condition: boolean, wrong: string, todo: string): asserts condition {
  if (!condition) throw wrongly(wrong, todo);
}

export function wrongly(wrong: string, todo: string): AssertionError {
  return new AssertionError({ message: `${wrong}. ${todo}.`, stackStartFn: must });
}

/** A value in a sentence, cut to what a reader takes in. */
export function shown(value: unknown, length = 120): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : value instanceof Error ? `${value.name}: ${value.message}` : (jsonOf(value) ?? String(value));
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
