/**
 * Breaks this rule: the schema gives the defaults, for the run gets a spec that is validated and defaulted
 * (plugin contract, section 3, Every job type and JobContext.spec).
 */
import { defineCodeJobType, type SpecSchema } from '@nightshift/sdk';
import { type Planted, workIssues, workRun, type WorkSpec, workSubject } from './parts/work.ts';

const spec: SpecSchema<WorkSpec> = {
  '~standard': {
    version: 1,
    vendor: 'planted',
    validate(value) {
      const issues = workIssues(value);
      return issues.length > 0 ? { issues } : { value: { ...(value as WorkSpec) } };
    },
  },
};

const type = defineCodeJobType({
  name: 'PlantedSchemaNoDefaults',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec,
  prepare: async (context) => workRun(context),
});

/** The fault and how to exercise it. */
export const fault: Planted = {
  rule: 'the schema gives the defaults, for the run gets a spec that is validated and defaulted',
  subject: workSubject(type),
};
