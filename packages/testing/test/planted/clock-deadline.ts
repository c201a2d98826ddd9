/** Breaks this rule: context.clock is the only clock: Date.now says nothing about it (plugin contract, section 3, JobContext.clock). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { pause, type Planted, stoppedBy, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedClockDeadline',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal, clock }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        const until = Date.now() + (spec.task === 'wait' ? 86_400_000 : 100);
        while (Date.now() < until && !signal.aborted) await pause(clock, 20, signal);
        if (signal.aborted) return stoppedBy(signal);
        for (const item of spec.items) await streams.output.write({ item });
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'context.clock is the only clock: Date.now says nothing about it', subject: workSubject(type) };
