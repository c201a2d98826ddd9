/** Breaks this rule: a stop that came before start is obeyed (plugin contract, section 4 and 5 (stop before start)). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedSignalMissedBeforeStart',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        // An event that has been is not heard.
        if (spec.task === 'wait') await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
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
export const fault: Planted = { rule: 'a stop that came before start is obeyed', subject: workSubject(type) };
