import { describe, expect, test } from 'vitest';
import { firstFailure } from './first-failure.ts';
import { PLANTED, SOUND } from './planted.ts';

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
