/** Breaks this rule: Failed carries an error (plugin contract, section 3, JobOutcome). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedOutcomeFailedNoError',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', exitCode: 3 } as unknown as JobOutcome;
        if (spec.task === 'wait') await whenStopped(signal);
        if (signal.aborted) return stoppedBy(signal);
        for (const item of spec.items) await streams.output.write({ item });
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'Failed carries an error', subject: workSubject(type) };
