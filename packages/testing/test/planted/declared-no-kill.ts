/** Breaks this rule: a declared capability is returned: kill with kill (plugin contract, section 3, capabilities). */
import { defineCodeJobType, type JobRun } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedDeclaredNoKill',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: { kill: true },
  spec: workSpec,
  async prepare(context) {
    return workRun(context) as JobRun<{ kill: true }>;
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a declared capability is returned: kill with kill', subject: workSubject(type) };
