/**
 * Breaks this rule: process.env is the host's: a run takes its variables from the context
 * (plugin contract, section 3, JobContext.environment; contract, JobContext).
 */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedHostEnvironment',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      start() {
        process.env['PLANTED_JOB'] = context.instance.name;
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'process.env is the host\'s: a run takes its variables from the context', subject: workSubject(type) };
