/**
 * Breaks this rule: the code of an issue is a PascalCase text
 * (plugin contract, section 3, A spec schema's issue; jobs specification, 19).
 */
import { defineCodeJobType, type SpecIssue, type SpecSchema } from '@nightshift/sdk';
import { type Planted, workIssues, workRun, workSpec, type WorkSpec, workSubject } from './parts/work.ts';

const spec: SpecSchema<WorkSpec> = {
  '~standard': {
    version: 1,
    vendor: 'planted',
    validate(value) {
      const issues = workIssues(value);
      if (issues.length > 0) return { issues: issues.map((issue, index) => ({ ...issue, code: index + 100 })) as unknown as readonly SpecIssue[] };
      return workSpec['~standard'].validate(value);
    },
  },
};

const type = defineCodeJobType({
  name: 'PlantedSchemaCodeNotText',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec,
  prepare: async (context) => workRun(context),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the code of an issue is a PascalCase text', subject: workSubject(type) };
