import { describe, expect, test } from 'vitest';
import { exerciseJobType, type JobTypeSubject, type TestRunner } from '../src/index.ts';
import { PLANTED, SOUND } from './planted.ts';

interface Verdict {
  readonly title: string;
  readonly message: string;
}

/** Every test of the kit, one after the other, up to the first that fails; those that should come first. */
async function firstFailure(subject: JobTypeSubject, expected = /^/): Promise<Verdict | undefined> {
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

const survivors: string[] = [];

describe('a plugin with a fault', () => {
  test.each(PLANTED)('that $fault is found out', async ({ fault, found, subject }) => {
    const verdict = await firstFailure(subject, new RegExp(found));
    if (verdict === undefined) return void survivors.push(fault);
    expect(verdict.title).toMatch(new RegExp(found));
    // What is wrong, and what its author is to do.
    expect(verdict.message.split('. ').length, verdict.message).toBeGreaterThan(1);
  });

  test('survives the kit at most once', () => {
    expect(PLANTED.length).toBeGreaterThanOrEqual(20);
    console.info(`${survivors.length} of ${PLANTED.length} planted faults survived${survivors.length === 0 ? '' : `: ${survivors.join(', ')}`}`);
    expect(survivors.length, `${survivors.length} of ${PLANTED.length} survived: ${survivors.join(', ')}`).toBeLessThanOrEqual(1);
  });
});

describe('a plugin without a fault', () => {
  test.each(SOUND.map((subject, index) => [index, subject] as const))('passes (%i)', async (_index, subject) => {
    expect(await firstFailure(subject)).toBeUndefined();
  });
});
