/** Breaks this rule: Stopped carries a reason (plugin contract, section 3, JobOutcome). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedOutcomeStoppedNoReason',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        if (spec.task === 'wait') await whenStopped(signal);
        if (signal.aborted) return { state: 'Stopped' } as unknown as JobOutcome;
        for (const item of spec.items) await streams.output.write({ item });
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'Stopped carries a reason', subject: workSubject(type) };
