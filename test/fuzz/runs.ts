// How much is tried, and from where: the same in every run unless somebody asks for another seed or for more.
//   SEED=7 RUNS=10 npx vitest run --config test/vitest.config.ts test/fuzz       ten times as much, from another seed
// A failure prints its seed and the smallest input that still fails.

import type { Parameters } from 'fast-check';
import { expect } from 'vitest';

const SEED = Number(process.env['SEED'] ?? 20_261_122);
const TIMES = Number(process.env['RUNS'] ?? 1);

/** Milliseconds for one test: several times what it takes on a machine that has other work as well. */
export const DEADLINE = 180_000 * Math.max(1, TIMES);

export function runs<T>(count: number): Parameters<T> {
  return { seed: SEED, numRuns: Math.ceil(count * TIMES) };
}

/** Processor time, so that a machine that has other work does not matter. */
const LONGEST = 1_000_000;

/** What `act` answers; fails when it computes for longer than a second. */
export async function withinASecond<T>(act: () => T | Promise<T>): Promise<T> {
  const begin = process.cpuUsage();
  const answer = await act();
  const { user, system } = process.cpuUsage(begin);
  expect(user + system, 'microseconds of processor time').toBeLessThan(LONGEST);
  return answer;
}
