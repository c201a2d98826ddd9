/** Breaks this rule: the aliases of a type follow the rule of definitions (plugin contract, section 3, Every job type). */
import { defineCodeJobType } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedAliasPath',
  aliases: ['planted/alias'],
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  prepare: async (context) => workRun(context),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the aliases of a type follow the rule of definitions', subject: workSubject(type) };
