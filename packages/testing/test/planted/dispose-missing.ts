/** Breaks this rule: a run has [Symbol.asyncDispose] (plugin contract, section 3, JobRun). */
import { defineCodeJobType, type JobRun } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedDisposeMissing',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return { start: () => doWork(context) } as unknown as JobRun;
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a run has [Symbol.asyncDispose]', subject: workSubject(type) };
