/**
 * Breaks this rule: a graceful stop ends Stopped; a rejection of start is Failed
 * (plugin contract, section 3, JobRun and JobContext.signal).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedStopRejects',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal, clock }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        while (spec.task === 'wait') await clock.sleep(1_000, signal);
        if (signal.aborted) return stoppedBy(signal);
        for (const item of spec.items) await streams.output.write({ item });
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a graceful stop ends Stopped; a rejection of start is Failed', subject: workSubject(type) };
