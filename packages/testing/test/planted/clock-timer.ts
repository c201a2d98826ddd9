/** Breaks this rule: context.clock is the only clock: no timers of the process (plugin contract, section 3, JobContext.clock). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedClockTimer',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        do {
          await new Promise((resolve) => setTimeout(resolve, 200));
          if (signal.aborted) return stoppedBy(signal);
        } while (spec.task === 'wait');
        for (const item of spec.items) await streams.output.write({ item });
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'context.clock is the only clock: no timers of the process', subject: workSubject(type) };
