/** Breaks this rule: the description of a type is one sentence (plugin contract, section 3, Every job type). */
import { defineCodeJobType } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedDescriptionEmpty',
  description: '',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  prepare: async (context) => workRun(context),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the description of a type is one sentence', subject: workSubject(type) };
