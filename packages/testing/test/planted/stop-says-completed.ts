/** Breaks this rule: a run that was stopped does not end Completed (jobs specification, 2.3, Stopping; plugin contract, section 4). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedStopSaysCompleted',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        if (spec.task === 'wait') await whenStopped(signal);
        for (const item of spec.items) {
          if (signal.aborted) break;
          await streams.output.write({ item });
        }
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a run that was stopped does not end Completed', subject: workSubject(type) };
