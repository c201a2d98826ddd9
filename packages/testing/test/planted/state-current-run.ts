/**
 * Breaks this rule: a type is stateless: what belongs to an instance lives in its run
 * (plugin contract, section 3; contract, JobTypeFacts).
 */
import { defineCodeJobType, type JobContext } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, type WorkSpec, workSubject } from './parts/work.ts';

let current: JobContext<WorkSpec>;

const type = defineCodeJobType({
  name: 'PlantedStateCurrentRun',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    current = context;
    return {
      start: () => doWork(current),
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a type is stateless: what belongs to an instance lives in its run', subject: workSubject(type) };
