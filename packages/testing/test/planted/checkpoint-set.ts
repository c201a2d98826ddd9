/** Breaks this rule: a checkpoint is a JSON value (plugin contract, section 3, JobContext.checkpoint and restored). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedCheckpointSet',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal, checkpoint, restored }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        const done = new Set((restored as { readonly done: Iterable<string> } | undefined)?.done);
        for (const item of spec.items) {
          if (signal.aborted) return stoppedBy(signal);
          if (done.has(item)) continue;
          await streams.output.write({ item });
          await checkpoint({ done: done.add(item) });
        }
        if (spec.task === 'wait') await whenStopped(signal);
        return signal.aborted ? stoppedBy(signal) : { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a checkpoint is a JSON value', subject: workSubject(type) };
