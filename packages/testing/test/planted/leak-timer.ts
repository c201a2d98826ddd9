/** Breaks this rule: disposal releases everything: no timer keeps the process alive (plugin contract, section 3, JobRun). */
import { defineCodeJobType } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedLeakTimer',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    // A watchdog: it only matters where the clock of the host stands still.
    setTimeout(() => undefined, 600_000);
    return workRun(context);
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'disposal releases everything: no timer keeps the process alive', subject: workSubject(type) };
