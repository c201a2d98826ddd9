/** Breaks this rule: the schema answers with a value and leaves the definition as it was (plugin contract, section 3, Every job type). */
import { defineCodeJobType, type SpecSchema } from '@nightshift/sdk';
import { type Planted, workIssues, workRun, type WorkSpec, workSubject } from './parts/work.ts';

const spec: SpecSchema<WorkSpec> = {
  '~standard': {
    version: 1,
    vendor: 'planted',
    validate(value) {
      const issues = workIssues(value);
      if (issues.length > 0) return { issues };
      const spec = value as { -readonly [Key in keyof WorkSpec]: WorkSpec[Key] };
      spec.items ??= ['one', 'two', 'three'];
      return { value: spec };
    },
  },
};

const type = defineCodeJobType({
  name: 'PlantedSchemaMutates',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec,
  prepare: async (context) => workRun(context),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the schema answers with a value and leaves the definition as it was', subject: workSubject(type) };
