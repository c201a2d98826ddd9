/** Breaks this rule: disposal releases everything: no watcher of files keeps the process alive (plugin contract, section 3, JobRun). */
import { watch } from 'node:fs';
import { defineCodeJobType } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedLeakWatcher',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    watch(context.workingDirectory, () => undefined);
    return workRun(context);
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'disposal releases everything: no watcher of files keeps the process alive', subject: workSubject(type) };
