/** Breaks this rule: a run of a type with reattach has a token (plugin contract, section 3, reattach; contract, ReattachableRun). */
import { defineCodeJobType, type JobRun } from '@nightshift/sdk';
import { detachedRun, newFolder } from './parts/detached.ts';
import { type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedTokenMissing',
  description: 'Runs a program that outlives its host.',
  runs: 'code',
  capabilities: { reattach: true },
  spec: workSpec,
  async prepare(context) {
    const { start, [Symbol.asyncDispose]: dispose } = detachedRun(context, await newFolder());
    return { start, [Symbol.asyncDispose]: dispose } as JobRun<{ reattach: true }>;
  },
  reattach: async (context, token) => detachedRun(context, token),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a run of a type with reattach has a token', subject: workSubject(type) };
