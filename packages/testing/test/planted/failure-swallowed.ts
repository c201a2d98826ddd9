/**
 * Breaks this rule: an error record fails nothing: a failure is a Failed outcome or a rejection
 * (plugin contract, section 3, Streams and JobOutcome).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedFailureSwallowed',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        try {
          if (spec.task === 'break') throw new Error('the task is broken');
          if (spec.task === 'wait') await whenStopped(signal);
          if (signal.aborted) return stoppedBy(signal);
          for (const item of spec.items) await streams.output.write({ item });
        } catch (error) {
          await streams.error.write({ message: (error as Error).message });
        }
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'an error record fails nothing: a failure is a Failed outcome or a rejection', subject: workSubject(type) };
