/** Breaks this rule: context.clock is the only clock: no Date of the process (plugin contract, section 3, JobContext.clock). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedClockDate',
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
          if (signal.aborted) return stoppedBy(signal);
          await streams.output.write({ item, at: new Date().toISOString() });
        }
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'context.clock is the only clock: no Date of the process', subject: workSubject(type) };
