/**
 * Breaks this rule: work goes on after the last checkpoint: restored is what was stored
 * (jobs specification, 14.5; plugin contract, section 3, JobContext.checkpoint and restored).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedRestoredIgnored',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal, checkpoint }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        for (let done = 0; done < spec.items.length; done++) {
          if (signal.aborted) return stoppedBy(signal);
          await streams.output.write({ item: spec.items[done] });
          await checkpoint({ done: done + 1 });
        }
        if (spec.task === 'wait') await whenStopped(signal);
        return signal.aborted ? stoppedBy(signal) : { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'work goes on after the last checkpoint: restored is what was stored', subject: workSubject(type) };
