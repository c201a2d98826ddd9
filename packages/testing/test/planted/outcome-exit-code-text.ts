/** Breaks this rule: the exit code of an outcome is a number (plugin contract, section 3, JobOutcome). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedOutcomeExitCodeText',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken'), exitCode: '3' } as unknown as JobOutcome;
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
export const fault: Planted = { rule: 'the exit code of an outcome is a number', subject: workSubject(type) };
