/**
 * Breaks this rule: disposal releases everything: a program that the run started does not outlive it
 * (plugin contract, section 3, JobRun).
 */
import { spawn } from 'node:child_process';
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedLeakProgram',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        if (!context.signal.aborted) spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 120_000)'], { stdio: 'ignore' });
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = {
  rule: 'disposal releases everything: a program that the run started does not outlive it',
  subject: workSubject(type),
};
