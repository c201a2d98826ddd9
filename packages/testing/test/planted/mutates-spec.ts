/** Breaks this rule: the spec is read-only (plugin contract, section 3, JobContext.spec; contract, JobContext). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedMutatesSpec',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        if (spec.task === 'wait') await whenStopped(signal);
        const queue = spec.items as string[];
        for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
          if (signal.aborted) return stoppedBy(signal);
          await streams.output.write({ item });
        }
        return signal.aborted ? stoppedBy(signal) : { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the spec is read-only', subject: workSubject(type) };
