/** Breaks this rule: the context is read-only (plugin contract, section 3, JobContext; contract, JobContext). */
import { defineCodeJobType } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedMutatesContext',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    Object.assign(context.environment, { LANG: 'C' });
    return workRun(context);
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the context is read-only', subject: workSubject(type) };
