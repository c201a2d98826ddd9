/** Breaks this rule: a type runs command, code or delegate (plugin contract, section 3, Every job type). */
import { defineCodeJobType } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedRunsUnknown',
  description: 'Writes its items.',
  runs: 'script' as unknown as 'code',
  capabilities: {},
  spec: workSpec,
  prepare: async (context) => workRun(context),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a type runs command, code or delegate', subject: workSubject(type) };
