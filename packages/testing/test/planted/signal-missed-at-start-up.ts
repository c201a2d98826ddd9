/**
 * Breaks this rule: a stop that comes while start is still connecting is obeyed
 * (plugin contract, section 4 and 5 (stop during start)).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedSignalMissedAtStartUp',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal, clock }) {
    return {
      async start(): Promise<JobOutcome> {
        if (signal.aborted) return stoppedBy(signal);
        // A connection is made: nobody listens to the signal meanwhile.
        await clock.sleep(200);
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        if (spec.task === 'wait') {
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          return stoppedBy(signal);
        }
        for (const item of spec.items) {
          if (signal.aborted) return stoppedBy(signal);
          await streams.output.write({ item });
        }
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a stop that comes while start is still connecting is obeyed', subject: workSubject(type) };
