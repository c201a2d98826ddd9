/**
 * Breaks this rule: suspend resolves only when nothing moves any more, not while a page is still written
 * (plugin contract, section 3, suspend; contract, SuspendableRun).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { createGate } from './parts/gate.ts';
import { pause, type Planted, stoppedBy, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedSuspendEarly',
  description: 'Writes its items, page by page.',
  runs: 'code',
  capabilities: { suspend: true },
  spec: workSpec,
  async prepare({ spec, streams, signal, clock }) {
    const gate = createGate(signal);
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        do {
          await gate.step(async () => {
            for (const item of spec.items) {
              if (signal.aborted) return;
              await streams.output.write({ item });
              if (spec.task === 'wait') await pause(clock, 100, signal);
            }
          });
        } while (spec.task === 'wait' && !signal.aborted);
        return signal.aborted ? stoppedBy(signal) : { state: 'Completed' };
      },
      async suspend() {
        void gate.close();
      },
      async resume() {
        gate.open();
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = {
  rule: 'suspend resolves only when nothing moves any more, not while a page is still written',
  subject: workSubject(type),
};
