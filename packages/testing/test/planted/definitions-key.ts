/** Breaks this rule: the key of a definition is its namespace and its name in lower case (plugin contract, section 3, Definition). */
import { defineCodeJobType, type Definition, type DefinitionSource } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const nightly: Definition = {
  key: 'planted/Nightly',
  name: 'Nightly',
  type: 'PlantedDefinitionsKey',
  location: 'planted:Nightly',
  spec: { task: 'finish' },
};

const definitions: DefinitionSource = {
  find: async (name) => (name.toLowerCase() === 'nightly' ? [nightly] : []),
  async *list() {
    yield nightly;
  },
};

const type = defineCodeJobType({
  name: 'PlantedDefinitionsKey',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  definitions,
  prepare: async (context) => workRun(context),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the key of a definition is its namespace and its name in lower case', subject: workSubject(type) };
