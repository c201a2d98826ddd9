/**
 * Breaks this rule: a checkpoint is stored only when it resolves: it is awaited before the work goes on
 * (plugin contract, section 3, JobContext.checkpoint and restored).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedCheckpointUnawaited',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal, checkpoint, restored }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        const from = (restored as { readonly done: number } | undefined)?.done ?? 0;
        for (let done = from; done < spec.items.length; done++) {
          if (signal.aborted) return stoppedBy(signal);
          await streams.output.write({ item: spec.items[done] });
          void checkpoint({ done: done + 1 }).catch(() => undefined);
        }
        if (spec.task === 'wait') await whenStopped(signal);
        return signal.aborted ? stoppedBy(signal) : { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = {
  rule: 'a checkpoint is stored only when it resolves: it is awaited before the work goes on',
  subject: workSubject(type),
};
