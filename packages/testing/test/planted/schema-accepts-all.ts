/** Breaks this rule: the schema refuses what is wrong (plugin contract, section 3, Every job type; contract, exerciseJobType.invalid). */
import { defineCodeJobType, type SpecSchema } from '@nightshift/sdk';
import { type Planted, workRun, type WorkSpec, workSubject } from './parts/work.ts';

const spec: SpecSchema<WorkSpec> = {
  '~standard': {
    version: 1,
    vendor: 'planted',
    validate(value) {
      const { task, items } = (value ?? {}) as Partial<WorkSpec>;
      return { value: { task: task ?? 'finish', items: Array.isArray(items) ? [...items] : ['one', 'two', 'three'] } };
    },
  },
};

const type = defineCodeJobType({
  name: 'PlantedSchemaAcceptsAll',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec,
  prepare: async (context) => workRun(context),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the schema refuses what is wrong', subject: workSubject(type) };
