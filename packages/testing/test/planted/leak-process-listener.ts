/** Breaks this rule: disposal releases everything: no listener stays on the process of the host (plugin contract, section 3, JobRun). */
import { defineCodeJobType } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedLeakProcessListener',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    process.on('SIGHUP', () => undefined);
    return workRun(context);
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'disposal releases everything: no listener stays on the process of the host', subject: workSubject(type) };
