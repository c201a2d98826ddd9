import type { Firing, InstanceQuery } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { jobsOfFirings } from '../src/answers/outcomes.ts';
import type { Desk } from '../src/desk.ts';

test('the run of a due time that was missed a year ago is looked for among the newest jobs of its definition, not among all since', async () => {
  const asked: InstanceQuery[] = [];
  const desk = { survey: { clock: { now: () => new Date('2027-03-01T00:00:00Z') }, jobs: { find: async (query: InstanceQuery) => (asked.push(query), []) } } } as unknown as Desk;
  const missed = (definition: string): Firing => ({ definition, triggerId: 1, dueAt: new Date('2026-03-01T00:00:00Z'), lastDueAt: new Date('2026-03-01T00:00:00Z'), count: 1, decidedAt: new Date('2026-03-02T00:00:00Z'), word: 'Skipped', reason: 'misfire' });
  await jobsOfFirings(desk, [missed('shop/nightly'), missed('shop/hourly')]);
  expect(asked.map(({ definitionKeys }) => definitionKeys)).toEqual([['shop/nightly', 'shop/hourly'], ['shop/nightly'], ['shop/hourly']]);
  expect(asked.map(({ last }) => last)).toEqual([1_000, 500, 500]);
});
