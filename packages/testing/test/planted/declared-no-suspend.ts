/** Breaks this rule: a declared capability is returned: suspend and resume with suspend (plugin contract, section 3, capabilities). */
import { defineCodeJobType, type JobRun } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedDeclaredNoSuspend',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: { suspend: true },
  spec: workSpec,
  async prepare(context) {
    return workRun(context) as JobRun<{ suspend: true }>;
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a declared capability is returned: suspend and resume with suspend', subject: workSubject(type) };
