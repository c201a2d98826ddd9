/** Breaks this rule: the schema refuses what is wrong (plugin contract, section 3, Every job type; contract, exerciseJobType.invalid). */
import { defineCommandJobType, type SpecSchema } from '@nightshift/sdk';
import { type Planted, workProgram, type WorkSpec, workSubject } from './parts/work.ts';

const spec: SpecSchema<WorkSpec> = {
  '~standard': {
    version: 1,
    vendor: 'planted',
    validate: (value) => ({ value: { items: ['one', 'two', 'three'], ...(value as Partial<WorkSpec>) } as WorkSpec }),
  },
};

const type = defineCommandJobType({
  name: 'PlantedCommandSchemaAcceptsAll',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: spec,
  command: ({ spec }) => ({ argv: workProgram(spec) }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the schema refuses what is wrong', subject: workSubject(type) };
