/** Breaks this rule: a run ends when its signal fires (plugin contract, section 3, JobContext.signal, and 4). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedSignalIgnored',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, clock }) {
    const released = new AbortController();
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        while (spec.task === 'wait' && !released.signal.aborted) await clock.sleep(1_000);
        for (const item of spec.items) await streams.output.write({ item });
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {
        released.abort();
      },
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a run ends when its signal fires', subject: workSubject(type) };
