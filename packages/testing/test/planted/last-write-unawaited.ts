/** Breaks this rule: a write is awaited before start settles: later records are refused (plugin contract, section 4). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedLastWriteUnawaited',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        if (spec.task === 'wait') await whenStopped(signal);
        for (const item of spec.items) {
          if (signal.aborted) return stoppedBy(signal);
          await streams.output.write({ item });
        }
        void streams.output.write({ total: spec.items.length }).catch(() => undefined);
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a write is awaited before start settles: later records are refused', subject: workSubject(type) };
