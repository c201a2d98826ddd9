/** Breaks this rule: a run ends within the grace period after its signal (plugin contract, section 4). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedSignalPolledRarely',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal, clock }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        while (spec.task === 'wait' && !signal.aborted) await clock.sleep(60_000);
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
export const fault: Planted = { rule: 'a run ends within the grace period after its signal', subject: workSubject(type) };
