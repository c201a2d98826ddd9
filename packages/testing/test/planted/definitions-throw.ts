/**
 * Breaks this rule: find answers with an empty list for a name that is not its own
 * (plugin contract, section 3, DefinitionSource; jobs specification, 18).
 */
import { defineCodeJobType, type DefinitionSource } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const definitions: DefinitionSource = {
  async find(name) {
    throw new Error(`there is no definition "${name}"`);
  },
  async *list() {},
};

const type = defineCodeJobType({
  name: 'PlantedDefinitionsThrow',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  definitions,
  prepare: async (context) => workRun(context),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'find answers with an empty list for a name that is not its own', subject: workSubject(type) };
