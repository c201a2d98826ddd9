/**
 * Breaks this rule: a run never sets its own state: an outcome is final, Suspended is the host's word
 * (plugin contract, section 3, JobOutcome; jobs specification, 2.2).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedOutcomeSuspended',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        if (spec.task === 'wait') await whenStopped(signal);
        // It could go on later from here.
        if (signal.aborted) return { state: 'Suspended', reason: String(signal.reason) } as unknown as JobOutcome;
        for (const item of spec.items) await streams.output.write({ item });
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = {
  rule: 'a run never sets its own state: an outcome is final, Suspended is the host\'s word',
  subject: workSubject(type),
};
