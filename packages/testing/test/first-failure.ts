import { exerciseJobType, type JobTypeSubject, type TestRunner } from '../src/index.ts';

/** What a fault was found by. */
export interface Verdict {
  readonly title: string;
  readonly message: string;
}

/** Every test of the kit, one after the other, up to the first that fails; those that should come first. */
export async function firstFailure(subject: JobTypeSubject, expected = /^/): Promise<Verdict | undefined> {
  const tests: { readonly title: string; readonly body: () => Promise<void> }[] = [];
  const collect: TestRunner = { describe: (_title, body) => body(), test: (title, body) => void tests.push({ title, body }), skip: () => {} };
  exerciseJobType(collect, subject);
  for (const { title, body } of tests.toSorted((a, b) => Number(expected.test(b.title)) - Number(expected.test(a.title)))) {
    try {
      await body();
    } catch (cause) {
      return { title, message: (cause as Error).message };
    }
  }
  return undefined;
}
