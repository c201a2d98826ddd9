/** Breaks this rule: the schema answers with issues and does not throw (plugin contract, section 3, A spec schema's issue). */
import { defineCodeJobType, type SpecSchema } from '@nightshift/sdk';
import { type Planted, workIssues, workRun, workSpec, type WorkSpec, workSubject } from './parts/work.ts';

const spec: SpecSchema<WorkSpec> = {
  '~standard': {
    version: 1,
    vendor: 'planted',
    validate(value) {
      const [issue] = workIssues(value);
      if (issue !== undefined) throw new TypeError(issue.message);
      return workSpec['~standard'].validate(value);
    },
  },
};

const type = defineCodeJobType({
  name: 'PlantedSchemaThrows',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec,
  prepare: async (context) => workRun(context),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the schema answers with issues and does not throw', subject: workSubject(type) };
